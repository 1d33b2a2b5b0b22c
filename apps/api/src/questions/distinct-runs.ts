import { RunState } from "@basin/contracts";

/** What of a sweep's trials is the same training under another number. */
export interface TrialTwins {
  /** Per trial, the position of the first with the same parameters, as they apply. */
  same: Int32Array;
  /** Per trial, a number that trials share which differ in parameters without effect at most. */
  training: Int32Array;
  /** Per trial, 1 where the seed changes nothing. */
  seedless: Uint8Array;
  /** Per swept parameter, by trial: 1 where its value changes nothing. */
  idle: ReadonlyMap<string, Uint8Array>;
}

interface Runs {
  trialRow: Int32Array;
  seed: Int32Array;
  /** Position in `RunState.options`. */
  state: Int32Array;
  twins: TrialTwins | null;
}

/** How far a run got: with a result, without one, not yet, given up by a person. */
const progress: Record<RunState, number> = {
  succeeded: 3,
  diverged: 3,
  failed: 2,
  pruned: 1,
  running: 1,
  queued: 1,
  pending: 1,
  cancelled: 0,
};
const progressByCode = RunState.options.map((state) => progress[state]);

/** Which of the given rows count: of runs that are the same training the one that got furthest, the first of equals; the others are `repeats`. */
export function distinctRows(runs: Runs, rows: readonly number[]): { rows: number[]; repeats: number[] } {
  const { twins } = runs;
  if (!twins) return { rows: [...rows], repeats: [] };
  const progressOf = (row: number): number => progressByCode[runs.state[row] ?? 0] ?? 0;
  const chosen = new Map<string, number>();
  for (const row of rows) {
    const trial = runs.trialRow[row] ?? 0;
    const key = `${twins.training[trial] ?? 0} ${twins.seedless[trial] === 1 ? "" : (runs.seed[row] ?? 0)}`;
    const before = chosen.get(key);
    if (before === undefined || progressOf(row) > progressOf(before)) chosen.set(key, row);
  }
  const kept = new Set(chosen.values());
  return { rows: rows.filter((row) => kept.has(row)), repeats: rows.filter((row) => !kept.has(row)) };
}
