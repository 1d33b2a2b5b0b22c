import type { PlotDataInput } from "@basin/contracts";
import type { EquationSystem } from "@basin/equations";
import type { LearnedSolution } from "../kinds/differential-equation";
import type { EquationParameters } from "./equation-parameters";
import { judgedPoints, knownSolution, type JudgedPoints, type KnownValues } from "./known-solution";
import { most } from "./equation-parameters";
import { typedSystem } from "./typed-system";

/** Plots of each unknown, where there are two coordinates or more. */
export const mapIds = Array.from({ length: most.unknowns }, (_, i) => (i === 0 ? "map" : `map-${i + 1}`));

/** Figures, words and plots of a run. */
export function judgeEquation(parameters: EquationParameters, learned: LearnedSolution) {
  const { system } = typedSystem(parameters);
  const judged = judgedPoints(system);
  const known = knownSolution(parameters, system, judged);
  const [predicted] = learned.at(judged.scaled, [0]);
  const components = system.unknowns.length;
  const got = system.unknowns.map((_, c) =>
    Float64Array.from({ length: judged.points.length }, (__, p) => predicted[p * components + c] ?? Number.NaN),
  );
  const distances = errorsOf(got, known);
  const residual = Math.sqrt(
    system.equations.reduce((sum, _, i) => sum + (learned.terms[`equation${i + 1}Loss`] ?? Number.NaN), 0) /
      system.equations.length,
  );
  const error = distances?.relativeL2 ?? residual;
  const found = system.trainable.map(({ name }) => ({ name, value: learned.unknowns[name] ?? Number.NaN }));
  return {
    metrics: {
      error,
      shareOfBound: error / parameters.bound,
      residualRms: residual,
      ...(distances ?? {}),
      ...Object.fromEntries(found.map(({ value }, i) => [`estimate${i + 1}`, value])),
    },
    labels:
      found.length > 0
        ? { constants: found.map(({ name, value }) => `${name} = ${value.toPrecision(5)}`).join(", ") }
        : ({} as Record<string, string>),
    plots: system.coordinates.length === 1 ? { solution: curves(system, judged, known, got) } : maps(system, judged, known, got),
  };
}

/** Over all unknowns that are known, together; null where none is. */
function errorsOf(got: readonly Float64Array[], known: readonly KnownValues[]): { relativeL2: number; maxError: number } | null {
  if (known.length === 0) return null;
  let [squares, size, most] = [0, 0, 0];
  for (const { unknown, values } of known)
    values.forEach((want, p) => {
      const error = Math.abs((got[unknown]?.[p] ?? Number.NaN) - want);
      squares += error * error;
      size += want * want;
      if (!(error <= most)) most = error;
    });
  return { relativeL2: Math.sqrt(squares / size), maxError: most };
}

function curves(
  { unknowns, coordinates }: EquationSystem,
  { axes }: JudgedPoints,
  known: readonly KnownValues[],
  got: readonly Float64Array[],
): PlotDataInput {
  const x = [...(axes[0] ?? [])];
  return {
    kind: "curve",
    title: "Solution",
    caption: known.length > 0 ? "Dashed: the known solution." : "",
    x: { label: coordinates[0]?.name ?? "" },
    y: { label: unknowns.join(", ") },
    series: unknowns.flatMap((name, i) => {
      const truth = known.find(({ unknown }) => unknown === i);
      return [
        ...(truth ? [{ name: `${name}, known`, x, y: Array.from(truth.values, finite), style: "dashed" as const }] : []),
        { name, x, y: Array.from(got[i] ?? [], finite) },
      ];
    }),
  };
}

/** Each unknown over the first two coordinates, the others in the middle of their ranges. */
function maps(
  { unknowns, coordinates }: EquationSystem,
  { axes, points }: JudgedPoints,
  known: readonly KnownValues[],
  got: readonly Float64Array[],
): Record<string, PlotDataInput> {
  const [across = [], up = []] = axes;
  const plane = across.length * up.length;
  const middle = axes.slice(2).reduce((start, axis, c) => start + ((axis.length - 1) / 2) * plane * axis.length ** c, 0);
  const step = Math.ceil((across.length - 1) / 50);
  const thin = (axis: readonly number[]): number[] => axis.flatMap((_, i) => (i % step === 0 ? [i] : []));
  const table = (value: (p: number) => number): (number | null)[][] =>
    thin(up).map((row) => thin(across).map((column) => finite(value(middle + row * across.length + column))));
  const fixed = coordinates.slice(2).map(({ name }, i) => `${name} = ${(points[middle]?.[i + 2] ?? Number.NaN).toPrecision(4)}`);
  return Object.fromEntries(
    unknowns.map((name, i): [string, PlotDataInput] => {
      const values = got[i] ?? new Float64Array();
      const truth = known.find(({ unknown }) => unknown === i)?.values;
      return [
        mapIds[i] ?? "map",
        {
          kind: "contour",
          title: `Solution ${name}`,
          caption: fixed.length > 0 ? `At ${fixed.join(", ")}.` : "",
          xAxis: { label: coordinates[0]?.name ?? "" },
          yAxis: { label: coordinates[1]?.name ?? "" },
          zAxis: { label: name },
          x: thin(across).map((column) => across[column] ?? 0),
          y: thin(up).map((row) => up[row] ?? 0),
          layers: [
            ...(truth ? [{ name: "known", z: table((p) => truth[p] ?? Number.NaN) }] : []),
            { name: "network", z: table((p) => values[p] ?? Number.NaN) },
            ...(truth ? [{ name: "error", z: table((p) => (values[p] ?? Number.NaN) - (truth[p] ?? Number.NaN)) }] : []),
          ],
        },
      ];
    }),
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
