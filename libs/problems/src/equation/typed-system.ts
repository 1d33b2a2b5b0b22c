import { readSystem, type Condition, type Equation, type EquationSystem, type TextFault } from "@basin/equations";
import { along, joined, pointsIn, redrawnPointsIn } from "../differential-equations/equation-experiment";
import {
  constant,
  difference,
  evaluateExpression,
  measured,
  product,
  solution,
  sum,
  symbolsOf,
  type Expression,
} from "../differential-equations/expression";
import { learnedSymbols } from "../differential-equations/passes";
import type { DifferentialEquationSystem, LossTerm, PointSet } from "../kinds/differential-equation";
import { givenConstants, type EquationParameters } from "./equation-parameters";
import { lowerFormula, unitScales, type Partner } from "./lower-formula";
import type { MeasuredPoints } from "./measured-points";

/** What the texts of a configuration say. */
export function typedSystem(parameters: EquationParameters): { system: EquationSystem; faults: TextFault[] } {
  const reference = parameters.referenceFrom === "formula" ? parameters.reference : [];
  return readSystem({ ...parameters, reference }, givenConstants(parameters));
}

/** Whether a condition holds at the start: only t, or the only coordinate, has a value, the lower end of its range. */
export function isInitial({ place, partner }: Condition, { coordinates }: EquationSystem): boolean {
  if (partner) return false;
  const i = coordinates.length === 1 ? 0 : coordinates.findIndex(({ name }) => name === "t");
  return i >= 0 && place[i] === coordinates[i]?.from && place.every((value, j) => (value === null) !== (i === j));
}

/** Left less right. */
export function residualOf(
  { left, right }: Equation,
  system: EquationSystem,
  scales = unitScales(system),
  partner: Partner | null = null,
): Expression {
  return difference(lowerFormula(left, system, scales, partner), lowerFormula(right, system, scales, partner));
}

const unit = [-1, 1] as const;

/** How the points of a system and what is known at them are made. */
interface Draw {
  interior(coordinates: number, parameters: EquationParameters): PointSet;
  /** Points of a place, at which the coordinates with a value have it. */
  at(place: readonly (number | null)[], parameters: EquationParameters): PointSet;
  /** A residual with the summands that nothing learned is in as measured values. */
  split(residual: Expression, points: Float32Array, coordinates: number): Pick<LossTerm, "residual" | "measured">;
}

const drawn: Draw = {
  interior: (coordinates, parameters) =>
    redrawnPointsIn(
      Array.from({ length: coordinates }, () => unit),
      parameters.points,
      parameters,
      "equation/interior",
    ),
  at: pointsAt,
  split: knownApart,
};

/** As many points, all of them 0: for estimates. */
export const counted: Draw = {
  interior: (coordinates, { points }) => ({ points: new Float32Array(points * coordinates) }),
  at: (place, { edgePoints }) => ({ points: new Float32Array(place.length * (place.includes(null) ? edgePoints : 1)) }),
  split: (residual) => ({ residual, measured: null }),
};

/**
 * The system that a run trains. Coordinates are scaled to −1 … 1, so that ranges of any size train alike. Everything in a condition that is known at
 * its points is computed in double precision beforehand.
 */
export function trainedSystem(
  parameters: EquationParameters,
  data: MeasuredPoints | null,
  draw: Draw = drawn,
): DifferentialEquationSystem<EquationParameters> {
  const { system } = typedSystem(parameters);
  const scales = unitScales(system);
  const { coordinates } = system;
  const grids: PointSet[] = [draw.interior(coordinates.length, parameters)];
  const terms: LossTerm<EquationParameters>[] = system.equations.flatMap((equation, i) =>
    equation
      ? [
          {
            metric: `equation${i + 1}Loss`,
            weight: ({ equationWeight }: EquationParameters) => equationWeight,
            grid: 0,
            measured: null,
            residual: residualOf(equation, system),
            measure: "mean-square" as const,
          },
        ]
      : [],
  );
  const places = new Map<string, number>();
  system.conditions.forEach((condition, i) => {
    if (!condition) return;
    const scaled = (own: Condition["place"]) =>
      own.map((value, c) => {
        const { centre, half } = scales[c] ?? { centre: 0, half: 1 };
        return value === null ? null : (value - centre) / half;
      });
    const gridOf = (key: string, make: () => PointSet): number => {
      const found = places.get(key) ?? grids.push(make()) - 1;
      places.set(key, found);
      return found;
    };
    const place = scaled(condition.place);
    const grid = gridOf(place.join(), () => draw.at(place, parameters));
    const other = condition.partner && scaled(condition.partner);
    const partner = other && {
      parts: condition.atPartner,
      grid: gridOf(`${place.join()} and ${other.join()}`, () => matching(grids[grid], other)),
    };
    const initial = isInitial(condition, system);
    terms.push({
      metric: `condition${i + 1}Loss`,
      weight: initial ? ({ initialWeight }) => initialWeight : ({ conditionWeight }) => conditionWeight,
      grid,
      ...draw.split(
        residualOf(condition, system, scales, partner),
        grids[grid]?.points ?? new Float32Array(),
        coordinates.length,
      ),
      measure: "mean-square",
    });
  });
  if (data) {
    for (const { unknown, values } of data.values)
      terms.push({
        metric: `data${unknown + 1}Loss`,
        weight: ({ dataWeight }) => dataWeight,
        grid: grids.length,
        measured: values,
        residual: difference(solution([], unknown), measured),
        measure: "mean-square",
      });
    grids.push({ points: data.points });
  }
  return {
    coordinates: coordinates.length,
    components: system.unknowns.length,
    unknowns: system.trainable.map(({ name, start }) => ({
      name,
      initial: () => start,
      learningRate: ({ constantRate }) => constantRate,
    })),
    grids,
    terms,
  };
}

/** The same points with the values of another place where it has any. */
function matching(points: PointSet | undefined, place: readonly (number | null)[]): PointSet {
  return { points: Float32Array.from(points?.points ?? [], (own, i) => place[i % place.length] ?? own) };
}

/** Points of a place: in the box of its free coordinates, or one. */
function pointsAt(place: readonly (number | null)[], parameters: EquationParameters): PointSet {
  const free = place.flatMap((value, i) => (value === null ? [i] : []));
  if (free.length === 0) return { points: Float32Array.from(place, (value) => value ?? 0) };
  const inside = pointsIn(
    free.map(() => unit),
    parameters.edgePoints,
    parameters,
    `equation/condition ${place.join()}`,
  );
  if (free.length === 1) return along(inside, (x) => place.map((value) => value ?? x));
  return joined(
    ...Array.from({ length: parameters.edgePoints }, (_, p) => ({
      points: Float32Array.from(place, (value, i) => value ?? inside.points[p * free.length + free.indexOf(i)] ?? 0),
    })),
  );
}

/** A residual with the summands that nothing learned is in as measured values. */
function knownApart(
  residual: Expression,
  points: Float32Array,
  coordinates: number,
): { residual: Expression; measured: Float32Array | null } {
  const summands = residual.op === "sum" ? residual.of : [residual];
  const isKnown = (one: Expression): boolean => learnedSymbols(symbolsOf(one)).length === 0;
  const known = sum(...summands.filter(isKnown));
  if (symbolsOf(known).length === 0) return { residual, measured: null };
  const values = Float32Array.from({ length: points.length / coordinates }, (_, p) =>
    evaluateExpression(product(constant(-1), known), (symbol) =>
      symbol.kind === "coordinate" ? (points[p * coordinates + symbol.index] ?? Number.NaN) : Number.NaN,
    ),
  );
  return { residual: difference(sum(...summands.filter((one) => !isKnown(one))), measured), measured: values };
}
