import type { EquationSystem } from "@basin/equations";
import { inverseMatrix, odeTrajectory, type RightHandSide } from "@basin/numerics";
import {
  evaluateExpression,
  partialDerivative,
  symbolKey,
  symbolsOf,
  type EquationSymbol,
  type Expression,
} from "../differential-equations/expression";
import { isInitial, residualOf } from "./typed-system";

type Values = (symbol: EquationSymbol) => number;

/** Steps of an integration before it is given up: a solution that a network can follow needs far fewer. */
const mostSteps = 20_000;

/** Typed ordinary differential equations as rates of a state. */
interface InitialValueProblem {
  /** By unknown the orders of the derivatives that the state holds, from 0 on; a component of the state each. */
  orders: readonly number[];
  start: Float64Array;
  rates: RightHandSide;
  /** Where the state has each unknown. */
  places: readonly number[];
}

/**
 * Typed ordinary differential equations with their start from the conditions there. The state holds every unknown and its derivatives below the
 * highest. Throws RangeError, saying why, where that does not give one solution: the highest derivatives must stand in the equations, and the state in
 * the conditions, as factors of known numbers do (linearly), and both must be as many.
 */
export function initialValueProblem(system: EquationSystem): InitialValueProblem {
  const [time, ...others] = system.coordinates;
  if (!time || others.length > 0) throw new RangeError("only equations in one coordinate can be integrated");
  if (system.trainable.some(({ name }) => !system.constants.has(name)))
    throw new RangeError("a trained constant needs its true value among the constants for that");
  const known = { ...system, trainable: [] };
  const scales = [{ centre: 0, half: 1 }];
  const equations = system.equations.flatMap((one) => (one ? [residualOf(one, known, scales)] : []));
  const starts = system.conditions.flatMap((one) => (one && isInitial(one, system) ? [residualOf(one, known, scales)] : []));
  const orders = system.unknowns.map((_, component) => highestOrderOf(equations, component));
  const flat = system.unknowns.find((_, i) => orders[i] === 0);
  if (flat !== undefined) throw new RangeError(`no equation has a derivative of ${flat}`);
  const highest = orders.map((order, component) => derivativeSymbol(component, order));
  const state = orders.flatMap((order, component) =>
    Array.from({ length: order }, (_, lower) => derivativeSymbol(component, lower)),
  );
  if (equations.length !== highest.length)
    throw new RangeError(`${highest.length} unknowns need as many equations, not ${equations.length}`);
  if (starts.length !== state.length)
    throw new RangeError(`it needs ${state.length} conditions at ${time.name} = ${time.from}, not ${starts.length}`);

  const slopes = linearSolver(equations, highest, "the highest derivatives cannot be found from the equations");
  const start = linearSolver(
    starts,
    state,
    "the conditions at the start do not give the state",
  )((symbol) => (symbol.kind === "coordinate" ? time.from : Number.NaN));
  const places = new Map(state.map((symbol, i) => [symbolKey(symbol), i]));
  const placeOf = perSymbol((symbol) => places.get(symbolKey(symbol)) ?? -1);
  const nextOf = orders.flatMap((order, component) =>
    Array.from({ length: order }, (_, lower) => places.get(symbolKey(derivativeSymbol(component, lower + 1))) ?? -1 - component),
  );
  return {
    orders,
    start,
    places: orders.map((_, component) => places.get(symbolKey(derivativeSymbol(component, 0))) ?? 0),
    rates(t, y, out) {
      const found = slopes((symbol) => (symbol.kind === "coordinate" ? t : (y[placeOf(symbol)] ?? Number.NaN)));
      // The rate of a derivative is the next one of the state; that of the last is what the equations say.
      nextOf.forEach((next, i) => (out[i] = (next >= 0 ? y[next] : found[-1 - next]) ?? Number.NaN));
    },
  };
}

/** The solution of typed ordinary differential equations by numerical integration, to a tolerance per step: (t) → each unknown. Throws as `initialValueProblem` does. */
export function integratedSolution(system: EquationSystem, tolerance = 1e-9): (t: number) => Float64Array {
  const { start, rates, places } = initialValueProblem(system);
  const { from = 0, to = 1 } = system.coordinates[0] ?? {};
  const trajectory = odeTrajectory(rates, start, [from, to], {
    relativeTolerance: tolerance,
    absoluteTolerance: tolerance / 1000,
    maxSteps: mostSteps,
  });
  const values = new Float64Array(start.length);
  return (t) => {
    trajectory(t, values);
    return Float64Array.from(places, (place) => values[place] ?? Number.NaN);
  };
}

function derivativeSymbol(component: number, order: number): EquationSymbol {
  return { kind: "solution", component, derivative: order === 0 ? [] : [order] };
}

function highestOrderOf(equations: readonly Expression[], component: number): number {
  const orders = equations
    .flatMap(symbolsOf)
    .map((symbol) => (symbol.kind === "solution" && symbol.component === component ? (symbol.derivative[0] ?? 0) : 0));
  return Math.max(0, ...orders);
}

/** Finds the symbols for which residuals that are linear in them vanish, the others given. */
function linearSolver(
  residuals: readonly Expression[],
  sought: readonly EquationSymbol[],
  failure: string,
): (known: Values) => Float64Array {
  const keys = new Set(sought.map(symbolKey));
  const factors = residuals.map((residual) => sought.map((symbol) => partialDerivative(residual, symbol)));
  const bent = factors
    .flat()
    .flatMap(symbolsOf)
    .some((symbol) => keys.has(symbolKey(symbol)));
  if (bent) throw new RangeError(`${failure}: they do not stand there linearly`);
  const n = sought.length;
  const isSought = perSymbol((symbol) => keys.has(symbolKey(symbol)));
  const inverseAt = (at: Values): Float64Array | null =>
    inverseMatrix(
      Float64Array.from(factors.flat(), (factor) => evaluateExpression(factor, at)),
      n,
    );
  const fixed = factors.flat().every((factor) => factor.op === "constant") ? inverseAt(() => Number.NaN) : undefined;
  return (known) => {
    const at: Values = (symbol) => (isSought(symbol) ? 0 : known(symbol));
    const inverse = fixed === undefined ? inverseAt(at) : fixed;
    if (!inverse) throw new RangeError(failure);
    const rest = residuals.map((residual) => evaluateExpression(residual, at));
    return Float64Array.from({ length: n }, (_, i) => -rest.reduce((sum, one, j) => sum + (inverse[i * n + j] ?? 0) * one, 0));
  };
}

/** The same with each answer kept by the symbol as it stands in an expression: it is asked for at every step of an integration. */
function perSymbol<T>(answer: (symbol: EquationSymbol) => T): (symbol: EquationSymbol) => T {
  const known = new Map<EquationSymbol, T>();
  return (symbol) => {
    const found = known.get(symbol) ?? answer(symbol);
    known.set(symbol, found);
    return found;
  };
}
