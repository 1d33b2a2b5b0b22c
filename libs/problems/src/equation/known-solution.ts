import { evaluateFormula, type EquationSystem } from "@basin/equations";
import { gridPoints } from "@basin/numerics";
import type { EquationParameters } from "./equation-parameters";
import { integratedSolution } from "./integrated-solution";
import { unitScales } from "./lower-formula";

/** Points a side of the grid on which runs are judged, by the number of coordinates. */
const sides = [501, 101, 31, 13] as const;
/** The same for a look at a configuration that is submitted: a sweep may have thousands. */
const fewSides = [51, 9, 5, 3] as const;

/** Where a run is judged: every point of an even grid, the first coordinate running fastest. */
export interface JudgedPoints {
  /** Places by coordinate. */
  axes: readonly (readonly number[])[];
  /** Row-major [points, coordinates], as typed. */
  points: readonly (readonly number[])[];
  /** The same as the network sees them. */
  scaled: Float32Array;
  /** They are few, for a look. */
  few: boolean;
}

/** `few`: so many that a fault of a known solution is found in no time, the ends of every range among them. */
export function judgedPoints(system: EquationSystem, few = false): JudgedPoints {
  const { coordinates } = system;
  const side = (few ? fewSides : sides)[coordinates.length - 1] ?? 3;
  const axes = coordinates.map(({ from, to }) => Array.from(gridPoints([[from, to]], [side])));
  const points = Array.from({ length: side ** axes.length }, (_, p) =>
    axes.map((axis, c) => axis[Math.floor(p / side ** c) % side] ?? Number.NaN),
  );
  const scales = unitScales(system);
  const scaled = Float32Array.from(
    points.flatMap((point) => point.map((x, c) => (x - (scales[c]?.centre ?? 0)) / (scales[c]?.half ?? 1))),
  );
  return { axes, points, scaled, few };
}

/** The known values of an unknown at points. */
export interface KnownValues {
  unknown: number;
  values: Float64Array;
}

/** The known solution of a configuration at points; empty where nothing is known. Throws RangeError for one that cannot be integrated. */
export function knownSolution(
  parameters: EquationParameters,
  system: EquationSystem,
  { points, few }: JudgedPoints,
): KnownValues[] {
  switch (parameters.referenceFrom) {
    case "none":
    // A dataset has points of its own.
    case "dataset":
      return [];
    case "formula":
      return system.unknowns.flatMap((name, unknown) => {
        const formula = system.reference.get(name);
        if (!formula) return [];
        const at = (point: readonly number[]): number =>
          evaluateFormula(formula, (part) =>
            part.kind === "coordinate"
              ? (point[system.coordinates.findIndex((one) => one.name === part.name)] ?? Number.NaN)
              : (system.constants.get(part.name) ?? Number.NaN),
          );
        return [{ unknown, values: Float64Array.from(points, at) }];
      });
    case "integration": {
      const solution = integratedSolution(system, few ? 1e-4 : 1e-9);
      const states = points.map(([t = Number.NaN]) => solution(t));
      return system.unknowns.map((_, unknown) => ({
        unknown,
        values: Float64Array.from(states, (state) => state[unknown] ?? Number.NaN),
      }));
    }
  }
}
