import type { DifferentialEquationSystem, LossTerm, SparsityTerm } from "../kinds/differential-equation";
import { derivativeOf, mostCoordinates } from "./derivative";
import { symbolsOf, type EquationSymbol } from "./expression";
import { expressionsOf, gridsOf, learnedSymbols, lossParts, pointsOf } from "./passes";

/** Throws RangeError, naming the term, for a system that contradicts itself. */
export function requireSystem(system: DifferentialEquationSystem): void {
  const { coordinates, grids, terms } = system;
  if (!Number.isInteger(coordinates) || coordinates < 1 || coordinates > mostCoordinates)
    throw new RangeError(`A differential equation has 1 to ${mostCoordinates} coordinates, not ${coordinates}.`);
  if (terms.length === 0) throw new RangeError("A differential equation needs at least one loss term.");
  grids.forEach(({ points }, g) => {
    if (points.length % coordinates !== 0)
      throw new RangeError(`Grid ${g} has ${points.length} numbers, which are no points of ${coordinates} coordinates.`);
  });
  for (const term of terms) requireTerm(system, term);
  if (system.sparsity) requireSparsity(system, system.sparsity);
  const metrics = lossParts(system).map(({ metric }) => metric);
  const twice = metrics.find((metric, i) => metrics.indexOf(metric) !== i);
  if (twice !== undefined) throw new RangeError(`Two parts of the loss have the metric "${twice}".`);
}

function requireTerm(system: DifferentialEquationSystem, term: LossTerm): void {
  const { metric, grid, measured, residual } = term;
  const name = `The loss term "${metric}"`;
  const count = pointsOf(system, grid);
  if (count === 0) throw new RangeError(`${name} has no points.`);
  if (measured && system.grids[grid]?.candidates)
    throw new RangeError(`${name} has measured values on points that are drawn anew.`);
  if (measured && measured.length !== count)
    throw new RangeError(`${name} has ${measured.length} measured values on ${count} points.`);
  if (learnedSymbols(symbolsOf(residual)).length === 0) throw new RangeError(`${name} contains nothing that can be learned.`);
  requireSymbols(system, name, measured !== null, term);
  for (const other of gridsOf(term).slice(1)) {
    const found = pointsOf(system, other);
    if (found !== count)
      throw new RangeError(`${name} takes the solution on grid ${other}, which has ${found} points, not ${count}.`);
    if (system.grids[grid]?.candidates || system.grids[other]?.candidates)
      throw new RangeError(`${name} takes the solution on two grids, of which one is drawn anew.`);
  }
}

function requireSparsity(system: DifferentialEquationSystem, sparsity: SparsityTerm): void {
  const { metric, grid, of } = sparsity;
  const name = `The loss term "${metric}"`;
  if (pointsOf(system, grid) === 0) throw new RangeError(`${name} has no points.`);
  for (const { unknown } of of)
    if (!system.unknowns.some((one) => one.name === unknown))
      throw new RangeError(`${name} names "${unknown}", which is no unknown of the system.`);
  requireSymbols(system, name, false, sparsity);
}

function requireSymbols(
  system: DifferentialEquationSystem,
  name: string,
  hasMeasured: boolean,
  part: LossTerm | SparsityTerm,
): void {
  for (const symbol of expressionsOf(part).flatMap(symbolsOf)) {
    const wrong = wrongWith(system, hasMeasured, symbol);
    if (wrong) throw new RangeError(`${name} ${wrong}`);
  }
}

/** What contradicts the system, or null. */
function wrongWith(
  { coordinates, components, unknowns }: DifferentialEquationSystem,
  hasMeasured: boolean,
  symbol: EquationSymbol,
): string | null {
  switch (symbol.kind) {
    case "coordinate":
      return symbol.index < coordinates ? null : `names coordinate ${symbol.index}; there are ${coordinates}, counted from 0.`;
    case "measured":
      return hasMeasured ? null : "names the measured value, but has none.";
    case "unknown":
      return unknowns.some(({ name }) => name === symbol.name)
        ? null
        : `names "${symbol.name}", which is no unknown of the system.`;
    case "progress":
      return null;
    case "mean":
    case "solution":
      if (symbol.component >= components) return `names component ${symbol.component}; there are ${components}, counted from 0.`;
      if (symbol.kind === "mean") return null;
      if (symbol.derivative.length > coordinates)
        return `has a derivative by coordinate ${symbol.derivative.length - 1}; there are ${coordinates}, counted from 0.`;
      try {
        derivativeOf(symbol.derivative);
        return null;
      } catch (error) {
        if (error instanceof RangeError) return `cannot be trained: ${error.message}`;
        throw error;
      }
  }
}
