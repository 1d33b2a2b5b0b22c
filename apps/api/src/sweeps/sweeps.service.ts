import {
  SweepRequest,
  issuesOf,
  type AnswerOf,
  type BuildId,
  type QueryOf,
  type ExtendSweep,
  type BodyOf,
  type Sweep,
  type SweepId,
  type SweepPatch,
  type SweepPreview,
} from "@basin/contracts";
import {
  Database,
  listSweeps,
  readSweep,
  readSweepFacets,
  sweepOrder,
  TrainersRepository,
  type KeyedRequest,
  type LiveTrainer,
  type Queryable,
  type StoredSweep,
} from "@basin/database";
import { plannedRuns, waitingFor } from "@basin/domain";
import { Inject, Injectable } from "@nestjs/common";
import { takersOf } from "../scheduler/takers";
import { ExperimentVersions } from "../experiments/experiment-versions.service";
import { SweepCommands, type SweepPlan } from "../scheduler/sweep-commands";
import { cursorParts, decodeCursor, encodeCursor } from "../http/cursor";
import { InputError, NotFoundError } from "../http/request-errors";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { AnsweredOnce, type Keep } from "./answered-once";
import { ownProject, seenProject, type Asker } from "../http/asker";
import { ProjectsService } from "../projects/projects.service";
import { Reach } from "../tokens/reach.service";
import { shapesOfDatasets } from "../datasets/dataset-shapes";
import { DataChecks } from "./data-checks";
import { withDatasetIds } from "./dataset-names";
import { MemoryChecks } from "./memory-checks";
import { checkStartWeights, withStarts } from "./start-weights";
import { raceRuns } from "./race-seeds";
import { earlierTrials } from "./warm-start";
import { planSweep, poolWarnings, sampleConfigurations, sweepWarnings } from "./sweep-plan";

const sampleSize = 20;

@Injectable()
export class SweepsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepCommands) private readonly commands: SweepCommands,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(DataChecks) private readonly data: DataChecks,
    @Inject(MemoryChecks) private readonly memory: MemoryChecks,
    @Inject(AnsweredOnce) private readonly once: AnsweredOnce,
    @Inject(ExperimentVersions) private readonly versions: ExperimentVersions,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(ProjectsService) private readonly projects: ProjectsService,
  ) {}

  /** The list of seeds, which can be long, only when asked. Throws NotFoundError. */
  async get(id: SweepId, options = { seeds: false }, connection: Queryable = this.database): Promise<Sweep> {
    const [sweep, trainers] = await Promise.all([readSweep(connection, id, options), this.trainers.live(this.env.leaseSeconds)]);
    if (!sweep) throw new NotFoundError("sweep", id);
    return withWaiting(sweep, trainers);
  }

  async list(query: QueryOf<"listSweeps">, asker: Asker): Promise<AnswerOf<"listSweeps">> {
    const label = `sweeps ${query.sort}`;
    const key = decodeCursor(query.cursor, label, [cursorParts[sweepOrder(query.sort).type], "text"]);
    const after = key ? ([key[0] ?? "", String(key[1])] as const) : null;
    const [page, trainers] = await Promise.all([
      listSweeps(this.database, {
        filter: { ...query, project: seenProject(asker) },
        sort: query.sort,
        after,
        limit: query.limit,
      }),
      this.trainers.live(this.env.leaseSeconds),
    ]);
    return {
      items: page.items.map((sweep) => withWaiting(sweep, trainers)),
      next: page.next && encodeCursor(label, page.next),
      total: page.total,
    };
  }

  /** Throws InputError. What the asker does not see is not there for the sweep either. */
  async #plan(asked: SweepRequest, asker: Asker): Promise<SweepPlan> {
    const request = { ...asked, pool: asked.pool ?? (await this.projects.poolFor(asker)) };
    await this.versions.know(request.experiment);
    const project = seenProject(asker);
    const sees = (experiment: string): boolean => this.versions.isSeenIn(project, experiment);
    const seesSweep = (sweep: SweepId): Promise<boolean> => this.reach.seesSweep(sweep, asker);
    const named = sees(request.experiment)
      ? await withStarts(this.database, await withDatasetIds(this.database, request, project), seesSweep)
      : request;
    const plan = planSweep(named, sees);
    await this.data.checkThere(plan, project);
    await checkStartWeights(this.database, plan);
    return { ...plan, earlier: await earlierTrials(this.database, plan, seesSweep) };
  }

  async preview(request: SweepRequest, asker: Asker): Promise<SweepPreview> {
    const plan = await this.#plan(request, asker);
    await this.memory.check(plan);
    const [ofData, datasets, trainers] = await Promise.all([
      this.data.check(plan),
      shapesOfDatasets(this.database, plan.definition, plan.spec.space),
      this.trainers.live(this.env.leaseSeconds),
    ]);
    const race = raceRuns(plan);
    return {
      trials: plan.trials,
      runs: plannedRuns(race?.most ?? (plan.trials === null ? null : plan.trials * plan.seeds.length), plan.spec.budget),
      race,
      explanation: plan.search.algorithm.explain?.(plan.search.input) ?? null,
      seeds: plan.seeds.length,
      sample: sampleConfigurations(plan, sampleSize),
      objective: plan.objective,
      warnings: [...sweepWarnings(plan, datasets), ...poolWarnings(plan.spec, trainers), ...ofData],
    };
  }

  create(request: SweepRequest, asker: Asker, keyed: KeyedRequest | null = null): Promise<Sweep> {
    return this.once.answer(keyed, (keep) => this.#create(request, { asker }, keep));
  }

  async #create(request: SweepRequest, options: { asker: Asker; clonedFrom?: SweepId }, keep: Keep | null): Promise<Sweep> {
    const { asker, ...origin } = options;
    await this.projects.checkRoom(ownProject(asker));
    const plan = await this.#plan(request, asker);
    await this.memory.check(plan);
    await this.data.check(plan);
    const trainers = await this.trainers.live(this.env.leaseSeconds);
    const settle = keep && ((connection: Queryable, made: StoredSweep) => keep(connection, withWaiting(made, trainers)));
    return withWaiting(
      await this.commands.create(plan, { ...origin, owner: asker.name, project: ownProject(asker) }, settle ?? undefined),
      trainers,
    );
  }

  /** The stored spec with some fields replaced, checked like a new one. Paths of what is wrong are those of the new spec. */
  clone(id: SweepId, changes: Record<string, unknown>, asker: Asker, keyed: KeyedRequest | null = null): Promise<Sweep> {
    return this.once.answer(keyed, (keep) => this.#clone(id, changes, asker, keep));
  }

  async #clone(id: SweepId, changes: Record<string, unknown>, asker: Asker, keep: Keep | null): Promise<Sweep> {
    const { spec } = await this.get(id);
    const parsed = SweepRequest.safeParse({ ...spec, ...changes });
    if (!parsed.success)
      throw new InputError(issuesOf(parsed.error).map((issue) => ({ ...issue, path: `changes.${issue.path}` })));
    try {
      return await this.#create(parsed.data, { asker, clonedFrom: id }, keep);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.issues.map((issue) => ({ ...issue, path: `changes.${issue.path}` })));
    }
  }

  /** Does something to a sweep that exists and returns what has become of it. */
  async command(id: SweepId, name: "pause" | "resume" | "cancel" | "retryFailed" | "remove" | "restore"): Promise<Sweep> {
    if (!(await this.commands[name](id))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }

  async archive(id: SweepId, on: boolean): Promise<Sweep> {
    if (!(await this.commands.archive(id, on))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }

  async continueOn(id: SweepId, build: BuildId | undefined): Promise<Sweep> {
    await this.#checkRoom(id);
    if (!(await this.commands.continueOn(id, build))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }

  /** Of the project that the sweep is of, whoever asks. */
  async #checkRoom(id: SweepId): Promise<void> {
    const { project } = await this.get(id);
    await this.projects.checkRoom(project);
  }

  async describe(id: SweepId, patch: SweepPatch): Promise<Sweep> {
    if (!(await this.commands.describe(id, patch))) throw new NotFoundError("sweep", id);
    return this.get(id);
  }

  facets(asker: Asker): Promise<AnswerOf<"sweepFacets">> {
    return readSweepFacets(this.database, seenProject(asker));
  }

  /** Retries or cancels runs of a list, as far as their states allow. Ids of other sweeps count as unchanged. */
  async bulk(id: SweepId, name: "retryRuns" | "cancelRuns", { runs }: BodyOf<"retryRuns">): Promise<AnswerOf<"retryRuns">> {
    const distinct = [...new Set(runs)];
    const changed = await this.commands[name](id, distinct);
    if (changed === null) throw new NotFoundError("sweep", id);
    return { changed, unchanged: distinct.length - changed, sweep: await this.get(id) };
  }

  extend(id: SweepId, extension: ExtendSweep, keyed: KeyedRequest | null = null): Promise<Sweep> {
    return this.once.answer(keyed, async (keep) => {
      await this.#checkRoom(id);
      // Read in the transaction that keeps it, so that the same is kept and given.
      let kept: Sweep | undefined;
      const settle = async (connection: Queryable): Promise<void> => {
        if (keep === null) return;
        kept = await this.get(id, { seeds: false }, connection);
        await keep(connection, kept);
      };
      if (!(await this.commands.extend(id, extension, settle))) throw new NotFoundError("sweep", id);
      return kept ?? this.get(id);
    });
  }
}

function withWaiting(sweep: StoredSweep, trainers: readonly LiveTrainer[]): Sweep {
  const { pool, experiment } = sweep.spec;
  const standing = { ...sweep, build: sweep.build?.id ?? null, begun: sweep.startedAt !== null };
  return { ...sweep, waiting: waitingFor(standing, takersOf({ pool, experiment }, trainers)) };
}
