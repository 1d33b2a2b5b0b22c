import { largestArtifactBytes, timeMetric, type BuildId } from "@basin/contracts";
import {
  OutOfMemory,
  type CreatePackProgram,
  type PackProgram,
  type PackResources,
  type PackRun,
  type PackSink,
  type ProgramResult,
} from "@basin/engine";
import { findExperiment, gigabytes, memorySentence, type DatasetShape } from "@basin/problems";
import { setTimeout as sleep } from "node:timers/promises";
import { readCheckpoint, writeCheckpoint, type Checkpoint } from "./checkpoint-file";
import { CheckpointSchedule } from "./checkpoint-schedule";
import { textOf } from "./error-text";
import { emptyProgram } from "./empty-program";
import { MetricBuffer } from "./metric-buffer";
import { ownedBuffers } from "./owned-buffers";
import type { UnsentBytes, FromWorker, PackFault, StartPack, ToWorker, WidthMeasure, WorkerResult } from "./protocol";

/** The thread's tensors. */
export interface TensorHeap {
  /** Memory that they needed at most; null where it is not known. */
  bytes(): number | null;
  /** How many there are. */
  tensors(): number;
  /** What an error that stopped a pack says about it. */
  faultOf(error: unknown): PackFault;
  /** What they may take. */
  slotBytes: number;
}

export interface TrainingHost {
  createProgram: CreatePackProgram;
  post(message: FromWorker, transfer?: ArrayBuffer[]): void;
  /** Messages that arrived since the last call. */
  takeMessages(): ToWorker[];
  unsentBytes: UnsentBytes;
  /** What checkpoints are marked with; those of another build are not gone on from. */
  build: BuildId;
  heap: TensorHeap;
}

/** Metrics go out this often in a young pack; an old one's chunks grow until an hour-long run still has few of them. */
const youngFlushMilliseconds = 200;
const oldFlushMilliseconds = 1000;
const flushFractionOfAge = 1 / 50;
/** The thread lets its event loop run this often. */
const yieldMilliseconds = 25;
/** Of checkpoints written and not yet uploaded; more would only pile up. */
const maxOutstandingBytes = 256 * 1024 * 1024;
/** Above this many unsent bytes training waits for NATS. */
const maxUnsentBytes = 32 * 1024 * 1024;

interface Ended {
  run: number;
  result: ProgramResult;
  steps: number;
}

/** Trains one pack in a worker thread: drives the program, reports its metrics and results, obeys stops between steps. */
export class PackTraining {
  readonly #buffer: MetricBuffer;
  readonly #resumed: (Checkpoint | null)[];
  readonly #startedAt = performance.now();
  /** Bytes of the checkpoint of a run that is not uploaded yet. */
  readonly #outstandingCheckpoints = new Map<number, number>();
  /** Runs whose checkpoints the control plane does not take. */
  readonly #tooLarge = new Set<number>();
  #program: PackProgram | null = null;
  /** Runs that could not be begun: they are no part of the program, and were reported. */
  readonly #refused = new Set<number>();
  #ended: Ended[] = [];
  #flushedAt = 0;
  #progressAt = performance.now();
  #runSteps = 0;
  /** Seconds and steps since the last report, by the pack's width at the time. */
  #measured = new Map<number, WidthMeasure>();
  #rounds = 0;
  #step = 0;
  /** Whether something failed: tensors may have been left behind. */
  #failed = false;

  constructor(
    private readonly pack: StartPack,
    private readonly host: TrainingHost,
  ) {
    this.#buffer = new MetricBuffer(pack.trainer, pack.runs, (json, points) => {
      Atomics.add(host.unsentBytes, 0, json.byteLength);
      host.post({ type: "telemetry", json, points }, [json.buffer]);
    });
    this.#resumed = pack.runs.map((run, index) => this.#open(run.checkpoint, index));
  }

  /** Resolves to whether the thread can be used again. Never rejects: a failure of the program is reported as such. */
  async train(): Promise<boolean> {
    const { heap } = this.host;
    const before = heap.tensors();
    let trusted = true;
    try {
      this.#program = await this.#create();
      let left = this.#program.active().length > 0;
      this.#afterStep();
      let yieldedAt = performance.now();
      const schedule = new CheckpointSchedule(this.pack.runs.length, yieldedAt, this.pack.checkpointSeconds * 1000);
      while (left) {
        const width = this.#program.active().length;
        this.#rounds++;
        const startedAt = performance.now();
        left = await this.#program.advance();
        const took = performance.now() - startedAt;
        this.#measure(width, took / 1000);
        this.#afterStep();
        // First what was said during the step: a run whose checkpoint was stored meanwhile may have its next one.
        left = (await this.#obey()) && left;
        await this.#writeDueCheckpoints(schedule, took);
        const now = performance.now();
        if (now - yieldedAt > yieldMilliseconds) {
          await new Promise((resolve) => setImmediate(resolve));
          yieldedAt = now;
        }
        while (Atomics.load(this.host.unsentBytes, 0) > maxUnsentBytes && left) {
          await sleep(5);
          left = (await this.#obey()) && left;
        }
      }
    } catch (error) {
      trusted = this.#fail(error) === "error";
    }
    this.#report(performance.now());
    return trusted && this.#dispose() && (!this.#failed || heap.tensors() === before);
  }

  /** False: it failed, so some tensors are still there. */
  #dispose(): boolean {
    try {
      this.#program?.dispose();
      return true;
    } catch (error) {
      this.#warn(`the pack's tensors could not be given back: ${textOf(error).message}`, []);
      return false;
    }
  }

  #open(file: Uint8Array | null, index: number): Checkpoint | null {
    if (file === null) return null;
    try {
      const checkpoint = readCheckpoint(file, this.host.build);
      this.#buffer.restore(index, checkpoint.history);
      return checkpoint;
    } catch (error) {
      this.#warn(`the checkpoint cannot be gone on from, the run starts afresh: ${textOf(error).message}`, [index]);
      return null;
    }
  }

  async #create(): Promise<PackProgram> {
    const { heap } = this.host;
    const all = this.pack.runs.map((_, index) => index);
    try {
      return await this.#createOf(all);
    } catch (error) {
      const resumed = all.filter((index) => this.#resumed[index]);
      if (resumed.length === 0 || heap.faultOf(error) !== "error") return await this.#createWithout(all, error);
      this.#failed = true;
      this.#warn(`the checkpoints were refused, the runs start afresh: ${textOf(error).message}`, resumed);
      for (const index of resumed) {
        this.#resumed[index] = null;
        this.#buffer.drop(index);
      }
    }
    try {
      return await this.#createOf(all);
    } catch (error) {
      return await this.#createWithout(all, error);
    }
  }

  /** After `error`, of all together: reports those that cannot be begun alone either, and begins the others. Throws it if none is to blame. */
  async #createWithout(all: readonly number[], error: unknown): Promise<PackProgram> {
    if (all.length === 1 || this.host.heap.faultOf(error) !== "error") throw error;
    this.#failed = true;
    const faults = new Map<number, unknown>();
    for (const index of all) {
      try {
        (await this.#createOf([index], { metric: () => undefined, finished: () => undefined })).dispose();
      } catch (own) {
        if (this.host.heap.faultOf(own) !== "error") throw own;
        faults.set(index, own);
      }
    }
    if (faults.size === 0) throw error;
    for (const [index, own] of faults) {
      this.#refused.add(index);
      this.#buffer.drop(index);
      this.host.post({ type: "failed", runs: [index], fault: "error", ...textOf(own) });
    }
    const others = all.filter((index) => !faults.has(index));
    return others.length === 0 ? emptyProgram : await this.#createOf(others);
  }

  #createOf(indices: readonly number[], sink = this.#sink()): Promise<PackProgram> {
    const runs = indices.flatMap((index): PackRun[] => {
      const run = this.pack.runs[index];
      if (!run) return [];
      const { seed, attempt, parameters } = run;
      return [{ index, seed, attempt, parameters, checkpoint: this.#resumed[index]?.program ?? null }];
    });
    const resources: PackResources = {
      dataset: (id) => {
        const found = this.pack.datasets.find((dataset) => dataset.id === id);
        if (!found) throw new RangeError(`The dataset ${id} was not brought along.`);
        return found;
      },
      weights: (reference) => {
        const found = this.pack.weights.find((one) => one.reference === reference);
        if (!found) throw new RangeError(`The weights ${reference} were not brought along.`);
        return found.file;
      },
    };
    this.#ended = [];
    return this.host.createProgram(this.pack.experiment, runs, sink, resources);
  }

  #sink(): PackSink {
    return {
      metric: (run, metric, step, value) => this.#buffer.add(run, metric, step, value),
      finished: (run, result) => {
        this.#ended.push({ run, result, steps: this.#stepsOf(run) });
      },
    };
  }

  #afterStep(): void {
    const now = performance.now();
    const age = now - this.#startedAt;
    const interval = Math.min(oldFlushMilliseconds, Math.max(youngFlushMilliseconds, age * flushFractionOfAge));
    const due = this.#flushedAt === 0 || now - this.#flushedAt >= interval;
    if (due || this.#buffer.full || this.#ended.length > 0) this.#report(now);
  }

  #measure(width: number, seconds: number): void {
    this.#runSteps += width;
    const known = this.#measured.get(width);
    this.#measured.set(width, {
      width,
      runSteps: width + (known?.runSteps ?? 0),
      seconds: seconds + (known?.seconds ?? 0),
    });
  }

  /** Sends what waits: metrics first, then results. */
  #report(now: number): void {
    if (this.#flush(now)) this.#flushedAt = now;
    if (this.#runSteps > 0 && (now - this.#progressAt > youngFlushMilliseconds || this.#ended.length > 0)) {
      for (const run of this.#program?.active() ?? []) this.#step = Math.max(this.#step, this.#program?.step(run) ?? 0);
      for (const { steps } of this.#ended) this.#step = Math.max(this.#step, steps);
      const measured = [...this.#measured.values()];
      this.host.post({
        type: "progress",
        step: this.#step,
        runSteps: this.#runSteps,
        measured,
        memoryBytes: this.host.heap.bytes(),
      });
      this.#runSteps = 0;
      this.#measured.clear();
      this.#progressAt = now;
    }
    if (this.#ended.length === 0) return;
    const results = this.#ended.map(({ run, result, steps }): WorkerResult => {
      const chunks = this.#buffer.chunks(run);
      this.#buffer.drop(run);
      return {
        run,
        outcome: result.outcome,
        metrics: Object.fromEntries(
          Object.entries(result.metrics).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
        ),
        labels: result.labels ?? {},
        reason: result.reason,
        steps,
        trainSeconds: this.#trainSeconds(run, now),
        chunks,
        artifacts: result.artifacts,
      };
    });
    this.#ended = [];
    this.host.post(
      { type: "finished", results },
      results.flatMap(({ artifacts }) => artifacts.flatMap(ownedBuffers)),
    );
  }

  /** Sends what waits, with a stamp of time. */
  #flush(now: number): boolean {
    this.#buffer.stamp(timeMetric, (run) => this.#trainSeconds(run, now));
    return this.#buffer.flush();
  }

  /** Of a run that has left the program, which cannot be asked any more: its newest point, or the rounds it took part in. */
  #stepsOf(run: number): number {
    return this.#buffer.lastStep(run) ?? (this.#resumed[run]?.step ?? 0) + this.#rounds;
  }

  #trainSeconds(run: number, now: number): number {
    return (this.#resumed[run]?.trainSeconds ?? 0) + (now - this.#startedAt) / 1000;
  }

  /** `step`: milliseconds that the last step took. */
  async #writeDueCheckpoints(schedule: CheckpointSchedule, step: number): Promise<void> {
    const now = performance.now();
    for (;;) {
      const outstanding = [...this.#outstandingCheckpoints.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (outstanding > maxOutstandingBytes) return;
      const candidates = this.#program?.active().filter((run) => !this.#outstandingCheckpoints.has(run)) ?? [];
      const run = schedule.next(candidates, now, step);
      if (run === null) return;
      const startedAt = performance.now();
      if (await this.#writeCheckpoint(run, false)) schedule.wrote(run, now, performance.now() - startedAt);
      else schedule.never(run);
    }
  }

  /** Whether one was written: there is none of a run whose checkpoint would be too large. */
  async #writeCheckpoint(run: number, handBack: boolean): Promise<boolean> {
    const program = this.#program;
    if (!program || this.#tooLarge.has(run)) return false;
    this.#flush(performance.now());
    const file = writeCheckpoint({
      build: this.host.build,
      step: program.step(run),
      trainSeconds: this.#trainSeconds(run, performance.now()),
      program: await program.checkpoint(run),
      history: this.#buffer.history(run),
    });
    if (file.byteLength > largestArtifactBytes) {
      this.#warn(`a checkpoint would have ${file.byteLength} bytes; the limit is ${largestArtifactBytes}: none is kept`, [run]);
      return false;
    }
    this.#outstandingCheckpoints.set(run, file.byteLength);
    const own = new Uint8Array(file);
    this.host.post({ type: "checkpoint", run, step: program.step(run), file: own, handBack }, [own.buffer]);
    return true;
  }

  /** Handles what the main thread said; returns whether runs are left. */
  async #obey(): Promise<boolean> {
    const program = this.#program;
    if (!program) return false;
    for (const message of this.host.takeMessages()) {
      if (message.type === "checkpoint-settled") {
        this.#outstandingCheckpoints.delete(message.run);
        if (message.tooLarge) this.#tooLarge.add(message.run);
      }
      if (message.type !== "stop") continue;
      const active = new Set(program.active());
      const runs = message.runs.filter((run) => active.has(run));
      for (const run of runs) {
        if (message.action === "hand-back") await this.#writeCheckpoint(run, true);
        program.drop(run);
        this.#buffer.drop(run);
      }
      if (runs.length > 0) this.host.post({ type: "stopped", runs, action: message.action });
    }
    return program.active().length > 0;
  }

  #fail(error: unknown): PackFault {
    this.#failed = true;
    const fault = this.host.heap.faultOf(error);
    const over = new Set(this.#ended.map(({ run }) => run));
    const begun = this.#program?.active() ?? this.pack.runs.map((_, index) => index);
    const runs = begun.filter((run) => !over.has(run) && !this.#refused.has(run));
    const [alone] = runs.length === 1 ? runs : [];
    const need = fault === "memory" && alone !== undefined ? this.#needOf(alone, error) : null;
    const text = need === null ? textOf(error) : { message: `it does not fit in memory: ${need}`, stack: "" };
    this.host.post({ type: "failed", runs, fault, ...text });
    return fault;
  }

  /** How much memory a run needs that did not fit alone: as estimated, or what was asked for at last. Null: neither is known. */
  #needOf(run: number, error: unknown): string | null {
    const { experiment, runs, datasets } = this.pack;
    const definition = findExperiment(experiment);
    const { slotBytes } = this.host.heap;
    const shapeOf = (id: string): DatasetShape | undefined => datasets.find((one) => one.id === id);
    const estimated = definition && memorySentence(definition, runs[run]?.parameters ?? {}, shapeOf, slotBytes);
    if (estimated) return estimated;
    if (!(error instanceof OutOfMemory)) return null;
    return `it needs more than ${gigabytes(error.taken + error.bytes)}, a slot has ${gigabytes(slotBytes)}`;
  }

  #warn(message: string, runs: number[]): void {
    this.host.post({ type: "warning", message, runs });
  }
}
