import type { BandKind, PlotAxis, PlotData } from "@basin/contracts";
import { OnlineStatistics } from "@basin/numerics";
import { boundsOf } from "./band";

type Values = readonly (number | null)[];
type Curve = Extract<PlotData, { kind: "curve" }>;
type Field = Extract<PlotData, { kind: "surface" | "contour" }>;

export interface Ensemble {
  mean: PlotData;
  /** Null where all runs say the same. */
  spread: PlotData | null;
  leftOut: string[];
}

/**
 * The same plot of several runs as one, point by point of their grid: what they say alike stays as it is (the truth, the data), what
 * differs becomes its mean, with a band on lines, and its sample standard deviation in `spread`. A run without a finite value at a
 * point does not count there. A line or layer that is not in every run, or not on the same grid, is left out and named.
 */
export function ensembleOf(plots: readonly PlotData[], band: BandKind): Ensemble | null {
  const [first] = plots;
  if (!first) return null;
  if (first.kind === "curve") return curveEnsemble(first, only(plots, "curve"), band);
  if (first.kind === "surface") return fieldEnsemble(first, only(plots, "surface"));
  if (first.kind === "contour") {
    const { path: _, ...withoutPath } = first;
    return fieldEnsemble(withoutPath, only(plots, "contour"));
  }
  return null;
}

function only<K extends PlotData["kind"]>(plots: readonly PlotData[], kind: K): Extract<PlotData, { kind: K }>[] {
  return plots.filter((plot): plot is Extract<PlotData, { kind: K }> => plot.kind === kind);
}

/** A line of a curve or a layer of a field: its values at the points of a grid. */
interface Part {
  name: string;
  grid: readonly Values[];
  values: Values;
}

const linesOf = ({ series }: Curve): Part[] => series.map(({ name, x, y }) => ({ name, grid: [x], values: y }));
const layersOf = ({ x, y, layers }: Field): Part[] => layers.map(({ name, z }) => ({ name, grid: [x, y], values: z.flat() }));

function curveEnsemble(first: Curve, plots: readonly Curve[], band: BandKind): Ensemble {
  const { found, leftOut } = together(plots.map(linesOf));
  const spread: Curve["series"] = [];
  const series = first.series.flatMap((line, i): Curve["series"] => {
    const points = found[i] ?? null;
    if (points === null) return [];
    if (points === "alike") return [line];
    const bounds = points.map(({ moments, sorted }) => boundsOf(band, moments, sorted) ?? [null, null]);
    spread.push({ name: line.name, x: line.x, y: points.map(spreadOf), style: "line" });
    return [{ ...line, y: points.map(meanOf), low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high) }];
  });
  const apart = { ...first, ...spreadTexts(first), y: spreadAxis(first.y), series: spread, marks: [] };
  return { mean: { ...first, series }, spread: spread.length === 0 ? null : apart, leftOut };
}

function fieldEnsemble(first: Field, plots: readonly Field[]): Ensemble {
  const { found, leftOut } = together(plots.map(layersOf));
  const spread: Field["layers"] = [];
  const rows = (values: (number | null)[]) =>
    first.y.map((_, row) => values.slice(row * first.x.length, (row + 1) * first.x.length));
  const layers = first.layers.flatMap((layer, i): Field["layers"] => {
    const points = found[i] ?? null;
    if (points === null) return [];
    if (points === "alike") return [layer];
    spread.push({ name: layer.name, z: rows(points.map(spreadOf)) });
    return [{ name: layer.name, z: rows(points.map(meanOf)) }];
  });
  const apart = { ...first, ...spreadTexts(first), zAxis: spreadAxis(first.zAxis), layers: spread };
  return { mean: { ...first, layers }, spread: spread.length === 0 ? null : apart, leftOut };
}

const spreadTexts = ({ title }: { title: string }) => ({
  title: `${title}: spread over runs`,
  caption: "Where this is large, the initialization decides what is predicted.",
});
const spreadAxis = (axis: PlotAxis): PlotAxis => ({ ...axis, label: `standard deviation of ${axis.label}`, scale: "linear" });

/** What the plots say together of each part of the first one: all the same, the points in which they differ, or null: not on one grid. */
function together(plots: readonly (readonly Part[])[]): { found: ("alike" | Point[] | null)[]; leftOut: string[] } {
  const own = plots[0] ?? [];
  const found = own.map((part) => {
    const members = plots.flatMap((parts) => {
      const member = parts.find(({ name }) => name === part.name);
      return member && isSameGrid(member, part) ? [member.values] : [];
    });
    if (members.length < plots.length) return null;
    return members.every((values) => isSame(values, part.values)) ? "alike" : pointwise(members);
  });
  const names = new Set(plots.flat().map(({ name }) => name));
  own.forEach(({ name }, i) => found[i] !== null && names.delete(name));
  return { found, leftOut: [...names] };
}

function isSameGrid(a: Part, b: Part): boolean {
  return a.values.length === b.values.length && a.grid.every((axis, i) => isSame(axis, b.grid[i] ?? []));
}

interface Point {
  moments: OnlineStatistics;
  sorted: Float64Array;
}

function pointwise(members: readonly Values[]): Point[] {
  return (members[0] ?? []).map((_, i) => {
    const values = members.flatMap((member) => member[i] ?? []);
    const moments = new OnlineStatistics();
    for (const value of values) moments.add(value);
    return { moments, sorted: Float64Array.from(values).sort() };
  });
}

const meanOf = ({ moments }: Point): number | null => (moments.count === 0 ? null : moments.mean);
const spreadOf = ({ moments }: Point): number | null => (moments.count < 2 ? null : moments.sampleStandardDeviation);

function isSame(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
