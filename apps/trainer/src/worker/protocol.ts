import type { Backend, BuildId, Configuration, DatasetContent, RunId, TrainerId } from "@basin/contracts";

/**
 * Messages between the main thread and one worker thread. They never leave the process, so they are typed and not parsed.
 * A run is named by its index in the pack. The worker's messages about a run come in order: its telemetry before its end.
 */
interface WorkerRun {
  run: RunId;
  attempt: number;
  seed: number;
  parameters: Configuration;
  /** A checkpoint file (see checkpoint-file.ts) to continue from. */
  checkpoint: Uint8Array | null;
}

export interface StartPack {
  type: "start";
  trainer: TrainerId;
  experiment: string;
  runs: WorkerRun[];
  /** Those that the runs' parameters name. */
  datasets: DatasetContent[];
  /** Files of the weights that the runs' `startFrom` name. */
  weights: { reference: string; file: Uint8Array }[];
  checkpointSeconds: number;
}

export type ToWorker =
  | StartPack
  /** Drop the runs without a word, or write a checkpoint of each first. */
  | { type: "stop"; runs: number[]; action: "drop" | "hand-back" }
  /** The run's latest checkpoint was uploaded or given up: another may be written, unless it was too large for the control plane. */
  | { type: "checkpoint-settled"; run: number; tooLarge: boolean }
  | { type: "open-backend" };

export interface WorkerArtifact {
  name: string;
  kind: "weights" | "plot" | "other";
  mediaType: string;
  content: Uint8Array;
}

export interface WorkerResult {
  run: number;
  outcome: "succeeded" | "diverged";
  metrics: Record<string, number | null>;
  labels: Record<string, string>;
  reason: string | null;
  steps: number;
  trainSeconds: number;
  chunks: Record<string, number>;
  artifacts: WorkerArtifact[];
}

/**
 * Why a pack failed. `memory`: its tensors did not fit; `trap`: something was interrupted in the middle; either can be a matter of the
 * pack's width. `machine`: what it needed was not to be had. `error`: anything else; the same runs come to the same error again.
 */
export type PackFault = "memory" | "trap" | "machine" | "error";

/** What the pack cost while it had this width, since the message before. */
export interface WidthMeasure {
  width: number;
  runSteps: number;
  seconds: number;
}

export type FromWorker =
  /** JSON of one TelemetryMessageV1. */
  | { type: "telemetry"; json: Uint8Array<ArrayBuffer>; points: number }
  /** `runSteps`: steps of runs since the message before; `memoryBytes`: what the thread's tensors needed at most, null where it is not known. */
  | { type: "progress"; step: number; runSteps: number; measured: WidthMeasure[]; memoryBytes: number | null }
  | { type: "checkpoint"; run: number; step: number; file: Uint8Array<ArrayBuffer>; handBack: boolean }
  /** The run left without a result, as told; after its last checkpoint if it was handed back. */
  | { type: "stopped"; runs: number[]; action: "drop" | "hand-back" }
  | { type: "finished"; results: WorkerResult[] }
  /** The pack failed; these runs were still training. */
  | { type: "failed"; runs: number[]; fault: PackFault; message: string; stack: string }
  | { type: "warning"; message: string; runs: number[] }
  /** The worker is free, or, `spent`, must not be used again: what its heap holds cannot be trusted, or leaves too little room. */
  | { type: "idle"; spent: boolean };

/** Bytes of telemetry that the main thread took over and NATS has not stored yet, shared by all workers. */
export type UnsentBytes = Int32Array<SharedArrayBuffer>;

export interface WorkerData {
  /** What the main thread chose. */
  backend: Backend;
  /** Of the main thread: a worker of another one ends with `otherBuildExitCode`. */
  build: BuildId;
  /** Memory that the tensors of a pack may take. */
  slotBytes: number;
  unsentBytes: UnsentBytes;
}

/** The worker's file is not of the main thread's build: the trainer's files were replaced while it ran. */
export const otherBuildExitCode = 86;
