import type { Stopping } from "@basin/contracts";

/** A run, or the mean over a trial's runs, as far as it has reported: by rung, lower is better, +∞ where it diverged. */
export interface ReportedCurve {
  readonly reports: readonly number[];
  /** Trained to its end: nothing further will come. A curve that was stopped is none of these. */
  readonly ended: boolean;
}

/** What a rule may look at when a curve has reached a rung. */
interface StoppingField {
  readonly config: Stopping;
  /** Steps of the rungs, ascending. */
  readonly rungs: readonly number[];
  /** Index of the rung that was reached. */
  readonly rung: number;
  readonly curve: ReportedCurve;
  /** All others that have reported anything, in the order of their numbers. */
  readonly others: readonly ReportedCurve[];
}

/**
 * Says whether a curve that has reached a rung is stopped there. Pure: the same field, the same answer; it keeps nothing. Why it is stopped is a
 * sentence with figures; null: it goes on.
 */
export interface StoppingRule {
  readonly id: Stopping["rule"];
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  /** Steps at which runs of so many steps report when the sweep names none: ascending, from 1 on, below the last step. */
  rungs(config: Stopping, lastStep: number): number[];
  /** What of the config the rule cannot do with, by field. */
  check?(config: Stopping): { field: keyof Stopping; message: string; hint: string }[];
  stops(field: StoppingField): string | null;
}

/** Every tenth of a run. */
export function tenths(lastStep: number): number[] {
  const steps = Array.from({ length: 9 }, (_, i) => Math.max(1, Math.round(((i + 1) * lastStep) / 10)));
  return [...new Set(steps)].filter((step) => step < lastStep);
}

/** The lowest so far that is a number; +∞ of none. */
export const bestOf = (reports: readonly number[]): number =>
  reports.reduce((best, report) => (report < best ? report : best), Number.POSITIVE_INFINITY);

export const figure = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "no number");
