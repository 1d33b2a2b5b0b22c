import type { Configuration, DatasetContent } from "@basin/contracts";

/** One run of a pack as the worker thread sees it. */
export interface PackRun {
  /** Index in the pack as it was created; stays the run's name in this program after neighbours left. */
  index: number;
  seed: number;
  /** The attempt that was granted for this execution, from 1. No number of a run may depend on it; failures on demand do. */
  attempt: number;
  /** Filled in and checked against the experiment's schema. */
  parameters: Configuration;
  /** State that `checkpoint` returned on any trainer earlier, to continue from; null starts afresh. */
  checkpoint: Uint8Array | null;
}

export interface ProgramArtifact {
  name: string;
  kind: "weights" | "plot" | "other";
  mediaType: string;
  content: Uint8Array;
}

export interface ProgramResult {
  outcome: "succeeded" | "diverged";
  /** Final figures; values that are not finite are allowed and reported as they are. */
  metrics: Record<string, number>;
  /** Words about the run beside its figures, at most 2,000 characters each. */
  labels?: Record<string, string>;
  reason: string | null;
  artifacts: ProgramArtifact[];
}

/** Where a program reports; called synchronously from `advance`. */
export interface PackSink {
  metric(run: number, metric: string, step: number, value: number): void;
  /** The run ended by itself and has left the program. */
  finished(run: number, result: ProgramResult): void;
}

/**
 * Runs of the same shape trained together. A run's numbers are bitwise the same alone, in a pack of any width, after
 * neighbours left, and after checkpoint and resume (on the wasm and cpu backends). Not thread-safe: one worker thread owns it.
 */
export interface PackProgram {
  /** Indices of the runs still training. */
  active(): readonly number[];
  /** Steps trained so far by the run. */
  step(run: number): number;
  /**
   * Trains every active run by one step of the experiment (one epoch), reports its metrics, and reports runs that ended.
   * Resolves to whether runs are left. Throws when the pack as a whole failed.
   */
  advance(): Promise<boolean>;
  /**
   * Weights, optimizer state, counters: everything that `create` needs to continue this run bit by bit. A program that reads
   * them from a device returns a promise; the caller waits for it before it calls anything else.
   */
  checkpoint(run: number): Uint8Array | Promise<Uint8Array>;
  /** Removes a run without a result (cancelled, handed back, superseded). */
  drop(run: number): void;
  /** Frees every tensor. Idempotent. */
  dispose(): void;
}

/** What a pack needs beyond its runs' parameters. */
export interface PackResources {
  /** The dataset of that id; throws when the trainer did not bring it along. */
  dataset(id: string): DatasetContent;
  /** The file of the weights that a run's `startFrom` names; throws likewise. */
  weights?(reference: string): Uint8Array;
}

export type CreatePackProgram = (
  experimentId: string,
  runs: readonly PackRun[],
  sink: PackSink,
  resources: PackResources,
) => Promise<PackProgram>;
