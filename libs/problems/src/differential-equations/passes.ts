import type { DifferentialEquationSystem, LossTerm, SparsityTerm } from "../kinds/differential-equation";
import { jetPlan, type DerivativeOrders, type JetPlan } from "./derivative";
import { symbolsOf, type EquationSymbol, type Expression } from "./expression";

/** Grids of fewer points do not go through the network on their own: a pass costs more than derivatives that nobody needs. */
const fewPoints = 64;

/** Grids that go through the network together. */
export interface NetworkPass {
  grids: readonly number[];
  plan: JetPlan;
  /** Parallel to the plan's entries: whether a term takes it. */
  wanted: readonly boolean[];
}

/** How many points a grid has. */
export function pointsOf({ grids, coordinates }: DifferentialEquationSystem, grid: number): number {
  return (grids[grid]?.points.length ?? 0) / coordinates;
}

/** Grids by the derivatives that their terms take, in their order; small ones join those with most. Grids that no term names are left out. */
export function networkPasses(system: DifferentialEquationSystem): NetworkPass[] {
  const groups = new Map<string, { grids: number[]; points: number; entries: number }>();
  system.grids.forEach((_, grid) => {
    if (!lossParts(system).some((part) => gridsOf(part).includes(grid))) return;
    const { entries } = jetPlan(derivativesOn(system, [grid]));
    const key = entries.map((entry) => entry.join()).join(" ");
    const group = groups.get(key) ?? { grids: [], points: 0, entries: entries.length };
    group.grids.push(grid);
    group.points += pointsOf(system, grid);
    groups.set(key, group);
  });
  const all = [...groups.values()];
  const richest = all.reduce<(typeof all)[number] | undefined>(
    (most, group) => (most && most.entries >= group.entries ? most : group),
    undefined,
  );
  const alone = all.filter((group) => group === richest || group.points >= fewPoints);
  const joined = all.flatMap((group) => (group === richest || !alone.includes(group) ? group.grids : [])).sort((a, b) => a - b);
  return alone.map((group): NetworkPass => {
    const grids = group === richest ? joined : group.grids;
    const derivatives = derivativesOn(system, grids);
    const plan = jetPlan(derivatives);
    const taken = new Set(derivatives.map((derivative) => derivative.join()));
    return { grids, plan, wanted: plan.entries.map((entry) => taken.has(entry.join())) };
  });
}

/** Every derivative (u itself: []) that a part of the loss takes on these grids, once. */
function derivativesOn(system: DifferentialEquationSystem, grids: readonly number[]): DerivativeOrders[] {
  const found = new Map<string, DerivativeOrders>();
  for (const part of lossParts(system)) {
    for (const symbol of expressionsOf(part).flatMap(symbolsOf)) {
      if (!grids.includes(gridOf(part, symbol))) continue;
      const derivative = symbol.kind === "solution" ? symbol.derivative : symbol.kind === "mean" ? [] : null;
      if (derivative) found.set(derivative.join(), derivative);
    }
  }
  return [...found.values()];
}

/** The parts of the loss, in the order of their metrics. */
export function lossParts<P>({ terms, sparsity }: DifferentialEquationSystem<P>): (LossTerm<P> | SparsityTerm<P>)[] {
  return sparsity ? [...terms, sparsity] : [...terms];
}

/** Everything that is evaluated at the points of a part's grid. */
export function expressionsOf(part: LossTerm | SparsityTerm): Expression[] {
  if ("residual" in part) return [part.residual];
  return [...part.of.flatMap(({ factor }) => factor ?? []), ...(part.prune ? [part.prune.relativeTo] : [])];
}

/** The grid at whose points a symbol is taken. */
function gridOf(part: LossTerm | SparsityTerm, symbol: EquationSymbol): number {
  return (symbol.kind === "solution" ? symbol.grid : undefined) ?? part.grid;
}

/** Every grid that a part of the loss takes points of, its own first. */
export function gridsOf(part: LossTerm | SparsityTerm): number[] {
  return [
    ...new Set([
      part.grid,
      ...expressionsOf(part)
        .flatMap(symbolsOf)
        .map((symbol) => gridOf(part, symbol)),
    ]),
  ];
}

/** Symbols by which a residual has a gradient that trains something. */
export function learnedSymbols(symbols: readonly EquationSymbol[]): EquationSymbol[] {
  return symbols.filter(({ kind }) => kind === "solution" || kind === "mean" || kind === "unknown");
}
