import {
  artifactPartBytes,
  attemptKeyOf,
  experimentIdOf,
  PackId,
  partsOfRunId,
  type AnswerOf,
  type AttemptKey,
  type BodyOf,
  type SweepId,
  type TrainerId,
} from "@basin/contracts";
import { ScopesRepository, TrainersRepository, WorkRepository, type AttemptStanding, type OutsideWorker } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable, type BeforeApplicationShutdown } from "@nestjs/common";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ArtifactRequests } from "../control/artifact-requests";
import { ControlService } from "../control/control.service";
import { Signs } from "../control/signs.service";
import { ExperimentVersions } from "../experiments/experiment-versions.service";
import { seenProject, type Asker } from "../http/asker";
import { ForbiddenError, InputError, NotFoundError } from "../http/request-errors";
import { ProjectsService } from "../projects/projects.service";
import { Reach } from "../tokens/reach.service";
import type { ReceivedFile } from "../http/receive-file";
import { IngestService } from "../ingest/ingest.service";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { StoppingVerdicts } from "./stopping-verdicts.service";
import { checkReport } from "./work-input";

type Stop = AnswerOf<"reportWork">["stop"];

/** A claim that waits looks again after so long; the longer it waits, the seldomer. */
const firstLookMilliseconds = 10;
const seldomMilliseconds = 200;
/** For so long a worker's registration is not read again; on another process it may have changed. */
const rememberMilliseconds = 2000;
/** A worker's runs train alone, each a pack of its own; in its signs they stand together. */
const together = PackId.parse("00000000-0000-4000-8000-000000000000");

/** Answers outside workers over HTTP, through the services that answer trainers over NATS: the ledger's rules are the same. */
@Injectable()
export class WorkService implements BeforeApplicationShutdown {
  readonly #known = new Map<TrainerId, { worker: OutsideWorker; until: number }>();
  #ending = false;

  constructor(
    @Inject(WorkRepository) private readonly work: WorkRepository,
    @Inject(ScopesRepository) private readonly scopes: ScopesRepository,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ControlService) private readonly control: ControlService,
    @Inject(Signs) private readonly signs: Signs,
    @Inject(ArtifactRequests) private readonly artifacts: ArtifactRequests,
    @Inject(IngestService) private readonly ingest: IngestService,
    @Inject(ExperimentVersions) private readonly versions: ExperimentVersions,
    @Inject(ProjectsService) private readonly projects: ProjectsService,
    @Inject(StoppingVerdicts) private readonly verdicts: StoppingVerdicts,
    @Inject(ENV) private readonly env: Env,
  ) {}

  beforeApplicationShutdown(): void {
    this.#ending = true;
  }

  /** Throws InputError for an experiment that is not there, or is Basin's own. */
  async register(trainer: TrainerId, told: BodyOf<"registerWorker">, asker: Asker): Promise<AnswerOf<"registerWorker">> {
    await this.versions.know(told.experiment);
    const pool = told.pool ?? asker.pool ?? (await this.projects.poolFor(asker));
    if (asker.pool !== null && pool !== asker.pool)
      throw new ForbiddenError(`the token "${asker.name}" is for the pool ${asker.pool}, not for ${pool}`);
    const seen = this.versions.isSeenIn(seenProject(asker), told.experiment);
    const definition = seen ? findExperiment(told.experiment) : null;
    if (!definition) throw new InputError([this.#unknown(told.experiment, seen)]);
    if (definition.problem.kind !== "external")
      throw new InputError([
        {
          path: "experiment",
          message: `${told.experiment} is trained by Basin's own trainers`,
          hint: "outside workers take experiments that were registered with PUT /api/v1/experiments/<id>",
        },
      ]);
    const { ref } = definition.problem;
    const { slots, name, client, pid, provenance } = told;
    await this.control.enrol({
      trainer,
      name: name ?? trainer,
      pool,
      backend: "outside",
      backendReason: "training code from outside",
      device: provenance.device ?? "",
      slots,
      version: client,
      build: buildOf(ref),
      host: provenance.host ?? "",
      pid,
      experiments: [ref],
      slotBytes: null,
      provenance: { client, ...provenance },
    });
    if (asker.token !== null) await this.scopes.bindWorker(trainer, asker.token);
    this.#known.delete(trainer);
    const { heartbeatSeconds, leaseSeconds, checkpointSeconds } = this.env;
    return { worker: trainer, experiment: ref, heartbeatSeconds, leaseSeconds, checkpointSeconds };
  }

  async heartbeat(trainer: TrainerId, { holding, draining }: BodyOf<"workerHeartbeat">): Promise<AnswerOf<"workerHeartbeat">> {
    await this.#workerOf(trainer);
    const runs = holding.slice(0, 4096);
    const packs = runs.length === 0 ? [] : [{ pack: together, step: 0, runs }];
    const told = await this.signs.answer({ v: 2, trainer, draining, packs, measured: [] });
    if (told.unknown) throw unregistered(trainer);
    const standings = await this.work.standings(told.stop);
    const stop = told.stop.map((one, i) => ({ ...one, reason: stopOf(standings[i], trainer)?.reason ?? "it is to stop" }));
    return { stop, drain: told.drain };
  }

  /** Throws InputError where the sweep runs another experiment, or another version of it. */
  async claim(trainer: TrainerId, asked: BodyOf<"claimRuns">, asker: Asker): Promise<AnswerOf<"claimRuns">> {
    const worker = await this.#workerOf(trainer);
    if (asked.sweep !== undefined) {
      await this.reach.checkSweep(asked.sweep, asker);
      await this.#checkSweep(asked.sweep, worker);
    }
    // A member trains what is their own; a trainer's token all of its pool.
    const project = seenProject(asker);
    const owner = asker.role === "member" ? asker.name : null;
    const { stop, drain } = await this.heartbeat(trainer, { holding: asked.holding, draining: false });
    const lost = await this.work.unheld(trainer, asked.holding);
    if (lost.length > 0) return { runs: lost.map((one) => ({ ...one, sweep: partsOfRunId(one.run).sweep })), stop, drain };
    if (drain) return { runs: [], stop, drain };
    const until = performance.now() + asked.waitSeconds * 1000;
    for (let wait = firstLookMilliseconds; ; wait = Math.min(seldomMilliseconds, wait * 1.5)) {
      const { grants, moves } = await this.work.claim(worker, { runs: asked.runs, sweep: asked.sweep ?? null, project, owner });
      if (grants.length > 0) {
        this.control.granted(moves);
        return { runs: grants, stop, drain };
      }
      if (stop.length > 0 || this.#ending || performance.now() + wait > until) return { runs: [], stop, drain };
      await sleep(wait);
    }
  }

  /** Everything that is the worker's is kept; of the rest it hears why not. Throws InputError, and keeps nothing, for what is no report. */
  async report(trainer: TrainerId, report: BodyOf<"reportWork">): Promise<AnswerOf<"reportWork">> {
    const worker = await this.#workerOf(trainer);
    await this.versions.know(worker.experiment);
    const { chunks } = checkReport(report, worker.experiment);
    const { results, releases } = report;
    const keys = new Map<string, AttemptKey>([...chunks, ...results, ...releases].map((one) => [attemptKeyOf(one), one]));
    const drain = await this.work.sign(trainer, this.env.heartbeatSeconds / 2);
    const standings = new Map<string, AttemptStanding>();
    const stops = new Map<string, Stop[number]>();
    const look = async (): Promise<void> => {
      for (const standing of await this.work.standings([...keys.values()])) {
        const stop = stopOf(standing, trainer);
        const { run, attempt } = standing;
        standings.set(attemptKeyOf(standing), standing);
        if (stop) stops.set(attemptKeyOf(standing), { run, attempt, ...stop });
      }
    };
    await look();
    const may = (one: AttemptKey): boolean => stops.get(attemptKeyOf(one))?.action !== "superseded";
    const kept = chunks.filter(may).map((chunk) => ({ ...chunk, trainer }));
    await this.ingest.keep(kept);
    const ending = new Set([...results, ...releases].map(attemptKeyOf));
    if (await this.verdicts.await(kept.filter((chunk) => !ending.has(attemptKeyOf(chunk))))) await look();
    const statuses = results.length === 0 ? [] : (await this.control.commit(commitOf(trainer, results))).statuses;
    if (releases.length > 0) {
      const attempts = releases.map((one) => (one.outcome === "handed-back" ? { ...one, maxWidth: null } : one));
      await this.control.release({ v: 2, trainer, attempts });
    }
    for (const { run, attempt } of [...results, ...releases]) stops.delete(attemptKeyOf({ run, attempt }));
    return {
      statuses: statuses.map((status) => ({ ...status, reason: reasonOf(status, standings.get(attemptKeyOf(status)), trainer) })),
      stop: [...stops.values()],
      drain,
    };
  }

  /** Stores a file that arrived, through the parts in which trainers send theirs. */
  async keepArtifact(
    artifact: { trainer: TrainerId; run: AttemptKey["run"]; attempt: number } & Pick<
      Parameters<ArtifactRequests["store"]>[0],
      "name" | "kind" | "mediaType" | "step"
    >,
    file: ReceivedFile,
  ): Promise<AnswerOf<"uploadArtifact">> {
    const { bytes, sha256, path } = file;
    const parts = Math.max(1, Math.ceil(bytes / artifactPartBytes));
    const handle = await open(path, "r");
    try {
      for (let part = 0; part < parts; part++) {
        const content = Buffer.alloc(Math.min(artifactPartBytes, bytes - part * artifactPartBytes));
        await handle.read(content, 0, content.length, part * artifactPartBytes);
        const { status } = await this.artifacts.store({
          v: 2,
          ...artifact,
          bytes,
          sha256,
          part,
          parts,
          content: content.toString("base64"),
        });
        if (status !== "part-stored") return { status, bytes, sha256 };
      }
    } finally {
      await handle.close();
    }
    throw new Error(`artifact ${artifact.name} of ${artifact.run} was not complete with its last part`);
  }

  async #workerOf(id: TrainerId): Promise<OutsideWorker> {
    const known = this.#known.get(id);
    if (known && known.until > performance.now()) return known.worker;
    const found = await this.trainers.outsideWorker(id);
    if (!found) throw unregistered(id);
    const worker = { id, ...found };
    if (this.#known.size > 10_000) this.#known.clear();
    this.#known.set(id, { worker, until: performance.now() + rememberMilliseconds });
    return worker;
  }

  /** Throws NotFoundError, or InputError for a sweep that is not for this worker. */
  async #checkSweep(sweep: SweepId, { experiment }: OutsideWorker): Promise<void> {
    const needed = await this.work.experimentOf(sweep);
    if (needed === null) throw new NotFoundError("sweep", sweep);
    if (needed === experiment) return;
    throw new InputError([
      {
        path: "sweep",
        message: `sweep ${sweep} runs ${needed}, and this worker is registered for ${experiment}`,
        hint:
          experimentIdOf(needed) === experimentIdOf(experiment)
            ? "the descriptor changed since: submit the sweep anew, or work with the code of then"
            : `register for ${needed}`,
      },
    ]);
  }

  #unknown(ref: string, seen: boolean): { path: string; message: string; hint: string } {
    const [id = ref, hash] = ref.split("@");
    const newest = seen ? findExperiment(id) : null;
    const there = newest?.problem.kind === "external" ? `the newest is ${newest.problem.ref}` : null;
    return {
      path: "experiment",
      message: hash === undefined || !there ? `there is no experiment "${id}"` : `there is no version ${hash} of ${id}`,
      hint: there ?? `register it first: PUT /api/v1/experiments/${id}`,
    };
  }
}

/** Workers of one version are one build: a sweep is trained by those of the version that it names. */
const buildOf = (ref: string): string => ref.slice(ref.indexOf("@") + 1);

const unregistered = (worker: TrainerId): NotFoundError =>
  new NotFoundError("worker that is registered as", `${worker}; register it with PUT /api/v1/workers/${worker}`);

function commitOf(trainer: TrainerId, results: BodyOf<"reportWork">["results"]): Parameters<ControlService["commit"]>[0] {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    v: 1,
    trainer,
    results: results.map(({ metrics, ...result }) => ({
      ...result,
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, finite(value)])),
    })),
  };
}

/** What a worker is told of an attempt that it writes of; null: go on. */
function stopOf(standing: AttemptStanding | undefined, worker: TrainerId): Omit<Stop[number], keyof AttemptKey> | null {
  if (!standing) return null;
  const { run, attempt, holder, state, newest, sweep } = standing;
  if (newest === null) return { action: "superseded", reason: `there is no run ${run}` };
  if (holder === null) return { action: "superseded", reason: `${run} has no attempt ${attempt}: its newest is ${newest}` };
  if (holder !== worker)
    return {
      action: "superseded",
      reason: `attempt ${attempt} of ${run} was granted to ${holder}, not to ${worker}: only who claimed a run may write of it`,
    };
  if (newest > attempt) return { action: "superseded", reason: `attempt ${newest} of ${run} was granted meanwhile` };
  if (state !== "running") {
    const why = standing.reason === null ? "" : `, ${standing.reason}`;
    return { action: "superseded", reason: `attempt ${attempt} of ${run} has ended: it is ${state}${why}` };
  }
  if (sweep === "paused") return { action: "hand-back", reason: "the sweep was paused" };
  if (sweep === "cancelled") return { action: "cancel", reason: "the sweep was cancelled" };
  return null;
}

function reasonOf({ status }: { status: string }, standing: AttemptStanding | undefined, worker: TrainerId): string | null {
  return status === "superseded" ? (stopOf(standing, worker)?.reason ?? "it was superseded meanwhile") : null;
}
