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

/**
 * Throws RangeError, naming the part, for a window that ends before or where it begins in a run of so many steps. Two shares are compared as they are
 * written: in a run of few steps both may fall on the same one.
 */
export function requireWindow<P>(part: LossTerm<P> | SparsityTerm<P>, parameters: P, steps: number): void {
  const { from, until } = part.window?.(parameters) ?? {};
  const name = `The window of the loss term "${part.metric}"`;
  for (const moment of [from, until]) {
    if (!moment) continue;
    const fits = "step" in moment ? Number.isInteger(moment.step) && moment.step >= 0 : moment.share >= 0 && moment.share <= 1;
    if (!fits)
      throw new RangeError(`${name} names ${said(moment)}; a step is a whole number from 0 on, a share one from 0 to 1.`);
  }
  if (!until) return;
  const start: Moment = from ?? ("step" in until ? { step: 0 } : { share: 0 });
  const empty = "share" in start && "share" in until ? start.share >= until.share : stepOf(start, steps) >= stepOf(until, steps);
  if (empty)
    throw new RangeError(`${name} begins at ${said(start)} and ends at ${said(until)} of ${steps} steps: it never counts.`);
}

function said(moment: Moment): string {
  return "step" in moment ? `step ${moment.step}` : `the share ${moment.share}`;
}
