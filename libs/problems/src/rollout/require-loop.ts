import type { ClosedLoop, LoopExpression, LoopSymbol, Trajectories } from "../kinds/rollout";

/**
 * Throws RangeError, naming the place, for a loop whose formulas name what is not there, whose training has other sizes than it says or is shorter than
 * the horizon, or of which a term never counts.
 */
export function requireLoop<P>(loop: ClosedLoop<P>, horizon: number): void {
  const { states, signals, outputs, inputs, next, terms, training } = loop;
  if (outputs < 1 || inputs.length < 1) throw new RangeError("A loop needs a network with at least one input and one output.");
  if (next.length !== states) throw new RangeError(`A loop with ${states} states has ${next.length} formulas for the next ones.`);
  if (terms.length === 0) throw new RangeError("A loop needs at least one term of the loss.");
  const counts = { state: states, signal: signals, output: outputs };
  const check = (expression: LoopExpression, where: string, outputsKnown: boolean): void => {
    for (const { kind, index } of loopSymbols(expression)) {
      if (kind === "output" && !outputsKnown)
        throw new RangeError(`${where} names output ${index}, which the network gives only after it has seen its inputs.`);
      if (!Number.isInteger(index) || index < 0 || index >= counts[kind])
        throw new RangeError(`${where} names ${kind} ${index}, but the loop has ${counts[kind]} of them, counted from 0.`);
    }
  };
  inputs.forEach((expression, i) => {
    check(expression, `Input ${i} of the network`, false);
  });
  next.forEach((expression, i) => {
    check(expression, `The next state ${i}`, true);
  });
  for (const { metric, value, from = 0 } of terms) {
    check(value, `The loss term "${metric}"`, true);
    if (from >= horizon)
      throw new RangeError(
        `The loss term "${metric}" counts from step ${from} on, so never within a horizon of ${horizon} steps.`,
      );
  }
  requireTrajectories(loop, training);
  if (training.steps < horizon)
    throw new RangeError(`The training trajectories have ${training.steps} steps, fewer than the horizon of ${horizon}.`);
}

/** Throws RangeError for arrays of other sizes than they should have. */
export function requireTrajectories(
  { states, signals }: Pick<ClosedLoop, "states" | "signals">,
  { count, steps, starts, signals: given }: Trajectories,
): void {
  if (count < 1 || steps < 1) throw new RangeError(`Trajectories are at least 1 of at least 1 step, not ${count} of ${steps}.`);
  if (starts.length !== count * states)
    throw new RangeError(`${count} trajectories of ${states} states start with ${count * states} values, not ${starts.length}.`);
  if (given.length !== steps * count * signals)
    throw new RangeError(
      `${signals} signals in ${steps} steps of ${count} trajectories are ${steps * count * signals} values, not ${given.length}.`,
    );
}

/** Every symbol that occurs, as often as it does. */
function loopSymbols(expression: LoopExpression): LoopSymbol[] {
  switch (expression.op) {
    case "constant":
      return [];
    case "symbol":
      return [expression.symbol];
    case "sum":
    case "product":
      return expression.of.flatMap(loopSymbols);
    default:
      return loopSymbols(expression.of);
  }
}
