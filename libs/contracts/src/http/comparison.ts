import { z } from "zod";
import { MetricName, RunId, SweepId } from "../ids";
import { AppliedParameters, ParameterValue } from "../parameters";
import { RunState } from "../run";
import { Objective, Seed } from "../sweep";
import { Figure, values } from "./analysis";
import { BandKind, Statistics, SuccessRate } from "./results";

/** Runs to compare: one, or all of a sweep whose configuration agrees with `group` (`{}`: all; `seed` counts as a parameter). */
export const Selection = z.union([
  z.strictObject({ run: RunId }),
  z.strictObject({ sweep: SweepId, group: AppliedParameters.default({}) }),
]);
export type Selection = z.infer<typeof Selection>;

export const ComparedItem = z.object({
  run: RunId.nullable(),
  group: AppliedParameters,
  sweep: z.object({ id: SweepId, name: z.string(), experiment: z.string(), objective: Objective }),
  state: RunState.nullable().describe("of a single run"),
  seed: Seed.nullable().describe("of a single run"),
  runs: z.int(),
  repeats: z.int().default(0).describe("further runs that repeat one of these; they count nowhere"),
  objective: Statistics,
  success: SuccessRate.nullable(),
});
export type ComparedItem = z.infer<typeof ComparedItem>;
/** A single run's statistics have n = 1 and its value as mean. Differences are to the first item. */
export const Comparison = z.object({
  items: z.array(ComparedItem),
  parameters: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      unit: z.string(),
      differs: z.boolean(),
      /** Per item: its value, null when it has none, `many` when its runs differ. */
      values: z.array(z.object({ value: ParameterValue.nullable(), many: z.boolean() })),
    }),
  ),
  metrics: z.array(
    z.object({
      name: MetricName,
      title: z.string(),
      unit: z.string(),
      better: z.enum(["lower", "higher"]).nullable(),
      statistics: z.array(Statistics),
      categories: z.array(z.string()).nullable().default(null).describe("of a figure that names a class; null: it is a number"),
      counts: z.array(z.array(z.int())).default([]).describe("per item: runs in each class; empty for a number"),
      deltas: values.describe("mean minus the first item's mean; null for classes"),
      tests: z
        .array(
          z
            .object({
              p: z.number().describe("Mann–Whitney, two-sided; diverged runs count as worse than any value"),
              delta: z.number().describe("Cliff's: P(this > first) − P(this < first)"),
            })
            .nullable(),
        )
        .default([])
        .describe("per item, against the first; null: too few runs for a test, or the first itself"),
    }),
  ),
});
export type Comparison = z.infer<typeof Comparison>;

/** One curve with centre lines and band. `mean` and `median` on a logarithmic scale are those of the logarithms. */
export const BandCurve = z.object({
  runs: z.int().describe("that reported the metric"),
  of: z.int().describe("runs that started; more than `runs`: some never reported, or a sample was read"),
  steps: z.array(z.int()),
  n: z.array(z.int()),
  mean: values,
  median: values,
  low: values,
  high: values,
});
export type BandCurve = z.infer<typeof BandCurve>;
export const ComparedCurves = z.object({
  metric: MetricName,
  band: BandKind,
  scale: z.enum(["linear", "log"]),
  items: z.array(BandCurve),
  /** All runs of all items together; null unless asked for. */
  together: BandCurve.nullable(),
  /** Series of the first runs of every item; empty unless asked for. */
  members: z.array(z.object({ item: z.int(), run: RunId, seed: Seed, steps: z.array(z.int()), values, points: z.int() })),
});
export type ComparedCurves = z.infer<typeof ComparedCurves>;

const testedSide = z.object({
  label: z.string(),
  n: z.int().describe("finite values"),
  diverged: z
    .int()
    .describe("runs that ended without a value: in the rank test worse than any, where one end of the figure is good"),
  failed: z.int().default(0).describe("runs that were given up; they are left out"),
  repeats: z.int().default(0).describe("runs that repeat another; they are left out"),
  median: z.number().nullable(),
  mean: z.number().nullable(),
  std: z.number().nullable(),
  success: SuccessRate.nullable(),
});
/**
 * Two groups of runs on one figure. Every test is two-sided; a difference is b − a. Null where there are too few values. Mann–Whitney and Cliff's
 * delta count diverged runs as worse than any value; Welch's test and the shift are about the values alone.
 */
export const PairwiseTest = z.object({
  figure: Figure,
  a: testedSide,
  b: testedSide,
  mannWhitney: z.object({ u: z.number(), p: z.number(), method: z.enum(["exact", "normal"]) }).nullable(),
  welch: z
    .object({ t: z.number(), degrees: z.number(), p: z.number(), difference: z.number(), low: z.number(), high: z.number() })
    .nullable(),
  cliffsDelta: z
    .object({ value: z.number().describe("P(b > a) − P(b < a)"), low: z.number(), high: z.number(), magnitude: z.string() })
    .nullable(),
  hodgesLehmann: z
    .object({
      shift: z.number().describe("median of all b − a"),
      interval: z
        .object({ low: z.number(), high: z.number() })
        .nullable()
        .describe("95 %; null where there are too few values for one"),
    })
    .nullable(),
  success: z
    .object({ difference: z.number(), low: z.number(), high: z.number(), p: z.number().describe("Fisher's exact test") })
    .nullable(),
  reading: z.string().describe("what this says, in plain words"),
});
export type PairwiseTest = z.infer<typeof PairwiseTest>;
