import { ApiError, type ExperimentDescriptor, type Sweep, type SweepSpecInput } from "@basin/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../api-calls";
import type { Output } from "../output";
import { bar, duration, percent } from "../terminal/number-format";
import { LiveArea } from "../terminal/live-area";
import { styleFor } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { isJudged, trainingOf, type Plan, type PlanOptions, type Reading } from "./plan";
import type { MeasuredPlan, RankCorrelation } from "./table-row";

const reproduceTag = "reproduce";
const pollMilliseconds = 1000;
const lineMilliseconds = 15_000;

/** A plan's sweep, on its way. */
interface Task {
  plan: Plan;
  experiment: ExperimentDescriptor;
  sweep: Sweep;
}

/** A plan whose sweep the API did not take, and why. */
interface Refused {
  plan: Plan;
  experiment: ExperimentDescriptor;
  reason: string;
}

export function sweepOf(plan: Plan, options: PlanOptions): SweepSpecInput {
  const { fixed, swept, search, space, seeds, firstSeed = 1 } = trainingOf(plan, options);
  return {
    name: `Reproduce: ${plan.experiment}, ${plan.setting}`.slice(0, 120),
    experiment: plan.experiment,
    space: {
      ...Object.fromEntries(Object.entries(fixed ?? {}).map(([name, value]) => [name, { type: "fixed" as const, value }])),
      ...Object.fromEntries(Object.entries(swept ?? {}).map(([name, values]) => [name, { type: "choice" as const, values }])),
      ...space,
    },
    ...(search ? { search: { algorithm: search.algorithm ?? "grid", config: search.config ?? {}, seed: search.seed ?? 0 } } : {}),
    seeds: { count: seeds, first: firstSeed },
    tags: [reproduceTag],
    notes: "Submitted by basin reproduce.",
  };
}

/** Cancels what a measurement left behind that could not end in order, so that it does not stand in the way of this one. */
export async function cancelLeftovers(origin: string): Promise<number> {
  const { items } = await call(origin, "listSweeps", { query: { state: ["running", "paused"], tag: reproduceTag, limit: 1000 } });
  for (const sweep of items) await cancel(origin, sweep);
  return items.length;
}

/**
 * Submits every plan's sweep and waits for all of them; the measurements are in the plans' order. Sweeps that are not over when `signal` aborts or the time is
 * up (`deadline`, of performance.now) are cancelled; what they had measured by then counts, without a verdict.
 */
export async function measurePlans(
  origin: string,
  plans: readonly { plan: Plan; experiment: ExperimentDescriptor }[],
  options: PlanOptions,
  output: Output,
  signal: AbortSignal,
  deadline: number | null,
): Promise<MeasuredPlan[]> {
  const submitted: (Task | Refused)[] = [];
  const started = (): Task[] => submitted.filter((one) => "sweep" in one);
  try {
    // What gives a verdict first: within the time of --quick as many as can be.
    const judgedFirst = plans.toSorted((a, b) => Number(isJudged(b.plan, options)) - Number(isJudged(a.plan, options)));
    for (const { plan, experiment } of judgedFirst) submitted.push(await submit(origin, plan, experiment, options));
    await waitForAll(origin, started(), output, signal, deadline);
  } finally {
    for (const task of started()) if (!isOver(task.sweep)) task.sweep = await cancel(origin, task.sweep);
  }
  const place = new Map(plans.map(({ plan }, i) => [plan, i]));
  const inOrder = submitted.toSorted((a, b) => (place.get(a.plan) ?? 0) - (place.get(b.plan) ?? 0));
  return Promise.all(
    inOrder.map(async (one): Promise<MeasuredPlan> => {
      const { plan, experiment } = one;
      if (!("sweep" in one))
        return { plan, experiment, groups: [], sweep: null, unjudged: `the sweep was refused: ${one.reason}` };
      const { sweep } = one;
      const results = await call(origin, "getResults", { params: { sweep: sweep.id }, query: { sort: "index", limit: 10_000 } });
      return {
        plan,
        experiment,
        groups: results.groups,
        correlations: await correlationsOf(origin, plan, sweep),
        sweep: sweep.id,
        unjudged: unjudged(plan, options, sweep, signal.aborted),
      };
    }),
  );
}

async function correlationsOf(origin: string, { readings }: Plan, { id }: Sweep): Promise<Map<Reading, RankCorrelation>> {
  const found = new Map<Reading, RankCorrelation>();
  for (const reading of readings) {
    if (reading.read !== "rank-correlation" || reading.against === undefined) continue;
    const query = { x: reading.metric, y: reading.against, limit: 1 };
    const { spearman, coverage } = await call(origin, "getMetricPairs", { params: { sweep: id }, query });
    found.set(reading, { rho: spearman, runs: coverage.of });
  }
  return found;
}

async function submit(
  origin: string,
  plan: Plan,
  experiment: ExperimentDescriptor,
  options: PlanOptions,
): Promise<Task | Refused> {
  try {
    return { plan, experiment, sweep: await call(origin, "createSweep", { body: sweepOf(plan, options) }) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) throw error;
    return { plan, experiment, reason: error.message };
  }
}

function unjudged(plan: Plan, options: PlanOptions, sweep: Sweep, interrupted: boolean): string | null {
  if (sweep.state === "completed") return isJudged(plan, options) ? null : "not judged: --quick trains a smaller setting";
  if (interrupted) return "interrupted";
  return options.quick ? "not finished within the time of --quick" : "the sweep was cancelled";
}

const isOver = ({ state }: Sweep): boolean => state === "completed" || state === "cancelled";
const finished = ({ counts }: Sweep): number =>
  counts.succeeded + counts.diverged + counts.failed + counts.cancelled + counts.pruned;

async function cancel(origin: string, sweep: Sweep): Promise<Sweep> {
  try {
    return await call(origin, "cancelSweep", { params: { sweep: sweep.id } });
  } catch (error) {
    // It ended meanwhile.
    if (error instanceof ApiError && error.status === 409) return call(origin, "getSweep", { params: { sweep: sweep.id } });
    throw error;
  }
}

async function waitForAll(
  origin: string,
  tasks: readonly Task[],
  output: Output,
  signal: AbortSignal,
  deadline: number | null,
): Promise<void> {
  const area = new LiveArea(output.people);
  const started = performance.now();
  let lineAt = started;
  try {
    for (;;) {
      for (const task of tasks.filter(({ sweep }) => !isOver(sweep))) {
        const before = task.sweep;
        task.sweep = await latest(origin, before);
        if (isOver(task.sweep) && !area.active) output.say(`  ${task.plan.id}: ${finished(task.sweep)} runs`);
      }
      const open = tasks.filter(({ sweep }) => !isOver(sweep));
      if (open.length === 0 || signal.aborted || (deadline !== null && performance.now() > deadline)) return;
      area.draw(progressLines(tasks, output, (performance.now() - started) / 1000));
      if (!area.active && performance.now() - lineAt > lineMilliseconds) {
        lineAt = performance.now();
        output.say(summary(tasks, (lineAt - started) / 1000));
      }
      await sleep(pollMilliseconds);
    }
  } finally {
    area.end({ clear: true });
  }
}

/** The sweep as it is now; as it was when the API does not answer. */
async function latest(origin: string, sweep: Sweep): Promise<Sweep> {
  try {
    return await call(origin, "getSweep", { params: { sweep: sweep.id } });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status >= 500)) return sweep;
    throw error;
  }
}

function summary(tasks: readonly Task[], seconds: number): string {
  const runs = tasks.reduce((sum, { sweep }) => sum + finished(sweep), 0);
  const planned = tasks.reduce((sum, { sweep }) => sum + (sweep.counts.planned ?? 0), 0);
  const over = tasks.filter(({ sweep }) => isOver(sweep)).length;
  return `${duration(seconds)}: ${over} of ${tasks.length} sweeps, ${runs} of ${planned} runs`;
}

function progressLines(tasks: readonly Task[], output: Output, seconds: number): string[] {
  const style = styleFor(output.people);
  const open = tasks.filter(({ sweep }) => !isOver(sweep));
  const rows = open.map(({ plan, sweep }) => {
    const share = finished(sweep) / Math.max(1, sweep.counts.planned ?? 1);
    const { running, failed } = sweep.counts;
    return [
      plan.id,
      style.cyan(bar(share, 20)),
      percent(share),
      `${finished(sweep)}/${sweep.counts.planned ?? "?"}`,
      running > 0 ? String(running) : "",
      failed > 0 ? style.red(String(failed)) : "",
    ];
  });
  const right = "right" as const;
  const columns = [
    { title: "plan" },
    { title: "" },
    { title: "", align: right },
    { title: "runs", align: right },
    { title: "running", align: right },
    { title: "failed", align: right },
  ];
  return [...tableLines(columns, rows, { titleStyle: style.dim }), summary(tasks, seconds)];
}
