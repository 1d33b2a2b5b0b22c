import type { QueryOf, Sweep, Timeline } from "@basin/contracts";
import { Database, readNewestAttempts, readReasons } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import type { OpenQuestion } from "./questions.service";
import { Questions } from "./questions.service";
import { evenlySpread, thinned } from "./ranking";
import { hasEnded, runIdAt, stateCode, type SweepTable } from "./sweep-table";

@Injectable()
export class TimelineService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  async timeline(sweep: Sweep, query: QueryOf<"getTimeline">): Promise<Timeline> {
    const [open, attempts, reasons] = await Promise.all([
      this.questions.open(sweep, { parameters: [], finishedAt: true }),
      readNewestAttempts(this.database, sweep.id, query.attempts),
      readReasons(this.database, sweep.id),
    ]);
    const finished = finishedRows(open.table);
    const times = finished.map((row) => open.table.finishedAt?.[row] ?? 0);
    const end = times.at(-1);
    const start = sweep.startedAt === null ? times[0] : Math.min(Date.parse(sweep.startedAt) / 1000, times[0] ?? Infinity);
    return {
      sweep: sweep.id,
      figure: open.figure,
      from: start === undefined ? null : isoOf(start),
      to: end === undefined ? null : isoOf(end),
      attempts: attempts.items.map((attempt) => ({
        ...attempt,
        startedAt: attempt.startedAt.toISOString(),
        finishedAt: attempt.finishedAt?.toISOString() ?? null,
      })),
      coverage: { shown: attempts.items.length, of: attempts.total },
      throughput: throughputOf(open.table, finished, start ?? 0, end ?? 0, query.bins),
      history: historyOf(open, finished, query.points),
      reasons,
    };
  }
}

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Rows that ended by themselves, by time; ties by index. */
function finishedRows(table: SweepTable): number[] {
  const rows: number[] = [];
  const at = table.finishedAt;
  for (let row = 0; row < table.count; row += 1)
    if (hasEnded(table.state[row] ?? 0) && !Number.isNaN(at?.[row] ?? Number.NaN)) rows.push(row);
  return rows.sort((a, b) => (at?.[a] ?? 0) - (at?.[b] ?? 0) || a - b);
}

/** Runs finished in bins of equal length from start to end. */
function throughputOf(
  table: SweepTable,
  finished: readonly number[],
  start: number,
  end: number,
  bins: number,
): Timeline["throughput"] {
  if (finished.length === 0) return { binSeconds: 0, starts: [], succeeded: [], diverged: [], failed: [] };
  const binSeconds = Math.max((end - start) / bins, 0.001);
  const zeros = (): number[] => Array.from({ length: bins }, () => 0);
  const counts = { succeeded: zeros(), diverged: zeros(), failed: zeros() };
  for (const row of finished) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((table.finishedAt?.[row] ?? 0) - start) / binSeconds)));
    const code = table.state[row];
    const list = code === stateCode.succeeded ? counts.succeeded : code === stateCode.failed ? counts.failed : counts.diverged;
    list[bin] = (list[bin] ?? 0) + 1;
  }
  return { binSeconds, starts: Array.from({ length: bins }, (_, bin) => isoOf(start + bin * binSeconds)), ...counts };
}

/** The figure over the order in which runs finished: improvements first, evenly spread others for the rest of the budget. */
function historyOf(
  { table, figure, values }: Pick<OpenQuestion, "table" | "figure" | "values">,
  finished: readonly number[],
  points: number,
): Timeline["history"] {
  const sign = figure.better === "higher" ? -1 : 1;
  const items: { row: number; order: number; best: number }[] = [];
  const improvements = new Set<number>();
  let best = Number.NaN;
  finished.forEach((row, order) => {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    if (Number.isNaN(best) || sign * value < sign * best) {
      best = value;
      improvements.add(items.length);
    }
    items.push({ row, order, best });
  });
  const kept = thinned([...improvements], points);
  const chosen = new Set([...kept, ...evenlySpread(items.length, Math.max(0, points - kept.length))]);
  const shown = [...chosen].sort((a, b) => a - b).flatMap((i) => items[i] ?? []);
  return {
    runs: shown.map(({ row }) => runIdAt(table, row)),
    seeds: shown.map(({ row }) => table.seed[row] ?? 0),
    order: shown.map(({ order }) => order),
    finishedAt: shown.map(({ row }) => isoOf(table.finishedAt?.[row] ?? 0)),
    values: shown.map(({ row }) => values[row] ?? 0),
    best: shown.map((one) => one.best),
    coverage: { shown: shown.length, of: items.length },
  };
}
