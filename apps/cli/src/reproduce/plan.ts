import type { Configuration, ParameterValue, SearchSpec, Space } from "@basin/contracts";

/** A bound that a figure must keep. */
export interface Bound {
  op: ">=" | "<=";
  value: number;
}

/** How one row of the table is computed from a sweep's results, and what it is held against. */
export interface Reading {
  /** A final figure of the experiment. With `success` it is not read. */
  metric: string;
  /**
   * median: over the runs of the group, with their range. share: of runs with value 1, with Wilson's 95 % interval. success: share of
   * runs that meet the experiment's criterion. classes: how many runs are in each class. best: the best median of all groups.
   * rank-correlation: Spearman's over all runs of the sweep with the metric `against`, with its 95 % interval.
   */
  read: "median" | "share" | "success" | "classes" | "best" | "rank-correlation";
  against?: string;
  /** Swept parameters that name the group; needed where a sweep has several and the figure is not about all of them. */
  where?: Configuration;
  /** What the source says, as it says it. */
  source?: string;
  /** criterion: the threshold that the experiment's own criterion has for this metric. Left out: nothing is claimed. */
  want?: Bound | "criterion";
  /** Takes that plan's figure of the same metric and reading away from ours. */
  minus?: string;
  /** Divides ours by that plan's. */
  over?: string;
  /** Not judged while runs are in that class: what the criterion is about was not there. */
  unless?: { metric: string; category: string; why: string };
  /** Shown always. */
  remark?: string;
  /** Shown when the criterion is missed: why. */
  missed?: string;
  /** Name in the report's figures. */
  figure?: string;
}

/** What a figure is held against, to be spread into its reading. */
export const criterion = { want: "criterion" } as const;
export const atLeast = (value: number): { want: Bound } => ({ want: { op: ">=", value } });
export const atMost = (value: number): { want: Bound } => ({ want: { op: "<=", value } });

type More = Omit<Reading, "metric" | "read">;
export const median = (metric: string, more: More = {}): Reading => ({ metric, read: "median", ...more });
/** The share of runs that meet the experiment's criterion. */
export const success = (more: More = {}): Reading => ({ metric: "success", read: "success", ...more });

/** What a plan trains. */
export interface Training {
  /** Parameters with other values than the experiment's defaults. */
  fixed?: Configuration;
  /** Parameters of which each value is trained. */
  swept?: Record<string, ParameterValue[]>;
  /** For a search other than the grid. */
  search?: Partial<SearchSpec>;
  space?: Space;
  /** Initializations; 5 when left out. */
  seeds?: number;
  /** The first of their seeds; 1 when left out. Another where something was chosen or judged with the first ones in view. */
  firstSeed?: number;
}

/** One sweep of an experiment, and the rows that it gives. */
export interface Plan extends Training {
  id: string;
  experiment: string;
  /** The experiment's starting point whose values are trained where the plan has no others. */
  startingPoint?: string;
  /** What is trained, in a few words. */
  setting: string;
  /** What `--quick` trains in its place; null: nothing. The criteria are judged when it changes no parameter, or none that they depend on. */
  quick: (Training & { judged?: true }) | null;
  readings: readonly Reading[];
}

const defaultSeeds = 5;

export interface PlanOptions {
  quick: boolean;
  /** Initializations of every plan; null: as the plan says. */
  seeds: number | null;
}

/** What is trained under the options; null: nothing. */
export function trainingOf(plan: Plan, { quick, seeds }: PlanOptions): Required<Pick<Training, "seeds">> & Training {
  const base: Training = quick && plan.quick ? { ...plan, ...plan.quick, fixed: { ...plan.fixed, ...plan.quick.fixed } } : plan;
  return { ...base, seeds: seeds ?? base.seeds ?? defaultSeeds };
}

/** Whether the figures are those that the criteria are about. */
export function isJudged(plan: Plan, { quick }: PlanOptions): boolean {
  if (!quick || plan.quick === null || plan.quick.judged) return true;
  return plan.quick.fixed === undefined && plan.quick.swept === undefined && plan.quick.space === undefined;
}
