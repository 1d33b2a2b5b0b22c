import { Report, type ResultGroup, type Results, type Sweep } from "@basin/contracts";
import { call } from "../api-calls";
import { machineOf } from "../machine";

type Check = Report["checks"][number];

const single = (value: number, unit: string): Report["figures"][string] => ({ value, unit, min: value, max: value, samples: 1 });

/** The configuration that the source trained. */
function sourceGroup(results: Results): ResultGroup | undefined {
  return results.groups.find(({ group }) => group.activation === "tanh" && group.learningRate === 1e-3);
}

/** Median over the runs of the loss at a step; null when a run has no value there. */
function medianAt(runs: readonly { steps: number[]; values: (number | null)[] }[], step: number): number | null {
  const values = runs.map((run) => run.values[run.steps.indexOf(step)] ?? null);
  if (values.length === 0 || values.includes(null)) return null;
  return (values as number[]).sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** Plateau, then drop: the loss near the variance of f at epoch 100, and more than twenty times lower at epoch 500. */
async function curveChecks(origin: string, sweep: Sweep, group: ResultGroup): Promise<Check[]> {
  const trial = group.trials?.[0];
  const runs = Array.from({ length: sweep.seedCount }, (_, seed) => `${trial ?? ""}-${seed}`);
  const series = await Promise.all(
    runs.map(async (run) => {
      const metrics = await call(origin, "getRunMetrics", { params: { run }, query: { metrics: ["loss"], raw: true } });
      return metrics.series[0] ?? { steps: [], values: [] };
    }),
  );
  const early = medianAt(series, 100);
  const late = medianAt(series, 500);
  return [
    {
      name: "tanh 1e-3: loss is still on the plateau at epoch 100 (median)",
      want: ">= 0.03",
      got: early,
      met: early === null ? null : early >= 0.03,
    },
    {
      name: "tanh 1e-3: loss has dropped at epoch 500 (median)",
      want: "<= 0.002",
      got: late,
      met: late === null ? null : late <= 0.002,
    },
  ].map((check) => (check.got === null ? { ...check, reason: "the series has no such epoch" } : check));
}

async function sourceChecks(origin: string, sweep: Sweep, results: Results, quick: boolean): Promise<Check[]> {
  const group = sourceGroup(results);
  const names = [
    {
      metric: "rSquared",
      want: ">= 0.995",
      name: "tanh 1e-3: mean R² on the 100 × 100 grid",
      met: (value: number) => value >= 0.995,
    },
    {
      metric: "mae",
      want: "<= 0.010",
      name: "tanh 1e-3: mean absolute error on the 100 × 100 grid",
      met: (value: number) => value <= 0.01,
    },
  ];
  const finals = names.map(({ metric, want, name, met }): Check => {
    const got = group?.metrics[metric]?.mean ?? null;
    if (quick) return { name, want, got, met: null, reason: "--quick trains too few epochs for the drop" };
    return got === null
      ? { name, want, got, met: null, reason: "no run of this group succeeded" }
      : { name, want, got, met: met(got) };
  });
  return quick || !group ? finals : [...finals, ...(await curveChecks(origin, sweep, group))];
}

export interface DemoOutcome {
  runsExpected: number;
  runsCommitted: number;
  runsFailed: number;
}

/** Counts the runs that count: a diverged run is a committed result; failed, cancelled and missing runs are lost. */
export function outcomeOf(sweep: Sweep): DemoOutcome {
  const { counts } = sweep;
  const committed = counts.succeeded + counts.diverged;
  return { runsExpected: counts.planned ?? 0, runsCommitted: committed, runsFailed: counts.failed };
}

export async function demoReport(
  origin: string,
  input: { sweep: Sweep; results: Results; quick: boolean; startedAt: Date; seconds: number },
): Promise<Report> {
  const { sweep, results } = input;
  const outcome = outcomeOf(sweep);
  return Report.parse({
    report: "demo",
    version: 1,
    machine: await machineOf(origin),
    startedAt: input.startedAt.toISOString(),
    seconds: input.seconds,
    figures: {
      runsExpected: single(outcome.runsExpected, "runs"),
      runsCommitted: single(outcome.runsCommitted, "runs"),
      runsFailed: single(outcome.runsFailed, "runs"),
    },
    checks: [
      {
        name: "every run is committed",
        want: `= ${outcome.runsExpected}`,
        got: outcome.runsCommitted,
        met: outcome.runsCommitted === outcome.runsExpected,
      },
      ...(await sourceChecks(origin, sweep, results, input.quick)),
    ],
    rows: results.groups.map((group) => ({
      ...group.group,
      runs: group.counts.total,
      n: group.objective.n,
      objective: results.objective.metric,
      mean: group.objective.mean,
      median: group.objective.median,
      std: group.objective.std,
      ciLow: group.objective.ciLow,
      ciHigh: group.objective.ciHigh,
      best: group.best?.value ?? null,
      worst: group.worst?.value ?? null,
      failed: group.counts.failed,
      diverged: group.counts.diverged,
      successRate: group.success?.rate ?? null,
      metrics: Object.fromEntries(Object.entries(group.metrics).map(([name, statistics]) => [name, statistics.mean])),
    })),
  });
}
