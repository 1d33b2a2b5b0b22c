import { call } from "@basin/client";
import { SweepSpec, timeMetric, type Run, type RunDetail, type Sweep, type SweepId, type SweepSpecInput } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect } from "vitest";
import { smallNetworks } from "./specs";

export async function submit(api: string, spec: SweepSpecInput): Promise<Sweep> {
  return call(api, "createSweep", { body: SweepSpec.parse(spec) });
}

export async function waitForSweep(
  api: string,
  sweep: SweepId,
  until: (sweep: Sweep) => boolean,
  options: { timeoutSeconds: number; what: string },
): Promise<Sweep> {
  let last: Sweep | null = null;
  return eventually(
    async () => {
      last = await call(api, "getSweep", { params: { sweep } });
      return until(last) ? last : null;
    },
    { timeoutSeconds: options.timeoutSeconds, everyMilliseconds: 100, what: options.what },
  ).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}; the sweep: ${JSON.stringify(last?.counts)} ${last?.state ?? ""}`);
  });
}

export function completed(api: string, sweep: SweepId, timeoutSeconds = 90): Promise<Sweep> {
  return waitForSweep(api, sweep, ({ state }) => state === "completed", { timeoutSeconds, what: `sweep ${sweep} is completed` });
}

export function runsTrain(api: string, sweep: SweepId): Promise<Sweep> {
  return waitForSweep(api, sweep, ({ counts }) => counts.running > 0, { timeoutSeconds: 20, what: "runs train" });
}

/** Waits for a run that is being trained and has a checkpoint to go on from. */
export function runWithCheckpoint(api: string, sweep: SweepId, fits: (run: Run) => boolean = () => true): Promise<Run> {
  return eventually(
    async () => {
      for (const run of (await runsOf(api, sweep)).filter((one) => one.state === "running" && fits(one))) {
        const { items } = await call(api, "listArtifacts", { params: { run: run.id } });
        if (items.some((artifact) => artifact.kind === "checkpoint")) return run;
      }
      return null;
    },
    { timeoutSeconds: 60, everyMilliseconds: 20, what: "a running run has a checkpoint" },
  );
}

/**
 * Until the scheduler of the API at this address, which leads, has looked at all sweeps twice more, the second time wholly from now on, so that
 * "nothing happened" is said of a scheduler that looked.
 */
export async function morePasses(api: string): Promise<void> {
  const passes = async (): Promise<number> => {
    const text = await (await fetch(`${api}/metrics`)).text();
    return Number(/^basin_scheduler_pass_seconds_count (\d+)$/m.exec(text)?.[1]);
  };
  const before = await passes();
  await eventually(async () => (await passes()) >= before + 2, { timeoutSeconds: 30, what: "the scheduler looks" });
}

export async function runsOf(api: string, sweep: SweepId): Promise<Run[]> {
  const runs: Run[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(api, "listRuns", {
      params: { sweep },
      query: { limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
    });
    runs.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return runs;
}

export async function runDetails(api: string, sweep: SweepId): Promise<RunDetail[]> {
  const runs = await runsOf(api, sweep);
  return Promise.all(runs.map((run) => call(api, "getRun", { params: { run: run.id } })));
}

/** Everything a run computed: final figures and every point of every series (not the time it took). Keyed so that sweeps can be compared. */
export interface RunFacts {
  metrics: Run["metrics"];
  series: Record<string, { steps: number[]; values: (number | null)[] }>;
}

/** Facts by `<configuration>#<seed>`: independent of ids, order, packing and trainers. JSON numbers are exact to the bit. */
export async function factsOf(api: string, sweep: SweepId): Promise<Map<string, RunFacts>> {
  const runs = await runsOf(api, sweep);
  const facts = new Map<string, RunFacts>();
  for (const run of runs) {
    const { series } = await call(api, "getRunMetrics", { params: { run: run.id }, query: { raw: true } });
    const computed = series.filter(({ metric }) => metric !== timeMetric);
    const byName = Object.fromEntries(computed.map(({ metric, steps, values }) => [metric, { steps, values }]));
    const configuration = Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    facts.set(`${JSON.stringify(configuration)}#${run.seed}`, { metrics: run.metrics, series: byName });
  }
  return facts;
}

/** Every run of the grid is there once, committed once, and its series has `steps` steps, from 1 (or `first`) on. */
export async function expectNothingLostNothingDouble(
  api: string,
  sweep: SweepId,
  want: { runs: number; metric: string; steps: number; first?: number },
): Promise<RunDetail[]> {
  const details = await runDetails(api, sweep);
  expect(details).toHaveLength(want.runs);
  expect(new Set(details.map((run) => `${run.trialIndex}-${run.seedIndex}`)).size).toBe(want.runs);
  for (const run of details) {
    expect(run.state, run.reason ?? run.id).toBe("succeeded");
    const finals = run.attempts.filter((attempt) => attempt.state === "succeeded");
    expect(
      finals.map((attempt) => attempt.number),
      `commits of ${run.id}`,
    ).toEqual([run.attempt]);
    const { series } = await call(api, "getRunMetrics", {
      params: { run: run.id },
      query: { raw: true, metrics: [want.metric] },
    });
    expect(series[0]?.steps, `series of ${run.id}`).toEqual(Array.from({ length: want.steps }, (_, i) => i + (want.first ?? 1)));
    expect(series[0]?.values.every((value) => value !== null)).toBe(true);
  }
  return details;
}

/** Compares point by point; a difference names the run, the metric and the first step that differs. */
export function expectSameFacts(got: Map<string, RunFacts>, want: Map<string, RunFacts>): void {
  expect([...got.keys()].sort()).toEqual([...want.keys()].sort());
  for (const [key, wanted] of want) {
    const given = got.get(key);
    expect(given?.metrics, `final metrics of ${key}`).toEqual(wanted.metrics);
    for (const [metric, series] of Object.entries(wanted.series)) {
      const other = given?.series[metric];
      expect(other?.steps, `steps of ${metric} of ${key}`).toEqual(series.steps);
      const differs = series.values.findIndex((value, i) => !Object.is(value, other?.values[i]));
      expect(
        differs === -1
          ? null
          : { key, metric, step: series.steps[differs], got: other?.values[differs], want: series.values[differs] },
      ).toBeNull();
    }
  }
}

/** A sweep of small networks trained to its end: what its runs gave, and how wide their packs were. */
export async function trainNetworks(
  api: string,
  changes: Parameters<typeof smallNetworks>[0],
): Promise<{ id: SweepId; facts: Map<string, RunFacts>; widths: Set<number> }> {
  const { id } = await submit(api, smallNetworks(changes));
  const { counts } = await completed(api, id);
  expect(counts.succeeded).toBe(counts.planned);
  const details = await runDetails(api, id);
  const widths = new Set(details.flatMap((run) => run.attempts.map((attempt) => attempt.packWidth)));
  return { id, facts: await factsOf(api, id), widths };
}

/** The runs of `all` that `some` has as well. */
export const onlyRunsOf = (all: Map<string, RunFacts>, some: Map<string, RunFacts>): Map<string, RunFacts> =>
  new Map([...all].filter(([key]) => some.has(key)));
