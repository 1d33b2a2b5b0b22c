import { lossParts, type Derivative, type LearnedSolution, type UnknownsAtStep } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { inputJets, termsAndGradients, type EquationLoss } from "./equation-loss";
import { weightedSum } from "./part-weights";
import { derivativesAt } from "./passes";
import { historyEvery, progressOf, type PinnRun } from "./pinn-run";
import type { ParameterLayout } from "./pruning";

/** What a run has learned: its network as a function, its unknowns and how they came about, and the parts of its loss with their sum. */
export function learnedSolution(
  equationLoss: EquationLoss,
  { unknowns: first, marks }: ParameterLayout,
  one: PinnRun,
  own: readonly tf.Tensor[],
  weights: readonly number[],
): LearnedSolution {
  const { system, activation } = equationLoss;
  const network = own.slice(0, first);
  const values = tf.tidy(() =>
    termsAndGradients(equationLoss, own.slice(0, marks), {
      jets: inputJets(equationLoss, 1),
      progress: tf.tensor3d([progressOf(one)], [1, 1, 1]),
      weights: null,
      values: true,
    }).terms.map((term) => term.dataSync<"float32">()[0] ?? Number.NaN),
  );
  const names = system.unknowns.map(({ name }) => name);
  return {
    at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
      derivativesAt(activation, network, system.coordinates, points, derivatives) as { [K in keyof D]: Float32Array },
    unknowns: Object.fromEntries(names.map((name, i) => [name, own[first + i]?.dataSync<"float32">()[0] ?? Number.NaN])),
    history: historyOf(one, names),
    terms: Object.fromEntries(lossParts(system).map(({ metric }, t) => [metric, values[t] ?? Number.NaN])),
    loss: weightedSum(weights, values),
  };
}

function historyOf({ history, parameters }: PinnRun, names: readonly string[]): UnknownsAtStep[] {
  const every = historyEvery(parameters);
  return Array.from({ length: names.length === 0 ? 0 : history.length / names.length }, (_, i) => ({
    step: (i + 1) * every,
    unknowns: Object.fromEntries(names.map((name, k) => [name, history[i * names.length + k] ?? Number.NaN] as const)),
  }));
}
