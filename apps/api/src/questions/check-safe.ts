import type { SafetyCheck, Stopping, Sweep } from "@basin/contracts";
import type { RungRow } from "@basin/database";
import { StoppingRecord } from "@basin/search";
import type { StoppingPlan } from "../scheduler/stopping-plan";
import { runIdAt, stateCode, type SweepTable } from "./sweep-table";

/** Of the best runs, so many are looked at. */
const best = 5;

/**
 * What a stopping rule would have done to a sweep: its runs are told to the rule one after the other in the order of trials and seeds, each rung by rung as
 * it reported, and one that is stopped is not among those that ended. Pure. `longest`: steps of a whole run.
 */
export function safetyOf(
  sweep: Sweep,
  table: SweepTable,
  plan: StoppingPlan,
  reports: readonly RungRow[],
  longest: number | null,
): SafetyCheck {
  const record = new StoppingRecord(plan.rule, plan.config, plan.rungs, sweep.seedCount);
  const byRun = new Map<string, RungRow[]>();
  for (const report of reports) byRun.set(report.run, [...(byRun.get(report.run) ?? []), report]);
  /** By run, or by trial where the rule judges trials. */
  const stops = new Map<string, { rung: number; reason: string }>();
  const keyOf = (row: number): string => (plan.config.by === "run" ? runIdAt(table, row) : String(table.trialIndex[row] ?? 0));
  const rows: number[] = [];
  for (let row = 0; row < table.count; row++) if (table.state[row] === stateCode.succeeded) rows.push(row);
  for (const row of rows) {
    const run = runIdAt(table, row);
    const [trial, initialization] = [table.trialIndex[row] ?? 0, table.seedIndex[row] ?? 0];
    const own = byRun.get(run) ?? [];
    const told = own.map(({ rung, value }) => ({ trial, initialization, rung, value }));
    const [stop] = record.tell({ type: "reports", reports: told, ended: [] });
    if (stop) stops.set(keyOf(row), stop);
    else record.tell({ type: "reports", reports: [], ended: [{ trial, initialization }] });
  }
  const sign = sweep.objective.direction === "minimize" ? 1 : -1;
  const ranked = rows
    .filter((row) => !Number.isNaN(table.objective[row] ?? Number.NaN))
    .sort((a, b) => sign * ((table.objective[a] ?? 0) - (table.objective[b] ?? 0)));
  const top = ranked.slice(0, best).map((row) => {
    const run = runIdAt(table, row);
    const stop = stops.get(keyOf(row));
    return {
      run,
      value: table.objective[row] ?? null,
      stoppedAt: stop ? (plan.rungs[stop.rung] ?? null) : null,
      reason: stop?.reason ?? null,
    };
  });
  const stopped = rows.flatMap((row) => stops.get(keyOf(row)) ?? []);
  const saved = stopped.reduce((sum, { rung }) => sum + (longest ?? 0) - (plan.rungs[rung] ?? 0), 0);
  const share = longest === null || rows.length === 0 ? null : saved / (longest * rows.length);
  return {
    sweep: sweep.id,
    rule: plan.config.rule,
    metric: plan.metric,
    rungs: plan.rungs,
    runs: rows.length,
    stopped: stopped.length,
    stepsSaved: share,
    best: top,
    safe: top[0] === undefined ? null : top[0].stoppedAt === null,
    reading: readingOf(plan.config, rows.length, stopped.length, share, top),
  };
}

function readingOf({ rule }: Stopping, runs: number, stopped: number, share: number | null, top: SafetyCheck["best"]): string {
  const [first] = top;
  if (first === undefined) return "No run of the sweep has a value, so there is nothing that could be lost.";
  const lost = top.filter(({ stoppedAt }) => stoppedAt !== null).length;
  const cost = share === null ? "" : `, ${Math.round(100 * share)} % of the steps`;
  const did = `The rule ${rule} would have stopped ${stopped} of ${runs} runs${cost}`;
  if (first.stoppedAt !== null) return `${did}, and lost the best one at step ${first.stoppedAt}: ${first.reason ?? ""}.`;
  return `${did}, and kept the best one${lost === 0 ? ` and all of the best ${top.length}` : `; of the best ${top.length} it would have lost ${lost}`}.`;
}
