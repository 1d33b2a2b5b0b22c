import type { FinalMetrics, ResultGroup, RunId, SuccessCriterion } from "@basin/contracts";
import type { RunOutcome } from "@basin/database";
import { mean, summarize, wilsonInterval } from "@basin/numerics";

export function meets(criterion: SuccessCriterion, metrics: FinalMetrics): boolean {
  return criterion.all.every(({ metric, op, value }) => {
    const figure = metrics[metric];
    if (figure === undefined || figure === null || !Number.isFinite(figure)) return false;
    return op === ">=" ? figure >= value : figure <= value;
  });
}

/** The figures of one group, fed run by run. Only finite values of succeeded runs enter the statistics. */
export class GroupFigures {
  private readonly counts = { total: 0, succeeded: 0, diverged: 0, failed: 0, cancelled: 0, unfinished: 0 };
  private readonly objectives: number[] = [];
  private readonly metrics = new Map<string, number[]>();
  private best: { run: RunId; value: number } | null = null;
  private worst: { run: RunId; value: number } | null = null;
  private met = 0;

  constructor(
    private readonly minimize: boolean,
    private readonly criterion: SuccessCriterion | null,
  ) {}

  add(outcome: RunOutcome): void {
    this.counts.total += 1;
    const { state } = outcome;
    if (state === "pending" || state === "queued" || state === "running") this.counts.unfinished += 1;
    else this.counts[state] += 1;
    if (state !== "succeeded") return;
    if (outcome.objective !== null && Number.isFinite(outcome.objective)) this.addObjective(outcome.run, outcome.objective);
    const metrics = outcome.metrics ?? {};
    for (const [name, value] of Object.entries(metrics)) {
      let list = this.metrics.get(name);
      if (!list) this.metrics.set(name, (list = []));
      if (value !== null && Number.isFinite(value)) list.push(value);
    }
    if (this.criterion && meets(this.criterion, metrics)) this.met += 1;
  }

  private addObjective(run: RunId, value: number): void {
    this.objectives.push(value);
    const better = (a: number, b: number): boolean => (this.minimize ? a < b : a > b);
    if (!this.best || better(value, this.best.value)) this.best = { run, value };
    if (!this.worst || better(this.worst.value, value)) this.worst = { run, value };
  }

  /** NaN without any value. */
  meanObjective(): number {
    return mean(this.objectives);
  }

  summary(): Omit<ResultGroup, "group" | "trials" | "trialCount"> {
    const names = [...this.metrics.keys()].sort();
    return {
      counts: this.counts,
      objective: summarize(this.objectives),
      best: this.best,
      worst: this.worst,
      metrics: Object.fromEntries(names.map((name) => [name, summarize(this.metrics.get(name) ?? [])])),
      success: this.success(),
    };
  }

  /** Of the runs that came to an end by themselves: cancelled ones say nothing about their configuration. */
  private success(): ResultGroup["success"] {
    const of = this.counts.succeeded + this.counts.diverged + this.counts.failed;
    const interval = this.criterion ? wilsonInterval(this.met, of) : null;
    return interval && { met: this.met, of, rate: this.met / of, low: interval.low, high: interval.high };
  }
}

/** Positions of the groups, best mean objective first; groups without one last, ties in the order given. */
export function bestFirst(figures: readonly GroupFigures[], minimize: boolean): number[] {
  const means = figures.map((group) => group.meanObjective());
  const sign = minimize ? 1 : -1;
  return means
    .map((_, i) => i)
    .sort((a, b) => {
      const x = means[a] ?? Number.NaN;
      const y = means[b] ?? Number.NaN;
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      return sign * (x - y) || a - b;
    });
}
