import type { PlotDataInput } from "@basin/contracts";
import type { EquationSystem } from "@basin/equations";
import type { LearnedSolution } from "../kinds/differential-equation";
import type { ProblemResources } from "../kinds/resources";
import { judgedPoints, knownSolution, type JudgedPoints, type KnownValues } from "./known-solution";
import { judgingDataset, most, type EquationParameters } from "./equation-parameters";
import { measuredPoints, type MeasuredPoints } from "./measured-points";
import { typedSystem } from "./typed-system";

/** Plots of each unknown, where there are two coordinates or more. */
export const mapIds = Array.from({ length: most.unknowns }, (_, i) => (i === 0 ? "map" : `map-${i + 1}`));

/** Figures, words and plots of a run. */
export function judgeEquation(parameters: EquationParameters, learned: LearnedSolution, resources: ProblemResources) {
  const { system } = typedSystem(parameters);
  const judged = judgedPoints(system);
  const known = knownSolution(parameters, system, judged);
  const predictedAt = (scaled: Float32Array): Float64Array[] => {
    const components = system.unknowns.length;
    const [predicted] = learned.at(scaled, [0]);
    return system.unknowns.map((_, c) =>
      Float64Array.from({ length: predicted.length / components }, (__, p) => predicted[p * components + c] ?? Number.NaN),
    );
  };
  const got = predictedAt(judged.scaled);
  const id = judgingDataset(parameters);
  const measured = id === "" ? null : measuredPoints(parameters, system, resources.dataset(id), "referenceColumns");
  const distances = measured ? errorsOf(predictedAt(measured.points), measured.values) : errorsOf(got, known);
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
    plots:
      system.coordinates.length === 1
        ? { solution: curves(system, judged, known, got, measured) }
        : maps(system, judged, known, got),
  };
}

/** Of one unknown at the points where it is judged. */
interface Values {
  unknown: number;
  values: ArrayLike<number>;
}

/** Over all unknowns that are known, together; null where none is. */
function errorsOf(got: readonly Float64Array[], known: readonly Values[]): { relativeL2: number; maxError: number } | null {
  if (known.length === 0) return null;
  let [squares, size, most] = [0, 0, 0];
  for (const { unknown, values } of known)
    for (let p = 0; p < values.length; p++) {
      const want = values[p] ?? Number.NaN;
      const error = Math.abs((got[unknown]?.[p] ?? Number.NaN) - want);
      squares += error * error;
      size += want * want;
      if (!(error <= most)) most = error;
    }
  return { relativeL2: Math.sqrt(squares / size), maxError: most };
}

function curves(
  { unknowns, coordinates }: EquationSystem,
  { axes }: JudgedPoints,
  known: readonly KnownValues[],
  got: readonly Float64Array[],
  measured: MeasuredPoints | null,
): PlotDataInput {
  const { from = 0, to = 1 } = coordinates[0] ?? {};
  const places = Array.from(measured?.points ?? [], (scaled) => (from + to) / 2 + ((to - from) / 2) * scaled);
  const caption = measured ? "Points: the known solution." : "Dashed: the known solution.";
  const x = [...(axes[0] ?? [])];
  return {
    kind: "curve",
    title: "Solution",
    caption: measured || known.length > 0 ? caption : "",
    x: { label: coordinates[0]?.name ?? "" },
    y: { label: unknowns.join(", ") },
    series: unknowns.flatMap((name, i) => {
      const truth = known.find(({ unknown }) => unknown === i);
      const values = measured?.values.find(({ unknown }) => unknown === i)?.values;
      return [
        ...(values ? [{ name: `${name}, known`, x: places, y: Array.from(values, finite), style: "points" as const }] : []),
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
