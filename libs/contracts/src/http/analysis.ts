import { z } from "zod";
import { MetricName, RunId, SweepId } from "../ids";
import { AppliedParameters, ParameterValue } from "../parameters";
import { PlotData } from "../plots";
import { AttemptState, RunState } from "../run";
import { Seed } from "../sweep";
import { BandKind, ClassCounts, LeftOut, nothingLeftOut, SuccessRate, RunCounts } from "./results";

/** Values of a figure (null: not a finite number, or none). */
export const values = z.array(z.number().nullable());

/** A figure of finished runs: the sweep's objective, or a final metric. `better` says which end is good, null: neither is. */
export const Figure = z.object({
  metric: MetricName,
  isObjective: z.boolean(),
  better: z.enum(["lower", "higher"]).nullable(),
  scale: z.enum(["linear", "log"]),
  unit: z.string(),
  title: z.string(),
});
export type Figure = z.infer<typeof Figure>;

/** How far an answer of bounded size speaks for everything there is. `of` > `shown`: a sample, chosen as the route says. */
const Coverage = z.object({ shown: z.int(), of: z.int() });
type Coverage = z.infer<typeof Coverage>;

/** Five-number summary with Tukey's whiskers: the most extreme values within 1.5 interquartile ranges of the box. */
export const BoxStatistics = z.object({
  min: z.number(),
  whiskerLow: z.number(),
  q1: z.number(),
  median: z.number(),
  q3: z.number(),
  whiskerHigh: z.number(),
  max: z.number(),
  mean: z.number(),
  outliers: z.int().describe("values beyond the whiskers"),
});
export type BoxStatistics = z.infer<typeof BoxStatistics>;

/** Points of runs, as parallel arrays. */
const runPoints = { runs: z.array(RunId), seeds: z.array(Seed) };

export const DistributionGroup = z.object({
  group: AppliedParameters,
  trialCount: z.int(),
  counts: RunCounts,
  repeats: z.int().default(0).describe("further runs that repeat one of these; they count nowhere"),
  n: z.int().describe("finite values"),
  box: BoxStatistics.nullable(),
  points: z.object({ ...runPoints, values: z.array(z.number()) }).describe("at most `points` runs, both extremes included"),
  success: SuccessRate.nullable(),
  classes: z.record(MetricName, ClassCounts),
});
export type DistributionGroup = z.infer<typeof DistributionGroup>;
export const Distribution = z.object({
  sweep: SweepId,
  figure: Figure,
  groupedBy: z.array(z.string()),
  /** What `success` means; null when the experiment has no criterion. */
  criterion: z.string().nullable(),
  groups: z.array(DistributionGroup),
  leftOut: LeftOut.default(nothingLeftOut),
  more: z.int(),
});
export type Distribution = z.infer<typeof Distribution>;

/** What an axis of a plot over parameters needs. */
export const ParameterAxis = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  kind: z.enum(["number", "category"]),
  scale: z.enum(["linear", "log"]),
  distinct: z.int(),
  /** In order; only when there are at most 100. */
  values: z.array(ParameterValue).optional(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type ParameterAxis = z.infer<typeof ParameterAxis>;

/**
 * Trials (value: mean over the initializations) or runs with their parameters, as parallel arrays, best first. Chosen by rank:
 * the best hundred, then evenly spread over the ranks, so that the same question gets the same answer. Items without a value
 * have rank null and come last.
 */
export const ParameterSample = z.object({
  sweep: SweepId,
  per: z.enum(["trial", "run"]),
  figure: Figure,
  axes: z.array(ParameterAxis),
  trials: z.array(z.int()).describe("trial indices"),
  runs: z.array(RunId).describe("empty for per=trial"),
  seeds: z.array(Seed).describe("empty for per=trial"),
  ranks: z.array(z.int().nullable()).describe("1: best; equal values share a rank"),
  values,
  n: z.array(z.int()).describe("finite values behind each item"),
  succeeded: z.array(z.int()).describe("runs that met the success criterion"),
  parameters: z.record(z.string(), z.array(ParameterValue.nullable())),
  coverage: Coverage,
});
export type ParameterSample = z.infer<typeof ParameterSample>;

/** Empirical distribution functions over the runs with a value: share of them with a value ≤ x. Exact; thinned to the point budget. */
export const Edf = z.object({
  sweep: SweepId,
  figure: Figure,
  groupedBy: z.array(z.string()),
  groups: z.array(
    z.object({
      group: AppliedParameters,
      n: z.int(),
      without: z.int().describe("finished runs without a finite value: they keep the curve below 1 when counted"),
      x: z.array(z.number()),
      y: z.array(z.number()),
    }),
  ),
  leftOut: LeftOut.default(nothingLeftOut),
  more: z.int(),
});
export type Edf = z.infer<typeof Edf>;

const gridAxis = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  scale: z.enum(["linear", "log"]),
  /** One per cell: the value itself, or the middle of the bin. */
  values: z.array(ParameterValue),
  /** Bin edges, one more than cells; null when cells are single values. */
  edges: z.array(z.number()).nullable(),
});
/** A statistic of a figure over two parameters: `z[row of y][column of x]`. */
export const ParameterGrid = z.object({
  sweep: SweepId,
  figure: Figure,
  statistic: z.enum(["mean", "median", "best", "success"]),
  x: gridAxis,
  y: gridAxis,
  z: z.array(values),
  n: z.array(z.array(z.int())),
  inapplicable: z.int().default(0).describe("runs without a place, as one of the parameters does not apply to them"),
});
export type ParameterGrid = z.infer<typeof ParameterGrid>;

export const Importance = z.object({
  sweep: SweepId,
  figure: Figure,
  method: z.object({ id: z.enum(["main-effects", "permutation"]), title: z.string(), description: z.string() }),
  scale: z.enum(["linear", "log"]).describe("the figure as it entered: log: its logarithm"),
  n: z.int().describe("values that entered"),
  coverage: Coverage.describe("of all finished runs, repeats apart"),
  leftOut: LeftOut.default(nothingLeftOut),
  /**
   * main-effects: the shares' sum, at most the share between trials; permutation: R² of the forest on runs it was not grown from. Null when
   * undefined, as it is where the figure is the same in all runs.
   */
  explained: z.number().nullable(),
  parameters: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      importance: z.number().describe("main-effects: share of variance; permutation: loss of R²"),
      std: z.number().nullable().describe("over repetitions; null where there are none"),
      bins: z.int().describe("levels compared"),
    }),
  ),
  /** The seed as a factor: the share of variance between initializations of the same trial; null where nothing varies, or no trial has two. */
  seedShare: z.number().nullable(),
});
export type Importance = z.infer<typeof Importance>;

export const Timeline = z.object({
  sweep: SweepId,
  figure: Figure,
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  /** The newest first. */
  attempts: z.array(
    z.object({
      run: RunId,
      attempt: z.int(),
      trainer: z.string(),
      trainerName: z.string().nullable(),
      state: AttemptState,
      reason: z.string().nullable(),
      packWidth: z.int(),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime().nullable(),
    }),
  ),
  coverage: Coverage.describe("of `attempts`"),
  throughput: z.object({
    binSeconds: z.number(),
    starts: z.array(z.iso.datetime()),
    succeeded: z.array(z.int()),
    diverged: z.array(z.int()),
    failed: z.array(z.int()),
  }),
  /** Optimization history: runs in the order in which they finished; every improvement is in it, others are sampled. */
  history: z.object({
    ...runPoints,
    order: z.array(z.int()).describe("number of runs finished before"),
    finishedAt: z.array(z.iso.datetime()),
    values: z.array(z.number()),
    best: z.array(z.number()),
    coverage: Coverage,
  }),
  /** Finished runs without a result, by reason (numbers in it replaced by #), most frequent first. */
  reasons: z.array(z.object({ state: RunState, reason: z.string(), count: z.int(), examples: z.array(RunId) })),
});
export type Timeline = z.infer<typeof Timeline>;

/** The words of runs (e.g. discovered equations) counted per group. */
export const LabelTally = z.object({
  sweep: SweepId,
  label: MetricName.nullable().describe("null: the runs have no labels"),
  labels: z.array(MetricName).describe("every label there is"),
  groupedBy: z.array(z.string()),
  groups: z.array(
    z.object({
      group: AppliedParameters,
      of: z.int().describe("runs with this label"),
      tally: z.array(
        z.object({
          text: z.string(),
          count: z.int(),
          met: z.int().describe("of these, runs that met the success criterion"),
          examples: z.array(RunId).describe("the first, at most 5"),
        }),
      ),
      more: z.int().describe("texts that are not listed"),
    }),
  ),
  more: z.int(),
});
export type LabelTally = z.infer<typeof LabelTally>;

/** Coefficients of an equation plot over runs; `coefficients[equation][term]`. */
export const EquationTerms = z.object({
  sweep: SweepId,
  plot: z.string(),
  equations: z.array(z.string()).describe("LaTeX of the left-hand sides"),
  terms: z.array(z.object({ text: z.string(), latex: z.string() })),
  truth: z.object({ text: z.string(), latex: z.string() }).nullable(),
  runs: z.array(
    z.object({
      run: RunId,
      seed: Seed,
      trialIndex: z.int(),
      met: z.boolean().nullable(),
      text: z.string(),
      latex: z.string(),
      coefficients: z.array(values),
      active: z.array(z.array(z.boolean())),
      history: z.array(z.object({ step: z.int(), coefficients: z.array(values), active: z.array(z.array(z.boolean())) })),
    }),
  ),
  coverage: Coverage,
});
export type EquationTerms = z.infer<typeof EquationTerms>;

export const RunPlots = z.object({
  sweep: SweepId,
  plot: z.string(),
  items: z.array(z.object({ run: RunId, seed: Seed, trialIndex: z.int(), plot: PlotData })),
  coverage: Coverage,
});
export type RunPlots = z.infer<typeof RunPlots>;

/**
 * What runs predict together, point by point of the grid that they share. `mean`: what all say alike as it is, what differs as its mean with the
 * band; null: no run has the plot. `spread`: the sample standard deviation of what differs; null: nothing does. `leftOut`: lines and layers of
 * which the runs have no common grid.
 */
export const RunEnsemble = z.object({
  sweep: SweepId,
  plot: z.string(),
  band: BandKind,
  runs: z.array(RunId),
  mean: PlotData.nullable(),
  spread: PlotData.nullable(),
  leftOut: z.array(z.string()),
  coverage: Coverage,
});
export type RunEnsemble = z.infer<typeof RunEnsemble>;

/** Two figures of the same runs, as parallel arrays. Correlations are over all runs with both, not the sample. */
export const MetricPairs = z.object({
  sweep: SweepId,
  x: Figure,
  y: Figure,
  groupedBy: z.array(z.string()),
  groups: z.array(AppliedParameters),
  ...runPoints,
  group: z.array(z.int()).describe("position in `groups`; −1: beyond the groups listed"),
  xs: z.array(z.number()),
  ys: z.array(z.number()),
  met: z.array(z.boolean()).describe("empty without a success criterion"),
  pearson: z.number().nullable(),
  spearman: z.number().nullable(),
  coverage: Coverage,
});
export type MetricPairs = z.infer<typeof MetricPairs>;

/** How long a sweep would take, judged by what was trained before. */
export const SweepEstimate = z.object({
  runs: z.number().nullable(),
  /** Slots of the pool's trainers that are online. */
  slots: z.int(),
  /** Null: nothing like it was trained before. */
  secondsPerRun: z.object({ median: z.number(), q1: z.number(), q3: z.number(), runs: z.int() }).nullable(),
  seconds: z.object({ median: z.number(), q1: z.number(), q3: z.number() }).nullable(),
  reading: z.string(),
});
export type SweepEstimate = z.infer<typeof SweepEstimate>;

/** How far a sweep is, by the steps that its runs have taken, and what it waits for. */
export const SweepProgress = z.object({
  sweep: SweepId,
  share: z.number().nullable().describe("0 … 1 of all its steps; null: how many there will be is not known"),
  secondsLeft: z
    .number()
    .nullable()
    .describe("at the pace of the runs in training; null: none trains, or nothing is known of their pace"),
  stepsPerSecond: z.number().nullable().describe("of all runs in training together"),
  runs: z
    .array(
      z.object({
        run: RunId,
        step: z.int(),
        of: z.int().nullable().describe("at most; null: the experiment does not say"),
        secondsLeft: z.number().nullable(),
      }),
    )
    .describe("in training, those first that began first"),
  waits: z
    .object({
      place: z.int().describe("1: next"),
      slots: z.int().describe("of the trainers that can take it"),
      holders: z.array(
        z.object({
          sweep: SweepId.nullable().describe("null: another project's"),
          name: z.string(),
          packs: z.int(),
          secondsLeft: z.number().nullable(),
        }),
      ),
      turnAt: z.iso
        .datetime()
        .nullable()
        .describe("a pack is handed back for it then, after its step, unless a slot is free sooner"),
    })
    .nullable()
    .describe("runs are left and none trains; null: it waits for nothing"),
  reading: z.string().describe("what it waits for, or how long it still takes, in words; empty: nothing to say"),
});
export type SweepProgress = z.infer<typeof SweepProgress>;

/** What a sweep says about its question: in a sentence, by configuration with the best first, and run by run. */
export const SweepAnswer = z.object({
  sweep: SweepId,
  sentence: z.string(),
  criterion: z.string().nullable().describe("what success means; null: the experiment has none"),
  figure: Figure,
  groupedBy: z.array(z.string()),
  seeds: z.array(Seed).describe("the first `seeds` of each trial, in order: the places of `cells`"),
  rows: z.array(
    z.object({
      group: AppliedParameters,
      trial: z.int(),
      counts: RunCounts,
      success: SuccessRate.nullable(),
      median: z
        .number()
        .nullable()
        .describe("of the runs that ended, those without a value counting as the worst; null: half have none"),
      low: z.number().nullable().describe("of the 95 % interval of the median; null: too few runs, or open"),
      high: z.number().nullable(),
      best: z.object({ run: RunId, value: z.number() }).nullable(),
      cells: z
        .string()
        .describe(
          "a letter for each initialization: m met, x missed, f finished without a criterion, d diverged, e failed, c cancelled, p pruned, u unfinished, a space: no such run",
        ),
    }),
  ),
  configurations: z.int().describe("of which `rows` are the best"),
  seedCount: z.int(),
});
export type SweepAnswer = z.infer<typeof SweepAnswer>;
