import {
  RunState,
  type ComparedCurves,
  type ComparedItem,
  type Comparison,
  type BodyOf,
  type ParameterValue,
} from "@basin/contracts";
import { Database, readSeries, type SeriesKey } from "@basin/database";
import { cliffsDelta, mannWhitney } from "@basin/numerics";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { type Asker } from "../http/asker";
import { bandCurves } from "./band-curves";
import { startedKey } from "./curves.service";
import { worstValue } from "./evidence";
import { decimate } from "./decimate";
import { figureOf, successAmong, valuesOf } from "./figures";
import { InputError } from "../http/request-errors";
import { describeParameter } from "./parameter-axes";
import { thinned } from "./ranking";
import { Selections, type SelectedRuns } from "./selections.service";
import { statisticsOf } from "./summaries";
import { parameterAt, seedName, stateCode } from "./sweep-table";

/** Series read for one curve; larger groups are sampled, and alike whatever they are compared with. */
const mostRuns = 400;
/** Series read for one comparison. */
const mostSeries = 20_000;
const mostMembers = 1000;
/** Runs looked through for whether a parameter differs within a group. */
const mostRowsPerParameter = 20_000;

@Injectable()
export class CompareService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Selections) private readonly selections: Selections,
  ) {}

  async compare({ items }: BodyOf<"compare">, asker: Asker): Promise<Comparison> {
    const selected = await this.selections.find(items, { metrics: true }, asker);
    return { items: selected.map(comparedItem), parameters: parametersOf(selected), metrics: metricsOf(selected) };
  }

  async curves(query: BodyOf<"compareCurves">, asker: Asker): Promise<ComparedCurves> {
    const selected = await this.selections.find(query.items, { metrics: false }, asker);
    const sets = selected.map(({ of, rows }) => rows.flatMap((row) => startedKey(of.table, row) ?? []));
    checkSize(sets);
    const { metric, band, scale, points } = query;
    const options = { metric, band, scale, points, mostRuns };
    const curves = await bandCurves(this.database, sets, { ...options, single: "series" });
    const distinct = [...new Map(sets.flat().map((key) => [key.run, key])).values()];
    const together = query.together ? await bandCurves(this.database, [distinct], { ...options, single: "band" }) : [];
    return {
      metric,
      band,
      scale,
      items: curves,
      together: together[0] ?? null,
      members: await this.members(selected, sets, query),
    };
  }

  private async members(
    selected: readonly SelectedRuns[],
    sets: readonly SeriesKey[][],
    { metric, members, points }: BodyOf<"compareCurves">,
  ): Promise<ComparedCurves["members"]> {
    const perItem = Math.min(members, Math.floor(mostMembers / Math.max(1, sets.length)));
    const chosen = sets.flatMap((keys, item) => {
      const of = selected[item]?.of;
      const seeds = new Map(
        (selected[item]?.rows ?? []).map((row) => [of ? startedKey(of.table, row)?.run : undefined, of?.table.seed[row] ?? 0]),
      );
      return thinned(keys, perItem).map((key) => ({ ...key, item, seed: seeds.get(key.run) ?? 0 }));
    });
    const result: ComparedCurves["members"] = [];
    for await (const series of readSeries(this.database, chosen, [metric])) {
      const member = chosen[series.key];
      if (!member) continue;
      const { steps, values, points: stored } = decimate(series, points);
      result.push({ item: member.item, run: member.run, seed: member.seed, steps, values, points: stored });
    }
    return result;
  }
}

/** Sampling the items the more thinly the more there are would give each another curve in every company. */
function checkSize(sets: readonly (readonly SeriesKey[])[]): void {
  const series = sets.reduce((sum, set) => sum + Math.min(mostRuns, set.length), 0);
  if (series <= mostSeries) return;
  const message = `the curves of these ${sets.length} items take ${series} runs; at most ${mostSeries} are read at a time`;
  throw new InputError([{ path: "items", message, hint: "compare fewer items, or single runs of them" }]);
}

function comparedItem({ of, run, group, rows, repeats }: SelectedRuns): ComparedItem {
  const { sweep, table, values, met } = of;
  const row = run === null ? undefined : rows[0];
  return {
    run,
    group,
    sweep: { id: sweep.id, name: sweep.name, experiment: sweep.spec.experiment, objective: sweep.objective },
    state: row === undefined ? null : (RunState.options[table.state[row] ?? 0] ?? null),
    seed: row === undefined ? null : (table.seed[row] ?? null),
    runs: rows.length,
    repeats,
    objective: statisticsOf(
      rows.map((one) => values[one] ?? Number.NaN),
      of.figure.scale,
    ),
    success: successAmong(table, rows, met),
  };
}

interface Cell {
  value: ParameterValue | null;
  many: boolean;
}

/** Every parameter of any item, those that differ first. */
function parametersOf(selected: readonly SelectedRuns[]): Comparison["parameters"] {
  const names = [...new Set(selected.flatMap(({ of }) => [...of.varied, ...Object.keys(of.common)]))];
  const described = names.map((name) => {
    const values = selected.map((item) => cellOf(item, name));
    const texts = new Set(values.map(({ value }) => JSON.stringify(value)));
    const owner = selected.find(({ of }) => name in of.common) ?? selected[0];
    const { title, unit } = owner ? describeParameter(owner.of.sweep, name) : { title: name, unit: "" };
    return { name, title, unit, differs: texts.size > 1 || values.some(({ many }) => many), values };
  });
  if (selected.some(({ run }) => run !== null)) {
    const values = selected.map((item) => cellOf(item, seedName));
    const differs = new Set(values.map(({ value }) => JSON.stringify(value))).size > 1;
    if (!names.includes(seedName)) described.push({ name: seedName, title: "Seed", unit: "", differs, values });
  }
  return [...described.filter(({ differs }) => differs), ...described.filter(({ differs }) => !differs)];
}

/** The value that all runs of an item share; `many` when they differ. */
function cellOf({ of, rows }: SelectedRuns, name: string): Cell {
  if (!of.table.parameters.has(name) && name !== seedName) return { value: of.common[name] ?? null, many: false };
  const [first, ...others] = thinned(rows, mostRowsPerParameter);
  if (first === undefined) return { value: null, many: false };
  const value = parameterAt(of.table, name, first);
  const text = JSON.stringify(value);
  const many = others.some((row) => JSON.stringify(parameterAt(of.table, name, row)) !== text);
  return many ? { value: null, many } : { value, many };
}

/** Every final metric of any item; the objectives first. */
function metricsOf(selected: readonly SelectedRuns[]): Comparison["metrics"] {
  const objectives = selected.map(({ of }) => of.figure.metric);
  const names = [...new Set([...objectives, ...selected.flatMap(({ of }) => of.metrics)])];
  return names.flatMap((name) => {
    const owner = selected.find(({ of }) => of.metrics.includes(name) || of.figure.metric === name);
    if (!owner) return [];
    const { title, unit, better, scale } = figureOf(owner.of.sweep, name);
    const statistics = selected.map(({ of, rows }) => {
      const values = valuesOfRows(of, name, rows);
      return statisticsOf(values, scale);
    });
    const categories = descriptorOf(owner.of.sweep, name)?.categories ?? null;
    const base = statistics[0]?.mean ?? null;
    const deltas = statistics.map(({ mean }) => (categories || mean === null || base === null ? null : mean - base));
    const ranked = selected.map(({ of, rows }) => rankedOf(of, name, rows));
    const [first = []] = ranked;
    return [
      {
        name,
        title,
        unit,
        better,
        statistics,
        categories,
        counts: categories ? selected.map(({ of, rows }) => countsOf(valuesOfRows(of, name, rows), categories.length)) : [],
        deltas,
        tests: ranked.map((values, i) => (categories || i === 0 ? null : testOf(first, values))),
      },
    ];
  });
}

const descriptorOf = ({ spec }: SelectedRuns["of"]["sweep"], name: string) =>
  findExperiment(spec.experiment)?.metrics.find((metric) => metric.name === name);

/** Runs in each class. */
function countsOf(values: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) if (counts[value] !== undefined) counts[value] += 1;
  return counts;
}

/** Values in the order of a rank test, in which a run that ended without one is worse than any. */
function rankedOf(of: SelectedRuns["of"], name: string, rows: readonly number[]): number[] {
  const worst = worstValue(figureOf(of.sweep, name).better);
  return valuesOfRows(of, name, rows).flatMap((value, i) => {
    if (!Number.isNaN(value)) return [value];
    return worst !== null && of.table.state[rows[i] ?? 0] === stateCode.diverged ? [worst] : [];
  });
}

/** Null where no outcome of the test could be significant, or nothing differs. */
function testOf(first: readonly number[], values: readonly number[]): { p: number; delta: number } | null {
  if (first.length < 2 || values.length < 2) return null;
  const [test, delta] = [mannWhitney(first, values), cliffsDelta(first, values)];
  return test && delta ? { p: test.p, delta: delta.value } : null;
}

const columns = new WeakMap<SelectedRuns["of"], Map<string, Float64Array>>();

/** Values of one figure of some rows; the column of a sweep is worked out once. */
function valuesOfRows(of: SelectedRuns["of"], name: string, rows: readonly number[]): number[] {
  const known = columns.get(of) ?? new Map<string, Float64Array>();
  columns.set(of, known);
  let column = known.get(name);
  if (!column) known.set(name, (column = valuesOf(of.table, figureOf(of.sweep, name))));
  return rows.map((row) => column[row] ?? Number.NaN);
}
