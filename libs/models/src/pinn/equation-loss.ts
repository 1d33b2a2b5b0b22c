import type { PinnActivationName } from "@basin/contracts";
import { sumPerRun } from "@basin/engine";
import {
  gridsOf,
  learnedSymbols,
  lossParts,
  partialDerivative,
  pointsOf,
  requireSystem,
  symbolKey,
  symbolsOf,
  type DerivativeOrders,
  type DifferentialEquationSystem,
  type EquationSymbol,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetTensors } from "../derivative-propagation/jet";
import { backwardJet, forwardJet, type JetTrace } from "../derivative-propagation/jet-network";
import { expressionTensor, times } from "./expression-tensors";
import { measureOf } from "./measures";
import { counted, type PartWeights } from "./part-weights";
import { inputJet, pointPasses, type DrawnPoints, type PointPass } from "./passes";
import { unknownSizes } from "./sparsity";
import { need, symbolValues, tensorOf, type SymbolSources } from "./symbol-values";

/** What all runs of a pack share. The tensors belong to it. */
export interface EquationLoss {
  activation: PinnActivationName;
  system: DifferentialEquationSystem;
  passes: readonly PointPass[];
  /** Parallel to the system's terms. */
  terms: readonly {
    partials: readonly { symbol: EquationSymbol; slope: ReturnType<typeof partialDerivative> }[];
    measured: tf.Tensor3D | null;
  }[];
}

/** What differs between runs and steps beside the parameters. */
export interface StepInputs {
  /** The jet of every pass for as many runs as the parameters have. */
  jets: readonly JetTensors[];
  /** Each run's share of steps done, [runs, 1, 1]. */
  progress: tf.Tensor3D;
  /** Of the parts of the loss; null where no gradient is wanted. */
  weights: PartWeights | null;
  /** Whether the values of the parts are wanted. Without, nothing is computed for a part that counts in no run. */
  values: boolean;
}

/** Throws RangeError for a system that contradicts itself; no tensor is left then. */
export function buildEquationLoss(activation: PinnActivationName, system: DifferentialEquationSystem): EquationLoss {
  requireSystem(system);
  return {
    activation,
    system,
    passes: pointPasses(system),
    terms: system.terms.map(({ residual, measured }) => ({
      partials: learnedSymbols(symbolsOf(residual)).map((symbol) => ({ symbol, slope: partialDerivative(residual, symbol) })),
      measured: measured ? tf.tensor3d(measured, [1, measured.length, 1]) : null,
    })),
  };
}

export function disposeEquationLoss({ passes, terms }: EquationLoss): void {
  tf.dispose([...passes.map(({ points }) => points), ...terms.flatMap(({ measured }) => measured ?? [])]);
}

/** The jets of all passes for that many runs, with the points that some of them have drawn anew; the caller owns them. */
export function inputJets({ passes }: EquationLoss, runs: number, drawn: readonly DrawnPoints[] = []): JetTensors[] {
  return passes.map((pass) => inputJet(pass, runs, drawn));
}

/**
 * With `values` the value [runs] of every part of the loss, and with `weights` the gradients of Σ weight · part by all parameters, in their order: the
 * network's weights and biases, then one [runs, 1, 1] for each unknown. With r the residual at n points, the gradient of mean r² by a symbol s is
 * 2r/n·∂r/∂s, that of mean |r| is sign(r)/n·∂r/∂s; a mean over the points passes 1/n of its gradient to each of them. (I. E. Lagaris, A. Likas,
 * D. I. Fotiadis, IEEE Trans. Neural Netw. 9 (1998); M. Raissi, P. Perdikaris, G. E. Karniadakis, J. Comput. Phys. 378 (2019).) Call within
 * tf.tidy.
 */
export function termsAndGradients(
  equationLoss: EquationLoss,
  parameters: readonly tf.Tensor[],
  { jets, progress, weights, values: wanted }: StepInputs,
): { terms: tf.Tensor1D[]; gradients: tf.Tensor3D[] } {
  const { activation, system, passes } = equationLoss;
  const { unknowns, components, sparsity } = system;
  const network = parameters.slice(0, parameters.length - unknowns.length);
  const counts = (part: number): boolean => weights !== null && weights.counts[part] !== "none";
  const asked = (grid: number, of: (part: number) => boolean): boolean =>
    lossParts(system).some((part, p) => gridsOf(part).includes(grid) && of(p));
  const { sources, traces } = forwardPasses(equationLoss, parameters, jets, progress, ({ grids }) =>
    grids.some((grid) => asked(grid, (part) => wanted || counts(part))),
  );
  const runs = progress.shape[0];
  const slopes = new Slopes();

  const values = system.terms.flatMap(({ residual, grid, measure }, t) => {
    if (!wanted && !counts(t)) return [];
    const { partials, measured } = equationLoss.terms[t] ?? { partials: [], measured: null };
    const find = symbolValues(sources, grid, measured);
    const r = tensorOf(expressionTensor(residual, find));
    const { value, share, slope: slopeOf } = measureOf(measure, r);
    if (weights && counts(t)) {
      const outer = tf.mul<tf.Tensor3D>(slopeOf(), tf.mul(need(weights.tensors[t]), share));
      const count = pointsOf(system, grid);
      for (const { symbol, slope } of partials) {
        const flow = counted(weights, t, tensorOf(times(outer, expressionTensor(slope, find))));
        if (symbol.kind === "unknown") slopes.add(symbolKey(symbol), summed(flow));
        else if (symbol.kind === "mean") {
          const spread = tf.mul(summed(flow), 1 / count);
          slopes.add(place([], symbol.component, grid), tf.tile<tf.Tensor3D>(spread as tf.Tensor3D, [1, count, 1]));
        } else if (symbol.kind === "solution") slopes.add(place(symbol.derivative, symbol.component, symbol.grid ?? grid), flow);
      }
    }
    return wanted ? [value()] : [];
  });
  const last = system.terms.length;
  if (sparsity && (wanted || counts(last))) {
    const sizes = unknownSizes(sparsity, sources);
    if (wanted)
      values.push(
        tf.reshape(
          sizes.map(({ value, scale }) => tf.mul(tf.abs(value), scale)).reduce((a, b) => tf.add(a, b)),
          [runs],
        ),
      );
    if (weights && counts(last)) {
      const weight = need(weights.tensors[last]);
      for (const { unknown: name, value, scale } of sizes)
        slopes.add(symbolKey({ kind: "unknown", name }), counted(weights, last, tf.mul(tf.mul(tf.sign(value), scale), weight)));
    }
  }
  if (!weights) return { terms: values, gradients: [] };

  const byNetwork = passes.flatMap(({ plan, grids }, p) => {
    if (!grids.some((grid) => asked(grid, counts))) return [];
    const upstream = need(sources.outputs[p]).map((entry, e) => {
      if (!entry) return null;
      const columns = Array.from({ length: components }, (_, c) =>
        tf.concat3d(
          grids.map((g) => slopes.get(place(plan.entries[e] ?? [], c, g)) ?? tf.zeros([runs, pointsOf(system, g), 1])),
          1,
        ),
      );
      return tf.concat3d(columns, 2);
    });
    return [backwardJet(activation, network, need(traces[p]), upstream, false).parameters];
  });
  const [first, ...others] = byNetwork;
  const summedUp = network.map((own, i) =>
    first
      ? others.reduce((sum, one) => tf.add<tf.Tensor3D>(sum, tensor3(one, i)), tensor3(first, i))
      : tf.zerosLike<tf.Tensor3D>(own as tf.Tensor3D),
  );
  const byUnknown = unknowns.map(
    ({ name }) => slopes.get(symbolKey({ kind: "unknown", name })) ?? tf.zeros<tf.Rank.R3>([runs, 1, 1]),
  );
  return { terms: values, gradients: [...summedUp, ...byUnknown] };
}

/** The network at the points of every pass that is needed. Call within tf.tidy. */
export function forwardPasses(
  { activation, system: { unknowns }, passes }: EquationLoss,
  parameters: readonly tf.Tensor[],
  jets: readonly JetTensors[],
  progress: tf.Tensor3D,
  needed: (pass: PointPass) => boolean = () => true,
): { sources: SymbolSources; traces: (JetTrace | null)[] } {
  const network = parameters.slice(0, parameters.length - unknowns.length);
  const forward = passes.map((pass, p) =>
    needed(pass)
      ? forwardJet(activation, network, need(jets[p]), pass.wanted, pass.plan.pairs, pass.plan.triples)
      : { output: [], trace: null },
  );
  const values = new Map(unknowns.map(({ name }, i) => [name, tensor3(parameters, network.length + i)]));
  return {
    sources: {
      passes,
      points: jets.map((jet) => tensor3(jet, 0)),
      outputs: forward.map(({ output }) => output),
      unknowns: values,
      progress,
    },
    traces: forward.map(({ trace }) => trace),
  };
}

/** Gradients by the place that they belong to. */
class Slopes {
  readonly #byPlace = new Map<string, tf.Tensor3D>();

  get(key: string): tf.Tensor3D | undefined {
    return this.#byPlace.get(key);
  }

  add(key: string, more: tf.Tensor3D): void {
    const before = this.#byPlace.get(key);
    this.#byPlace.set(key, before ? tf.add(before, more) : more);
  }
}

function place(derivative: DerivativeOrders, component: number, grid: number): string {
  return `u ${derivative.join()} ${component} ${grid}`;
}

function summed(flow: tf.Tensor3D): tf.Tensor3D {
  return tf.reshape(sumPerRun(flow), [flow.shape[0], 1, 1]);
}
