import type { BandKind, PlotData } from "@basin/contracts";
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

function curveEnsemble(first: Curve, plots: readonly Curve[], band: BandKind): Ensemble {
  const leftOut: string[] = [];
  const series: Curve["series"] = [];
  const spread: Curve["series"] = [];
  for (const line of first.series) {
    const members = plots.map((plot) => plot.series.find(({ name }) => name === line.name));
    const values = members.flatMap((member) => (member && isSame(member.x, line.x) ? [member.y] : []));
    if (values.length < plots.length) leftOut.push(line.name);
    else if (values.every((y) => isSame(y, line.y))) series.push(line);
    else {
      const points = pointwise(values);
      const bounds = points.map(({ moments, sorted }) => boundsOf(band, moments, sorted) ?? [null, null]);
      series.push({ ...line, y: points.map(meanOf), low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high) });
      spread.push({ name: line.name, x: line.x, y: points.map(spreadOf), style: "line" });
    }
  }
  leftOut.push(
    ...onlyInOthers(
      first.series,
      plots.map((plot) => plot.series),
    ),
  );
  return {
    mean: { ...first, series },
    spread:
      spread.length === 0
        ? null
        : {
            ...first,
            title: `${first.title}: spread over runs`,
            caption: spreadCaption,
            y: { ...first.y, label: `standard deviation of ${first.y.label}`, scale: "linear" },
            series: spread,
            marks: [],
          },
    leftOut,
  };
}

const spreadCaption = "Where this is large, the initialization decides what is predicted.";

function fieldEnsemble(first: Field, plots: readonly Field[]): Ensemble {
  const leftOut: string[] = [];
  const layers: Field["layers"] = [];
  const spread: Field["layers"] = [];
  for (const layer of first.layers) {
    const members = plots.flatMap((plot) => {
      const member = plot.layers.find(({ name }) => name === layer.name);
      return member && isSame(plot.x, first.x) && isSame(plot.y, first.y) ? [member.z.flat()] : [];
    });
    const flat = layer.z.flat();
    if (members.length < plots.length || members.some(({ length }) => length !== flat.length)) leftOut.push(layer.name);
    else if (members.every((z) => isSame(z, flat))) layers.push(layer);
    else {
      const points = pointwise(members);
      const rows = (values: (number | null)[]) =>
        first.y.map((_, row) => values.slice(row * first.x.length, (row + 1) * first.x.length));
      layers.push({ name: layer.name, z: rows(points.map(meanOf)) });
      spread.push({ name: layer.name, z: rows(points.map(spreadOf)) });
    }
  }
  leftOut.push(
    ...onlyInOthers(
      first.layers,
      plots.map((plot) => plot.layers),
    ),
  );
  return {
    mean: { ...first, layers },
    spread:
      spread.length === 0
        ? null
        : {
            ...first,
            title: `${first.title}: spread over runs`,
            caption: spreadCaption,
            zAxis: { ...first.zAxis, label: `standard deviation of ${first.zAxis.label}`, scale: "linear" },
            layers: spread,
          },
    leftOut,
  };
}

/** Names that the first plot does not have. */
function onlyInOthers(first: readonly { name: string }[], all: readonly (readonly { name: string }[])[]): string[] {
  const names = new Set(all.flat().map(({ name }) => name));
  for (const { name } of first) names.delete(name);
  return [...names];
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
