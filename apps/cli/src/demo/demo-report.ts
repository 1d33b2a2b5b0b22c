import { Report, type ResultGroup, type Results, type Sweep } from "@basin/contracts";
import { machineOf } from "../machine";

type Check = Report["checks"][number];

const single = (value: number, unit: string): Report["figures"][string] => ({ value, unit, min: value, max: value, samples: 1 });

type Success = NonNullable<ResultGroup["success"]>;

/** How many initializations of a gate met the criterion with one hidden layer of this width; 0 is the single neuron. */
function successOf(results: Results, gate: string, width: number): Success | null {
  const layers = JSON.stringify(width === 0 ? [] : [width]);
  const group = results.groups.find((one) => one.group.gate === gate && JSON.stringify(one.group.hiddenLayers) === layers);
  return group?.success ?? null;
}

function successCheck(name: string, want: string, success: Success | null, met: (success: Success) => boolean): Check {
  return success === null || success.of === 0
    ? { name, want, got: null, met: null, reason: "no run of this configuration ended" }
    : { name, want, got: success.met, met: met(success) };
}

/** What is known of these networks: a line separates AND and OR but not XOR; two hidden units suffice for XOR, four find it easily. */
function gateChecks(results: Results): Check[] {
  const [single, two, four] = [0, 2, 4].map((width) => successOf(results, "XOR", width));
  return [
    ...["AND", "OR"].map((gate) => {
      const success = successOf(results, gate, 0);
      return successCheck(`a single neuron learns ${gate}`, `= ${success?.of ?? "all"}`, success, ({ met, of }) => met === of);
    }),
    successCheck("a single neuron never learns XOR", "= 0", single ?? null, ({ met }) => met === 0),
    successCheck(
      "two hidden units learn XOR from some initializations only",
      `1 to ${(two?.of ?? 2) - 1}`,
      two ?? null,
      (success) => success.met > 0 && success.met < success.of,
    ),
    successCheck(
      "four hidden units learn XOR from more of them",
      `> ${two?.met ?? 0}`,
      four ?? null,
      ({ met }) => met > (two?.met ?? 0),
    ),
  ];
}

/** The demo's answer in one sentence; null when a configuration did not end. */
export function demoAnswer(results: Results): string | null {
  const parts = [0, 2, 4].map((width) => {
    const success = successOf(results, "XOR", width);
    if (success === null || success.of === 0) return null;
    const name = width === 0 ? "no hidden layer" : `${width} hidden units`;
    return `${name} ${success.met} of ${success.of} (${success.low.toFixed(2)}–${success.high.toFixed(2)})`;
  });
  return parts.includes(null) ? null : `Initializations that learn XOR (95 % interval of the rate): ${parts.join(", ")}.`;
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
  input: { sweep: Sweep; results: Results; startedAt: Date; seconds: number },
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
      ...gateChecks(results),
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
