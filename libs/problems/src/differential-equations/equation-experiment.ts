import { PinnParameters, pinnPerRunParameters, choiceOf, type MetricDescriptor } from "@basin/contracts";
import { pointSet, pointSetKinds, type Box, type PointSetKind } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import type { ExperimentDefinition } from "../experiment";
import { finalMetric } from "../final-metric";
import type { LossTerm, PointSet } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";
import { weightCount } from "../weight-count";
import { checkPinnParameters } from "./check-pinn-parameters";
import { difference, measured, solution } from "./expression";

/** What an experiment says of itself; the rest follows from the family. */
type OwnPart = Omit<ExperimentDefinition, "family" | "diagnostic" | "stepUnit" | "maxPackWidth">;

/**
 * An experiment of the family `pinn` with what all of them have: the loss before its own metrics, the family's rules after its own, the family's
 * per-run parameters before its own, and epochs as steps.
 */
export function equationExperiment(own: OwnPart): ExperimentDefinition {
  return {
    ...own,
    family: "pinn",
    diagnostic: false,
    perRunParameters: [...pinnPerRunParameters, ...own.perRunParameters],
    check: (parameters) => [...(own.check?.(parameters) ?? []), ...checkPinnParameters(parameters)],
    metrics: [
      lossMetric(
        "loss",
        "Loss",
        "Sum of the parts below times their weights. Curve: before the step of that epoch. Final figure: of the saved weights.",
      ),
      ...own.metrics,
      weightCount,
    ],
    stepUnit: "epoch",
    maxPackWidth: 64,
  };
}

/** Of experiments that fit a curve to `samples` noisy measurements and ask something of it at `points` places, none of which is drawn. */
export function measuredCurve(parameters: {
  parse: (given: unknown) => { samples: number; points: number; noise: number };
}): Pick<OwnPart, "withoutEffect" | "sizes"> {
  return {
    withoutEffect: (given) => ["redrawEvery", ...(parameters.parse(given).noise === 0 ? ["dataSeed"] : [])],
    sizes: (given) => {
      const { samples, points } = parameters.parse(given);
      return equationSizes(1, 1, [{ points: samples + points, derivatives: 2 }]);
    },
  };
}

/** The mean square of solution − measurement over the first grid. */
export function dataTerm<P>(values: Float32Array): LossTerm<P> {
  return {
    metric: "dataLoss",
    weight: () => 1,
    grid: 0,
    measured: values,
    residual: difference(solution(), measured),
    measure: "mean-square",
  };
}

/** A part of the loss: a curve, and a final figure of the saved weights. */
export function lossMetric(name: string, title: string, description: string): MetricDescriptor {
  return finalMetric(name, title, description, { series: true, scale: "log" });
}

/** Parameters of a network for fields: three hidden layers of 32, Adam at 5e-3 that falls to a tenth along a cosine. */
export const FieldParameters = PinnParameters.extend({
  hiddenLayers: withDefault(PinnParameters.shape.hiddenLayers, [32, 32, 32]),
  initialization: withDefault(PinnParameters.shape.initialization, "glorot-uniform"),
  learningRate: withDefault(PinnParameters.shape.learningRate, 5e-3, {
    "x-suggest": { type: "log-float", min: 1e-3, max: 1e-2, points: 3 },
  }),
  schedule: withDefault(PinnParameters.shape.schedule, "cosine"),
  reportEvery: withDefault(PinnParameters.shape.reportEvery, 50),
});

/** The weight of a part of the loss; 0 leaves it out. */
export function termWeight(title: string, value: number, description: string, more: z.core.GlobalMeta = {}) {
  return z
    .number()
    .min(0)
    .max(1e6)
    .default(value)
    .meta({ title, description, ...more });
}

const placements = {
  uniform: "independent and equally likely everywhere",
  "latin-hypercube": "one in each of as many slices of every coordinate",
  sobol: "a Sobol sequence, shifted at random: evenly spread",
  grid: "equally spaced, with the edges; their number is a power of the number of coordinates",
} as const satisfies Record<PointSetKind, string>;

/** How the points at which the equation is asked are placed. */
export function placement(value: PointSetKind) {
  return choiceOf(pointSetKinds, placements)
    .default(value)
    .meta({
      title: "Placement of the points",
      "x-suggest": { type: "choice", values: ["uniform", "latin-hypercube", "sobol"] },
    });
}

export const pointsSeed = dataSeed("Which points are drawn; independent of the run's seed.");

/** The seed of points that all lie on a grid. */
export function unusedSeed({ placement: kind, redrawEvery }: { placement: PointSetKind; redrawEvery: number }): string[] {
  return kind === "grid" && redrawEvery === 0 ? ["dataSeed"] : [];
}

/** Parameters that decide which points. */
export interface PlacedPoints {
  placement: PointSetKind;
  dataSeed: number;
}

/** `count` points in a box; `purpose` names the experiment and the place. Throws RangeError for a grid whose count does not fit. */
export function pointsIn(box: Box, count: number, { placement: kind, dataSeed: seed }: PlacedPoints, purpose: string): PointSet {
  return { points: Float32Array.from(pointSet(kind, box, count, { seed, purpose })) };
}

/** Candidates for each point of a redraw. */
const candidatesPerPoint = 4;

/** The same, of which redraws choose anew among evenly spread ones. */
export function redrawnPointsIn(box: Box, count: number, placed: PlacedPoints, purpose: string): PointSet {
  return {
    ...pointsIn(box, count, placed, purpose),
    candidates: (redraw) =>
      pointsIn(box, candidatesPerPoint * count, { ...placed, placement: "sobol" }, `${purpose}/redraw ${redraw}`).points,
  };
}

/** Point sets of the same coordinates as one. */
export function joined(...sets: readonly PointSet[]): PointSet {
  return { points: Float32Array.from(sets.flatMap(({ points }) => Array.from(points))) };
}

/** The points of one coordinate's range with all other coordinates given: `at` makes a point of a place. */
export function along(range: PointSet, at: (place: number) => readonly number[]): PointSet {
  return { points: Float32Array.from(Array.from(range.points).flatMap((place) => at(place))) };
}

/** The issue of a grid whose number of points is no power, or none. */
export function checkPlacement(parameters: { placement: PointSetKind; points: number }, coordinates: number) {
  const side = Math.round(parameters.points ** (1 / coordinates));
  if (parameters.placement !== "grid" || side ** coordinates === parameters.points) return [];
  const below = side ** coordinates < parameters.points ? side : side - 1;
  return [
    {
      path: "points",
      message: `a grid in ${coordinates} coordinates has ${below ** coordinates} or ${(below + 1) ** coordinates} points, not ${parameters.points}`,
      hint: `e.g. ${(below + 1) ** coordinates}`,
    },
  ];
}
