import { ArtifactId, DatasetId, RunId, SweepId, TrainerId, partsOfRunId, type Route } from "@basin/contracts";
import { ScopesRepository, type Scope } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { seenProject, type Asker } from "../http/asker";
import { ForbiddenError, NotFoundError } from "../http/request-errors";

/** Where a sweep belongs never changes, except its pool. */
const mostRemembered = 20_000;

/** What the parts of paths name. What is not written like an id is left to its handler, which says so. */
interface Named {
  sweep?: unknown;
  run?: unknown;
  artifact?: unknown;
  dataset?: unknown;
  worker?: unknown;
}

/**
 * Who sees what: an admin everything, others what is of their project, a trainer's token what is of its pool. What somebody does not see does
 * not exist for them.
 */
@Injectable()
export class Reach {
  readonly #sweeps = new Map<SweepId, Omit<Scope, "pool">>();

  constructor(@Inject(ScopesRepository) private readonly scopes: ScopesRepository) {}

  /** Of what the path of a request names. Throws NotFoundError, or ForbiddenError for what the asker sees and may not steer. */
  async check(route: Route, params: unknown, asker: Asker): Promise<void> {
    if (asker.role === "admin") return;
    const { sweep, run, artifact, dataset, worker } = params as Named;
    // A member may train what is their own.
    const steers = route.steers === true || (route.role === "trainer" && asker.role !== "trainer");
    const ids: [what: string, id: string, scope: Scope | null][] = [];
    const sweepName = SweepId.safeParse(sweep);
    if (sweepName.success) ids.push(["sweep", sweepName.data, await this.#sweep(sweepName.data, asker)]);
    const runName = RunId.safeParse(run);
    if (runName.success) ids.push(["run", runName.data, await this.#sweep(partsOfRunId(runName.data).sweep, asker)]);
    const artifactName = ArtifactId.safeParse(artifact);
    if (artifactName.success) ids.push(["artifact", artifactName.data, await this.#artifact(artifactName.data, asker)]);
    const datasetName = DatasetId.safeParse(dataset);
    if (datasetName.success) ids.push(["dataset", datasetName.data, await this.#dataset(datasetName.data, asker)]);
    for (const [what, id, scope] of ids) {
      if (scope === null || !sees(asker, scope)) throw new NotFoundError(what, id);
      if (steers && asker.role !== "trainer" && scope.owner !== asker.name)
        throw new ForbiddenError(`${what} ${id} is ${scope.owner}'s: only they and admins may do this`);
    }
    const workerName = TrainerId.safeParse(worker);
    if (workerName.success) await this.#checkWorker(workerName.data, asker);
  }

  async seesSweep(id: SweepId, asker: Asker): Promise<boolean> {
    if (asker.role === "admin") return true;
    const scope = await this.#sweep(id, asker);
    return scope !== null && sees(asker, scope);
  }

  /** Throws NotFoundError. */
  async checkSweep(id: SweepId, asker: Asker): Promise<void> {
    if (!(await this.seesSweep(id, asker))) throw new NotFoundError("sweep", id);
  }

  /** Whether a version of an experiment from outside, or the whole of it, is the asker's to see; one of Basin's own is. */
  async seesExperiment(experiment: string, asker: Asker): Promise<boolean> {
    const project = seenProject(asker);
    if (project === null) return true;
    const scope = await this.scopes.experiment(experiment.split("@")[0] ?? "");
    return scope === null || scope.project === project;
  }

  async #sweep(id: SweepId, asker: Asker): Promise<Scope | null> {
    const known = this.#sweeps.get(id);
    if (known && asker.role !== "trainer") return { ...known, pool: null };
    const scope = await this.scopes.sweep(id);
    if (scope) {
      if (this.#sweeps.size >= mostRemembered) this.#sweeps.clear();
      this.#sweeps.set(id, { project: scope.project, owner: scope.owner });
    }
    return scope;
  }

  async #artifact(id: ArtifactId, asker: Asker): Promise<Scope | null> {
    const run = RunId.safeParse(await this.scopes.runOf(id));
    return run.success ? this.#sweep(partsOfRunId(run.data).sweep, asker) : null;
  }

  /** In the asker's project: whoever else has the file. */
  async #dataset(id: DatasetId, asker: Asker): Promise<Scope | null> {
    return (await this.scopes.dataset(id)).find(({ project }) => project === asker.project) ?? null;
  }

  /** A worker answers to the token that it registered with; a trainer of Basin's own to none. */
  async #checkWorker(id: TrainerId, asker: Asker): Promise<void> {
    const worker = await this.scopes.worker(id);
    if (worker && worker.token !== asker.token) throw new NotFoundError("worker of this token", id);
  }
}

function sees(asker: Asker, { project, pool }: Scope): boolean {
  if (asker.role === "trainer") return (asker.project === null || asker.project === project) && asker.pool === pool;
  return asker.project === project;
}
