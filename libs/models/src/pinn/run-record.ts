import { lbfgsFromRecord, lbfgsToRecord } from "@basin/numerics";
import type { DifferentialEquationSystem } from "@basin/problems";
import { asTensor, type OpenCheckpoint } from "../training/checkpoint";
import { optimizerEpochs } from "../training/lbfgs-phase";
import { historyEvery, type PinnRun } from "./pinn-run";
import { redrawnGrids } from "./redraw";

/** What a checkpoint counts of a run. */
export function countersOf({ step, powers: [power1, power2], balance }: PinnRun): Record<string, number> {
  return { epoch: step, power1, power2, ...Object.fromEntries(balance.map((factor, part) => [`balance${part}`, factor])) };
}

/** What a checkpoint stores of a run beside parameters and slots: points that were drawn, the minimization, the unknowns so far. */
export function ownTensors({ drawn, lbfgs, history }: PinnRun) {
  return {
    ...Object.fromEntries(Array.from(drawn, ([grid, values]) => [`points.${grid}`, asTensor(values)] as const)),
    ...(lbfgs ? { lbfgs: asTensor(lbfgsToRecord(lbfgs)) } : {}),
    ...(history.length > 0 ? { history: asTensor(Float32Array.from(history)) } : {}),
  };
}

/** Puts a fresh run where its checkpoint left off. */
export function resumeRun(one: PinnRun, { counter, values }: OpenCheckpoint, system: DifferentialEquationSystem): void {
  one.step = counter("epoch");
  one.powers = [counter("power1"), counter("power2")];
  one.balance = one.balance.map((_, part) => counter(`balance${part}`));
  const moments = Math.floor(one.step / historyEvery(one.parameters));
  if (moments > 0 && system.unknowns.length > 0) one.history = Array.from(values("history", moments * system.unknowns.length));
  // A minimization starts with the first of its steps.
  if (one.step > optimizerEpochs(one.parameters)) one.lbfgs = lbfgsFromRecord(Float64Array.from(values("lbfgs")));
  const { redrawEvery } = one.parameters;
  // The redraw before a step is made when that step begins.
  if (redrawEvery > 0 && one.step > redrawEvery && redrawEvery < optimizerEpochs(one.parameters))
    for (const grid of redrawnGrids(system)) {
      const found = values(`points.${grid}`, system.grids[grid]?.points.length);
      one.drawn.set(grid, Float32Array.from(found));
    }
}
