import { routeUrl } from "@basin/contracts";
import { atLeast, atMost, figure, type Measurement } from "./report";
import { runSweep, startWarmStack } from "./warm-stack";

/**
 * No-op runs (experiment `diagnostic`, one step) from submit to committed in Postgres, on a warm stack with one trainer: a grid of as many
 * configurations with one initialization each, so that every run also makes a trial. The rate of the last tenth of the commits
 * over that of the first shows whether the ledger slows down as it fills.
 */
export async function dispatch({ quick }: { quick: boolean }): Promise<Measurement> {
  const runs = quick ? 2000 : 20_000;
  const stack = await startWarmStack();
  try {
    const spec = (count: number) => ({
      experiment: "diagnostic",
      space: {
        level: { type: "int" as const, min: 1, max: count },
        steps: { type: "fixed" as const, value: 1 },
        secondsPerStep: { type: "fixed" as const, value: 0 },
      },
      seeds: { count: 1 },
    });
    await runSweep(stack.api, spec(500));
    const rates: number[] = [];
    const decays: number[] = [];
    const rows: Record<string, unknown>[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const { sweep, submittedAt } = await runSweep(stack.api, spec(runs));
      const commits = await commitTimes(stack.api, sweep.id);
      if (commits.length !== runs) throw new Error(`${commits.length} of ${runs} runs have a commit time`);
      const rate = runs / ((commits[runs - 1]! - submittedAt) / 1000);
      const tenth = runs / 10;
      const first = tenth / (commits[tenth - 1]! - submittedAt);
      const last = tenth / (commits[runs - 1]! - commits[runs - 1 - tenth]!);
      rates.push(rate);
      decays.push(last / first);
      rows.push({
        round,
        runs,
        runsPerSecond: Math.round(rate),
        firstTenthPerSecond: Math.round(first * 1000),
        lastTenthPerSecond: Math.round(last * 1000),
      });
    }
    const processes = await stack.processes();
    const apiBytes = Math.max(...processes.filter(({ command }) => command.includes("apps/api")).map(({ bytes }) => bytes));
    const figures = {
      runsPerSecond: figure(rates, "runs/s"),
      lastTenthOverFirstTenth: figure(decays, "ratio"),
      apiMemoryMegabytes: figure([apiBytes / 1e6], "MB"),
    };
    return {
      figures,
      checks: [
        atLeast("runsPerSecond", figures.runsPerSecond.value, 1000),
        atLeast("lastTenthOverFirstTenth", figures.lastTenthOverFirstTenth.value, 0.9),
        atMost("apiMemoryMegabytes", figures.apiMemoryMegabytes.value, 400),
      ],
      rows,
      backend: "none",
    };
  } finally {
    await stack.stop();
  }
}

/** When each run of the sweep was committed, in milliseconds since the epoch, ascending. */
async function commitTimes(api: string, sweep: string): Promise<number[]> {
  const response = await fetch(routeUrl(api, "exportSweep", { params: { sweep }, query: { format: "ndjson", what: "runs" } }));
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Date.parse((JSON.parse(line) as { finishedAt: string }).finishedAt))
    .sort((a, b) => a - b);
}
