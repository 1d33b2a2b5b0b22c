import type { LossTerm, Moment, SparsityTerm } from "../kinds/differential-equation";

/** The step, from 0 on, of a run of so many. */
export function stepOf(moment: Moment, steps: number): number {
  return "step" in moment ? moment.step : Math.round(moment.share * steps);
}

/** A part's weight in a step, from 0 on, of a run of so many: 0 outside of its window. */
export function weightAt<P>(part: LossTerm<P> | SparsityTerm<P>, parameters: P, step: number, steps: number): number {
  const { from, until } = part.window?.(parameters) ?? {};
  if (from && step < stepOf(from, steps)) return 0;
  if (until && step >= stepOf(until, steps)) return 0;
  return part.weight(parameters);
}
