import type { AnswerOf, CallInput, ChangeV2, Run, RunCounts, RunSeries, Sweep, SweepId } from "@basin/contracts";
import { type InfiniteData, notifyManager, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { newestPoints, withPoints, withPointsOfRun, withRunChanges, withSweepChange, type RunChange } from "./change-reducers";
import { keys, routeQuery } from "./route-query";

type SweepPages = InfiniteData<{ items: Sweep[]; next: string | null; total: number | null }>;
type RunPages = InfiniteData<{ items: Run[]; next: string | null; total: number | null }>;
type SweepSeries = AnswerOf<"getSweepSeries">;

/** What the changes made outdated without saying how it looks now; to be read again, at leisure. */
export interface Outdated {
  key: QueryKey;
  /** At most one read in this time. */
  everyMilliseconds: number;
}

/** Writes changes into the cached answers that show them. Returns the keys of answers that have to be read again. */
export function applyChanges(client: QueryClient, changes: readonly ChangeV2[]): Outdated[] {
  const outdated = new Map<string, Outdated>();
  const mark = (key: QueryKey, everyMilliseconds: number) => outdated.set(JSON.stringify(key), { key, everyMilliseconds });
  notifyManager.batch(() => {
    for (const change of changes) if (change.type === "sweep") applySweep(client, change, mark);
    for (const [sweep, runs] of runChanges(changes)) applyRuns(client, sweep, runs, mark);
    applyPoints(client, changes, mark);
  });
  return [...outdated.values()];
}

const sameCounts = (a: RunCounts, b: RunCounts): boolean =>
  (Object.keys(a) as (keyof RunCounts)[]).every((state) => a[state] === b[state]);

const hasBegun = ({ running, succeeded, diverged, failed }: RunCounts): boolean => running + succeeded + diverged + failed > 0;

/** Runs are left and none is trained: the sweep may wait for trainers. */
const isIdle = ({ pending, queued, running }: RunCounts): boolean => pending + queued > 0 && running === 0;

type Mark = (key: QueryKey, everyMilliseconds: number) => void;

function applySweep(client: QueryClient, change: Extract<ChangeV2, { type: "sweep" }>, mark: Mark): void {
  const { queryKey } = routeQuery("getSweep", { params: { sweep: change.sweep } });
  const before = client.getQueryData(queryKey);
  const tellsNothing = (sweep: Sweep): boolean => sweep.state === change.state && sameCounts(sweep.counts, change.counts);
  if (before) {
    client.setQueryData(queryKey, withSweepChange(before, change));
    // The events of its runs may have been lost: what is shown of them never contradicts the counters for long.
    if (before.state !== change.state || !sameCounts(before.counts, change.counts)) markRuns(change.sweep, mark);
    // Dates, the plan and the number of trials are not part of the event.
    if (before.state !== change.state) mark(keys.sweep(change.sweep), 0);
    else if (before.counts.planned !== change.counts.planned || (before.startedAt === null && hasBegun(change.counts)))
      mark(keys.sweep(change.sweep), 1000);
    // Of one that has ended only what is said about it can change: its name and notes, and where it is listed.
    else if (change.state === "completed" || change.state === "cancelled") mark(keys.sweep(change.sweep), 1000);
    // What it has used of its budget is not, either, nor what it waits for.
    else if (before.spec.budget || before.waiting !== null || isIdle(change.counts)) mark(keys.sweep(change.sweep), 2000);
  }
  const lists = client.getQueriesData<SweepPages>({ queryKey: keys.sweeps });
  const repeats = lists.some(([, pages]) =>
    pages?.pages.some((page) => page.items.some((sweep) => sweep.id === change.sweep && tellsNothing(sweep))),
  );
  const shows = (pages: SweepPages | undefined) => pages?.pages.some((page) => page.items.some(({ id }) => id === change.sweep));
  client.setQueriesData<SweepPages>({ queryKey: keys.sweeps }, (pages) =>
    pages && shows(pages)
      ? {
          ...pages,
          pages: pages.pages.map((page) => ({ ...page, items: page.items.map((sweep) => withSweepChange(sweep, change)) })),
        }
      : pages,
  );
  if (repeats || !lists.some(([, pages]) => shows(pages))) mark(keys.sweeps, 1000);
  else if (change.state === "running" && isIdle(change.counts)) mark(keys.sweeps, 2000);
}

function runChanges(changes: readonly ChangeV2[]): Map<SweepId, Map<string, RunChange>> {
  const bySweep = new Map<SweepId, Map<string, RunChange>>();
  for (const change of changes) {
    if (change.type !== "runs") continue;
    const runs = bySweep.get(change.sweep) ?? new Map<string, RunChange>();
    bySweep.set(change.sweep, runs);
    for (const run of change.runs) runs.set(run.run, run);
  }
  return bySweep;
}

function applyRuns(client: QueryClient, sweep: SweepId, runs: ReadonlyMap<string, RunChange>, mark: Mark): void {
  client.setQueriesData<RunPages>({ queryKey: keys.runs(sweep) }, (pages) => {
    if (!pages) return pages;
    const next = pages.pages.map((page) => {
      const items = withRunChanges(page.items, runs);
      return items === page.items ? page : { ...page, items: [...items] };
    });
    return next.some((page, i) => page !== pages.pages[i]) ? { ...pages, pages: next } : pages;
  });
  for (const change of runs.values()) {
    const { queryKey } = routeQuery("getRun", { params: { run: change.run } });
    const detail = client.getQueryData(queryKey);
    if (!detail) continue;
    const [next] = withRunChanges([detail], runs);
    if (!next || next === detail) continue;
    client.setQueryData(queryKey, next);
    mark(keys.run(change.run), 0);
    mark(keys.runMetrics(change.run), 0);
  }
  markRuns(sweep, mark);
}

/** Everything that is made of a sweep's runs. */
function markRuns(sweep: SweepId, mark: Mark): void {
  mark(keys.runs(sweep), 2500);
  mark(keys.trials(sweep), 2500);
  mark(keys.results(sweep), 1500);
  mark(keys.analysis(sweep), 2500);
  mark(keys.curves(sweep), 1500);
  mark(keys.series(sweep), 4000);
}

/** How many runs a series query asked for. */
function limitOf(key: QueryKey): number {
  const { query } = key.at(-1) as CallInput<"getSweepSeries">;
  return query.limit === undefined ? 0 : Number(query.limit);
}

function applyPoints(client: QueryClient, changes: readonly ChangeV2[], mark: Mark): void {
  const metrics = changes.filter((change) => change.type === "metrics");
  if (metrics.length === 0) return;
  const newest = newestPoints(metrics.flatMap((change) => change.points));
  for (const sweep of new Set(metrics.map((change) => change.sweep))) {
    for (const [key, answer] of client.getQueriesData<SweepSeries>({ queryKey: keys.series(sweep) })) {
      // Events tell steps; where these are drawn over time the whole is read again.
      if (answer?.x !== "step") continue;
      const runs = withPoints(answer.runs, newest, answer.metric, limitOf(key));
      if (runs !== answer.runs) client.setQueryData<SweepSeries>(key, { ...answer, runs: [...runs] });
    }
    mark(keys.curves(sweep), 1500);
    mark(keys.series(sweep), 4000);
  }
  client.setQueriesData<RunSeries>({ queryKey: ["run-metrics"] }, (answer) => {
    if (!answer) return answer;
    const next = withPointsOfRun(answer, newest);
    // An event carries the newest point only, so the ones between are read again.
    if (newest.has(answer.run)) mark(keys.runMetrics(answer.run), 2000);
    return next;
  });
}
