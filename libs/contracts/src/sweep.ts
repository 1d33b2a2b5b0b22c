import { z } from "zod";
import { BuildId, MetricName, PoolName, SweepId } from "./ids";
import { longList } from "./long-list";
import { Space } from "./parameters";

export const ExperimentId = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "an experiment id is kebab-case");
export type ExperimentId = z.infer<typeof ExperimentId>;

/**
 * An experiment as a sweep names it: its id and, of one from outside, behind an `@` the version that it ran with: 12 hex digits of a
 * hash of its descriptor. Submitted without a version it is the newest.
 */
export const ExperimentRef = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}(@[0-9a-f]{12})?$/,
    "an experiment id is kebab-case, with @ and 12 hex digits for one of its versions",
  );
export type ExperimentRef = z.infer<typeof ExperimentRef>;

/** The id in a reference to an experiment. */
export const experimentIdOf = (experiment: ExperimentRef): ExperimentId => experiment.split("@", 1)[0] ?? experiment;

/** The seed of one initialization. Every random number of a run derives from it. */
export const Seed = z.int().min(0).max(2_147_483_647);
export type Seed = z.infer<typeof Seed>;

/** The initializations of every trial: `count` consecutive seeds from `first`, or an explicit list without duplicates. */
export const SeedSpec = z
  .union([
    z.strictObject({
      count: z.int().min(1).max(100_000).meta({ title: "How many", description: "Seeds per trial" }),
      first: Seed.default(0).meta({ title: "First seed", description: "The others follow it" }),
    }),
    z.strictObject({
      list: longList(Seed, { most: 100_000, none: "needs at least one seed" })
        .refine((seeds) => new Set(seeds).size === seeds.length, "a seed is listed twice")
        .meta({ title: "Seeds", description: "Separated by commas" }),
    }),
  ])
  .meta({ id: "SeedSpec" });
export type SeedSpec = z.infer<typeof SeedSpec>;

/**
 * How many of the seeds a trial is trained from: from `min` on, and further as long as the race does not find it worse than others. All trials
 * have the same seeds in the same order, so that comparisons are paired. `max` sets the number of seeds, of a list it takes the first.
 */
export const Initializations = z
  .strictObject({
    min: z.int().min(1).max(100_000).default(2).meta({ title: "At least", description: "Seeds of every configuration" }),
    max: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ title: "At most", description: "Seeds of the best ones", "x-absent": "the number of seeds" }),
    race: z
      .enum(["forgiving", "halving", "f-race", "anytime-valid"])
      .default("forgiving")
      .meta({
        title: "Race",
        description: "When a configuration gets no further seed",
        "x-choices": {
          forgiving: "Once its mean is worse than the worst initialization of the best one",
          halving: "The worse half after each round; seeds double. The cost is known beforehand",
          "f-race": "What Friedman's test finds worse, from 5 seeds on",
          "anytime-valid": "What loses paired comparisons, with an error of at most α however often it is looked at",
        },
      }),
    alpha: z
      .number()
      .gt(0)
      .lte(0.5)
      .default(0.05)
      .meta({ title: "α", description: "Error that f-race and anytime-valid allow", "x-advanced": true }),
    cohort: z
      .int()
      .min(1)
      .max(1024)
      .default(32)
      .meta({ title: "At a time", description: "Configurations that race with each other", "x-advanced": true }),
    heldOut: z.int().min(0).max(10_000).default(10).meta({
      title: "Held out",
      description: "Further seeds, which the search never sees, from which the winner is trained again",
    }),
  })
  .meta({ id: "Initializations" });
export type Initializations = z.infer<typeof Initializations>;

/** When runs that train are stopped because they are not worth going on with: at rungs, steps at which they report a series. */
export const Stopping = z
  .strictObject({
    rule: z.enum(["percentile", "asha", "patience", "threshold", "divergence"]).meta({
      title: "Rule",
      "x-choices": {
        percentile: "What is worse than a share of the finished ones were there; the median at 50",
        asha: "What is not among the best 1/η of those that came to the rung",
        patience: "What has not become better over some rungs",
        threshold: "What is worse than a bound",
        divergence: "What is many times worse than it was before, or no number",
      },
    }),
    metric: MetricName.optional().meta({
      title: "Reported series",
      description: "Looked at where a rung is reached",
      "x-absent": "the objective, where it is reported while training",
    }),
    direction: z
      .enum(["minimize", "maximize"])
      .default("minimize")
      .meta({ title: "Better", description: "Which way the series is better", "x-advanced": true }),
    by: z
      .enum(["run", "trial"])
      .default("run")
      .meta({ title: "Judged by", description: "Every run by itself, or the mean over a trial's initializations" }),
    rungs: longList(z.int().min(1), { most: 1000, none: "needs at least one step" })
      .optional()
      .meta({ title: "Rungs", description: "Steps at which runs report", "x-absent": "as the rule has them" }),
    percentile: z.number().gt(0).lt(100).default(50).meta({ title: "Percentile", unit: "%", "x-advanced": true }),
    startup: z
      .int()
      .min(1)
      .max(10_000)
      .default(5)
      .meta({ title: "Finished first", description: "Before the percentile rule stops anything", "x-advanced": true }),
    eta: z.number().min(1).max(100).default(3).meta({ title: "η", description: "Of ASHA", "x-advanced": true }),
    patience: z.int().min(1).max(1000).default(3).meta({ title: "Patience", unit: "rungs", "x-advanced": true }),
    minDelta: z
      .number()
      .min(0)
      .default(0)
      .meta({ title: "Least improvement", description: "Of the patience rule", "x-advanced": true }),
    threshold: z
      .number()
      .optional()
      .meta({ title: "Bound", description: "Of the threshold rule", "x-absent": "none", "x-advanced": true }),
    factor: z
      .number()
      .gt(1)
      .default(10)
      .meta({ title: "Times worse", description: "Of the divergence rule", "x-advanced": true }),
  })
  .meta({ id: "Stopping" });
export type Stopping = z.infer<typeof Stopping>;

export const Objective = z
  .strictObject({ metric: MetricName, direction: z.enum(["minimize", "maximize"]) })
  .meta({ id: "Objective" });
export type Objective = z.infer<typeof Objective>;

/** Objectives that a sweep can have. */
export const mostObjectives = 3;

/** Which algorithm chooses configurations; `config` is checked against the algorithm's own schema. */
export const SearchSpec = z
  .strictObject({
    algorithm: z.string().min(1).max(64),
    config: z.record(z.string(), z.unknown()).default({}),
    seed: Seed.default(0).meta({ title: "Seed of the search", description: "Never touches the training" }),
  })
  .meta({ id: "SearchSpec" });
export type SearchSpec = z.infer<typeof SearchSpec>;

const unlimited = { "x-absent": "no limit" };

/**
 * What a sweep may cost. Once a part of it is spent nothing new begins: runs that wait are cancelled with the reason, runs that
 * train finish. `maxRuns` is different in that it is known beforehand: the first so many runs of the plan are the sweep.
 */
export const Budget = z.strictObject({
  maxRuns: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .meta({ title: "Most runs", description: "The first ones of the plan", ...unlimited }),
  /** Over all runs; a run counts with its share of its pack. */
  maxTrainSeconds: z
    .number()
    .positive()
    .max(1e10)
    .optional()
    .meta({ title: "Training time", unit: "s", description: "Of trainers' slots, over all runs", ...unlimited }),
  maxSteps: z
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ title: "Most steps", unit: "step", description: "Over all runs", ...unlimited }),
  /** A date and time with its zone. */
  deadline: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ title: "Deadline", description: "Then no further run begins", ...unlimited }),
});
export type Budget = z.infer<typeof Budget>;

/** The part of a budget that ended a sweep. */
export const BudgetPart = z.enum(["runs", "train-seconds", "steps", "deadline"]);
export type BudgetPart = z.infer<typeof BudgetPart>;

/**
 * What a person submits. `SweepSpec.parse` fills the defaults in; only the filled-in form is stored and sent.
 *
 * The dashboard's form is made from this schema: `title`, `description`, `unit` (`step`: the experiment's own), `x-absent` (what it means to
 * leave a field without a default out), `x-advanced` (folded away), `x-lines` (a text of several lines) and `x-choose-from` (which things of
 * this Basin its value is one of: `datasets`, `pools`, `metrics`, or some of: `objectives`).
 */
export const SweepSpec = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional().meta({ title: "Name", "x-absent": "named after the experiment" }),
    experiment: ExperimentRef,
    space: Space.default({}),
    search: SearchSpec.default({ algorithm: "grid", config: {}, seed: 0 }),
    constraints: z.array(z.string().trim().min(1).max(500)).max(20).optional().meta({
      title: "Constraints between parameters",
      description: "Comparisons that every configuration meets, e.g. width * layers <= 512",
      "x-absent": "none",
    }),
    seeds: SeedSpec.default({ count: 5, first: 0 }),
    initializations: Initializations.optional().meta({
      title: "Race over seeds",
      description: "Give further seeds only to configurations that may be the best",
      "x-absent": "every configuration gets all seeds",
    }),
    stopping: Stopping.optional().meta({
      title: "Stopping rule",
      description: "Stop runs on their way that are not worth going on with",
      "x-absent": "every run trains to its end",
    }),
    objective: Objective.optional().meta({
      title: "Objective",
      description: "What counts as best",
      "x-absent": "the experiment's",
      "x-choose-from": "metrics",
      "x-advanced": true,
    }),
    budget: Budget.optional().meta({ title: "Budget", ...unlimited }),
    pool: PoolName.default("default").meta({
      title: "Pool",
      description: "The trainers that may run it",
      "x-choose-from": "pools",
      "x-advanced": true,
    }),
    /** Sweeps of a pool are dispatched in descending priority, then in the order of submission. */
    priority: z.int().min(-100).max(100).default(0).meta({ title: "Priority", description: "Higher first", "x-advanced": true }),
    /** How many strikes a run may have (what counts as one: docs/glossary.md) before it is parked as failed. */
    retryLimit: z
      .int()
      .min(0)
      .max(20)
      .default(3)
      .meta({ title: "Retries", description: "Of a run after a failure", "x-advanced": true }),
    maxPackWidth: z.int().min(1).max(4096).optional().meta({
      title: "Widest pack",
      description: "Runs trained together; 1 trains each alone",
      "x-absent": "what the model family finds useful",
      "x-advanced": true,
    }),
    warmStart: SweepId.optional().meta({
      title: "Begin with the results of",
      description: "A search that learns begins with the trials of this sweep, of the same experiment and objective",
      "x-absent": "nothing",
      "x-advanced": true,
    }),
    objectives: z.array(Objective).min(1).max(mostObjectives).optional().meta({
      title: "Several objectives",
      description: "Of which none is to be sacrificed: the search looks for their Pareto front; the first one ranks runs",
      "x-absent": "the objective alone",
      "x-choose-from": "objectives",
      "x-advanced": true,
    }),
    metricConstraints: z.array(z.string().trim().min(1).max(500)).max(20).optional().meta({
      title: "Constraints on metrics",
      description: "Comparisons of final metrics, e.g. testLoss <= 0.1: a trial that breaks them counts as worse than all others",
      "x-absent": "none",
      "x-advanced": true,
    }),
    tags: z
      .array(z.string().trim().min(1).max(40))
      .max(20)
      .default([])
      .meta({ title: "Tags", description: "To find the sweep by" }),
    notes: z.string().max(10_000).default("").meta({ title: "Notes", "x-lines": true }),
  })
  .meta({ id: "SweepSpec" });
export type SweepSpec = z.infer<typeof SweepSpec>;
export type SweepSpecInput = z.input<typeof SweepSpec>;

export const SweepState = z.enum(["running", "paused", "completed", "cancelled"]);
export type SweepState = z.infer<typeof SweepState>;

/** Runs of a sweep by state; `planned` is the number the sweep will have in the end (null: unbounded or unknown). */
export const RunCounts = z
  .object({
    planned: z.number().nullable(),
    pending: z.int(),
    queued: z.int(),
    running: z.int(),
    succeeded: z.int(),
    diverged: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    pruned: z.int(),
  })
  .meta({ id: "RunCounts" });
export type RunCounts = z.infer<typeof RunCounts>;

/** A build of Basin, by which runs were trained. */
export const Build = z.object({
  id: BuildId,
  version: z.string().nullable().describe("what it calls itself, e.g. 0.1.0; null: its trainers do not say which build they are"),
});
export type Build = z.infer<typeof Build>;

/** `3fa94c1b20de (0.1.0)`, the id alone where no version is known. */
export function buildName({ id, version }: Build): string {
  return version === null ? id : `${id} (${version})`;
}

/** A build whose trainers take packs now. */
export const BuildOnline = Build.extend({ trainers: z.int(), slots: z.int() });
export type BuildOnline = z.infer<typeof BuildOnline>;

export const Sweep = z
  .object({
    id: SweepId,
    name: z.string(),
    state: SweepState,
    spec: SweepSpec,
    objective: Objective,
    /** Number of configurations in the whole search (null: not known beforehand). */
    trialsPlanned: z.number().nullable(),
    trialsCreated: z.int(),
    seeds: z.array(Seed).describe("every seed of each trial, in order; index = initialization index").optional(),
    seedCount: z.int(),
    counts: RunCounts,
    /** What its finished runs cost, and which part of its budget is spent; null: none. */
    usage: z.object({ trainSeconds: z.number(), steps: z.number(), spent: BudgetPart.nullable() }),
    parked: z
      .string()
      .nullable()
      .default(null)
      .describe("why the sweep was paused by itself: its search cannot go on; resuming tries again"),
    /** Best objective over succeeded runs. */
    best: z.object({ run: z.string(), value: z.number() }).nullable(),
    /** How many of the finished runs met the experiment's success criterion; null when it has none. */
    success: z.object({ met: z.int(), of: z.int() }).nullable(),
    racing: z
      .enum(["deciding", "decided"])
      .nullable()
      .default(null)
      .describe("whether its race over seeds still decides; null: every configuration gets all seeds"),
    build: Build.nullable().describe("which trainers its runs are given to; null: none was there yet"),
    earlierBuilds: z.array(Build).describe("builds that it was given to before it was continued on this one"),
    waiting: z
      .object({ others: z.array(BuildOnline).describe("builds that could go on with it, see `continueSweep`") })
      .nullable()
      .describe("runs are left, and no trainer of its build is there to train them; null: it does not wait for that"),
    owner: z.string().describe("name of the token that submitted it, or `local`"),
    project: z.string(),
    clonedFrom: SweepId.nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    archivedAt: z.iso.datetime().nullable().default(null).describe("left out of lists since then; null: it is not archived"),
    binnedUntil: z.iso
      .datetime()
      .nullable()
      .default(null)
      .describe("in the bin, from which it can be restored until then; null: it is not deleted"),
  })
  .meta({ id: "Sweep" });
export type Sweep = z.infer<typeof Sweep>;

/** Seeds of the race's final report, which follow the greatest seed of the search; none without a race. */
export function heldOutSeeds({ seeds, initializations }: Pick<SweepSpec, "seeds" | "initializations">): Seed[] {
  const greatest = seedsOf(seeds).reduce((most, seed) => Math.max(most, seed), -1);
  return Array.from({ length: initializations?.heldOut ?? 0 }, (_, i) => greatest + 1 + i);
}

/** Lists the seeds of a spec in order. */
export function seedsOf(spec: SeedSpec): Seed[] {
  if ("list" in spec) return [...spec.list];
  return Array.from({ length: spec.count }, (_, i) => spec.first + i);
}
