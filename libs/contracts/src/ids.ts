import { z } from "zod";

/** Eight lower-case Crockford base-32 characters, e.g. `k3v9x2mq`. Drawn at random by the control plane. */
export const SweepId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{8}$/, "a sweep id is 8 lower-case base-32 characters, e.g. k3v9x2mq")
  .brand<"SweepId">();
export type SweepId = z.infer<typeof SweepId>;

/** `<sweep>-<trial index>`: the identity of a configuration within its sweep. */
export const TrialId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{8}-\d{1,16}$/, "a trial id is <sweep>-<trial>, e.g. k3v9x2mq-12")
  .brand<"TrialId">();
export type TrialId = z.infer<typeof TrialId>;

/** `<sweep>-<trial index>-<seed index>`. Deterministic: planning the same candidate twice cannot make two runs. */
export const RunId = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{8}-\d{1,16}-\d{1,6}$/, "a run id is <sweep>-<trial>-<initialization>, e.g. k3v9x2mq-12-3")
  .brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const PackId = z.uuid().brand<"PackId">();
export type PackId = z.infer<typeof PackId>;

export const ArtifactId = z.uuid().brand<"ArtifactId">();
export type ArtifactId = z.infer<typeof ArtifactId>;

/** Chosen by the trainer at its first start and kept in its data directory. */
export const TrainerId = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, "a trainer id has 1 to 64 letters, digits, '-' or '_'")
  .brand<"TrainerId">();
export type TrainerId = z.infer<typeof TrainerId>;

/** A named group of trainers; a sweep is dispatched to exactly one pool. */
export const PoolName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "a pool name has 1 to 32 lower-case letters, digits or '-'");
export type PoolName = z.infer<typeof PoolName>;

/**
 * Which build of Basin a trainer runs, as far as it decides the numbers of a run: 12 hex digits of a hash of its sources, and behind
 * a dash 8 of the extensions that it loaded. Two trainers of one build compute the same bits on the same backend.
 */
export const BuildId = z
  .string()
  .regex(
    /^([0-9a-f]{12}(-[0-9a-f]{8})?|unversioned)$/,
    "a build is 12 hex digits, 8 more behind a dash where extensions are loaded, or unversioned",
  );
export type BuildId = z.infer<typeof BuildId>;

/** Stands for all trainers that do not say which build they are: those that speak version 1 of `register`. */
export const unversionedBuild: BuildId = "unversioned";

/** The number of an execution of a run, from 1. The greatest granted number is the only one that may write. */
export const AttemptNumber = z.int().min(1).max(1_000_000);
export type AttemptNumber = z.infer<typeof AttemptNumber>;

export const MetricName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_/.-]{0,63}$/, "a metric name starts with a letter and has at most 64 characters");
export type MetricName = z.infer<typeof MetricName>;

export function trialIdOf(sweep: SweepId, trialIndex: number): TrialId {
  return TrialId.parse(`${sweep}-${trialIndex}`);
}

export function runIdOf(sweep: SweepId, trialIndex: number, seedIndex: number): RunId {
  return RunId.parse(`${sweep}-${trialIndex}-${seedIndex}`);
}

/** Splits a run id into its parts. Throws on text that is no run id. */
export function partsOfRunId(id: RunId): { sweep: SweepId; trialIndex: number; seedIndex: number } {
  const [sweep, trial, seed] = RunId.parse(id).split("-");
  return { sweep: SweepId.parse(sweep), trialIndex: Number(trial), seedIndex: Number(seed) };
}
