import { RunState, runIdOf, type AppliedParameters, type ParameterValue, type RunId, type SweepId } from "@basin/contracts";
import { distinctRows, type TrialTwins } from "./distinct-runs";

/** A parameter over trials: which of its distinct values each trial has. */
export interface ParameterColumn {
  /** Per trial: position in `values`, −1 where the parameter does not apply. */
  codes: Int32Array;
  /** In the order of first appearance. */
  values: ParameterValue[];
}

/** Every run of a sweep by trial and initialization, column by column. What was not loaded is not in the maps. */
export interface SweepTable {
  sweep: SweepId;
  count: number;
  trialIndex: Int32Array;
  seedIndex: Int32Array;
  seed: Int32Array;
  /** Position in `RunState.options`. */
  state: Int32Array;
  attempt: Int32Array;
  objective: Float64Array;
  finishedAt: Float64Array | null;
  metrics: ReadonlyMap<string, Float64Array>;
  /** Indices of the trials, ascending, and per run the position of its trial in it. */
  trials: Int32Array;
  trialRow: Int32Array;
  parameters: ReadonlyMap<string, ParameterColumn>;
  /** Null: every run is a training of its own. */
  twins: TrialTwins | null;
}

/** The name under which the seed takes part in groupings, as if it were a parameter. */
export const seedName = "seed";

export const stateCode = Object.fromEntries(RunState.options.map((state, i) => [state, i])) as Record<RunState, number>;
const finishedFrom = stateCode.succeeded;

export function isUnfinished(code: number): boolean {
  return code < finishedFrom;
}

/** Succeeded, diverged or failed: runs that came to an end by themselves. Cancelled ones say nothing about their configuration. */
export function hasEnded(code: number): boolean {
  return code === stateCode.succeeded || code === stateCode.diverged || code === stateCode.failed;
}

export function encodeParameter(cells: readonly (ParameterValue | null)[]): ParameterColumn {
  const codes = new Int32Array(cells.length);
  const values: ParameterValue[] = [];
  const known = new Map<string | number | boolean, number>();
  cells.forEach((value, i) => {
    if (value === null) {
      codes[i] = -1;
      return;
    }
    const key = typeof value === "object" ? JSON.stringify(value) : typeof value === "string" ? `"${value}` : value;
    let code = known.get(key);
    if (code === undefined) known.set(key, (code = values.push(value) - 1));
    codes[i] = code;
  });
  return { codes, values };
}

/** Per run the position of its trial; both lists ascend. */
export function trialRows(trialIndex: Int32Array, trials: Int32Array): Int32Array {
  const rows = new Int32Array(trialIndex.length);
  let at = 0;
  for (let i = 0; i < trialIndex.length; i += 1) {
    while (at < trials.length - 1 && (trials[at] ?? 0) < (trialIndex[i] ?? 0)) at += 1;
    rows[i] = at;
  }
  return rows;
}

export function runIdAt(table: SweepTable, row: number): RunId {
  return runIdOf(table.sweep, table.trialIndex[row] ?? 0, table.seedIndex[row] ?? 0);
}

/** Value of a parameter (or the seed) of a run; null where it does not apply. */
export function parameterAt(table: SweepTable, name: string, row: number): ParameterValue | null {
  const column = table.parameters.get(name);
  if (!column) return name === seedName ? (table.seed[row] ?? null) : null;
  return column.values[column.codes[table.trialRow[row] ?? 0] ?? -1] ?? null;
}

export interface RunGroup {
  group: AppliedParameters;
  /** Index of its first trial, the first 20, and how many there are. */
  firstTrial: number;
  trials: number[];
  trialCount: number;
}

export interface RunGrouping {
  groupedBy: string[];
  groups: RunGroup[];
  /** Per run, the position of its group; −1 for one that repeats another of its group. */
  ofRun: Int32Array;
  /** Per group, how many runs repeat another of it. */
  repeats: Int32Array;
}

const trialsListed = 20;

/** Groups the runs of a table by parameters that were loaded, and by the seed; groups in the order of their first trial. Within a group no two runs are the same training. */
export function groupRuns(table: SweepTable, names: readonly string[]): RunGrouping {
  const groupedBy = [...new Set(names)];
  const ofTrial = new Int32Array(table.trials.length);
  let size = 1;
  for (const name of groupedBy) {
    const column = table.parameters.get(name);
    if (column) size = refine(ofTrial, (trial) => (column.codes[trial] ?? -1) + 1, column.values.length + 1);
  }
  const bySeed = groupedBy.includes(seedName) && !table.parameters.has(seedName);
  const ofRun = Int32Array.from(table.trialRow, (trial) => ofTrial[trial] ?? 0);
  if (bySeed) size = refine(ofRun, (run) => table.seed[run] ?? 0, 2 ** 31);
  const groups = Array.from({ length: size }, (): RunGroup => ({ group: {}, firstTrial: -1, trials: [], trialCount: 0 }));
  const visit = (place: number, trial: number, row: number | null): void => {
    const entry = groups[place];
    const index = table.trials[trial] ?? 0;
    if (!entry || entry.trials.at(-1) === index) return;
    if (entry.firstTrial < 0) {
      entry.firstTrial = index;
      entry.group = groupAt(table, groupedBy, trial, row);
    }
    entry.trialCount += 1;
    if (entry.trials.length < trialsListed) entry.trials.push(index);
  };
  if (bySeed) for (let row = 0; row < table.count; row += 1) visit(ofRun[row] ?? 0, table.trialRow[row] ?? 0, row);
  else for (let trial = 0; trial < table.trials.length; trial += 1) visit(ofTrial[trial] ?? 0, trial, null);
  const filled = groups.filter((group) => group.trialCount > 0);
  const repeats = new Int32Array(filled.length);
  if (table.twins)
    rowsByGroup({ groups: filled, ofRun }).forEach((rows, place) => {
      for (const row of distinctRows(table, rows).repeats) {
        ofRun[row] = -1;
        repeats[place] = (repeats[place] ?? 0) + 1;
      }
    });
  return { groupedBy, groups: filled, ofRun, repeats };
}

/** Per group its rows, ascending, without repeats. */
export function rowsByGroup({ groups, ofRun }: Pick<RunGrouping, "groups" | "ofRun">): number[][] {
  const rows = groups.map((): number[] => []);
  ofRun.forEach((group, row) => rows[group]?.push(row));
  return rows;
}

/** Splits every class of `ids` by a further code below `codes`; classes are numbered by first appearance. Returns how many. */
function refine(ids: Int32Array, codeOf: (at: number) => number, codes: number): number {
  const known = new Map<number, number>();
  for (let at = 0; at < ids.length; at += 1) {
    const key = (ids[at] ?? 0) * codes + codeOf(at);
    let id = known.get(key);
    if (id === undefined) known.set(key, (id = known.size));
    ids[at] = id;
  }
  return known.size;
}

function groupAt(table: SweepTable, names: readonly string[], trial: number, row: number | null): AppliedParameters {
  const group: AppliedParameters = {};
  for (const name of names) {
    const column = table.parameters.get(name);
    const value = column
      ? (column.values[column.codes[trial] ?? -1] ?? null)
      : name === seedName && row !== null
        ? table.seed[row]
        : undefined;
    if (value !== undefined) group[name] = value;
  }
  return group;
}

/** Rows whose configuration agrees with `group`, as `allRowsOfGroup` finds them, without those that repeat another. */
export function rowsOfGroup(table: SweepTable, group: AppliedParameters): number[] {
  return distinctRows(table, allRowsOfGroup(table, group)).rows;
}

/** Rows whose configuration agrees with `group` in every parameter it names (null: does not apply), ascending. The parameters must be loaded. */
export function allRowsOfGroup(table: SweepTable, group: AppliedParameters): number[] {
  let fits = new Uint8Array(table.trials.length).fill(1);
  let seed: ParameterValue | null | undefined;
  for (const [name, wanted] of Object.entries(group)) {
    const column = table.parameters.get(name);
    if (!column) {
      if (name === seedName) seed = wanted;
      else fits = new Uint8Array(table.trials.length);
      continue;
    }
    const text = JSON.stringify(wanted);
    const found = column.values.findIndex((value) => JSON.stringify(value) === text);
    const code = wanted === null ? -1 : found < 0 ? null : found;
    for (let trial = 0; trial < fits.length; trial += 1) if (column.codes[trial] !== code) fits[trial] = 0;
  }
  const rows: number[] = [];
  for (let row = 0; row < table.count; row += 1) {
    if (fits[table.trialRow[row] ?? 0] === 1 && (seed === undefined || table.seed[row] === seed)) rows.push(row);
  }
  return rows;
}
