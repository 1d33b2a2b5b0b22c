import type { PinnActivationName } from "@basin/contracts";
import { meanPerRun, sumPerRun } from "@basin/engine";
import { partialDerivative, symbolKey, symbolsOf, type DifferentialEquationSystem, type EquationSymbol } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetTensors } from "../derivative-propagation/jet";
import { backwardJet, forwardJet } from "../derivative-propagation/jet-network";
import { expressionTensor, times, type Values } from "./expression-tensors";

/** What all runs of a pack share. The tensors [1, points, 1] belong to it. */
export interface Objective {
  activation: PinnActivationName;
  system: DifferentialEquationSystem;
  /** Greatest derivative of u in any term. */
  order: 0 | 1 | 2;
  /** Whether u, u̇, ü occur at all. */
  wanted: readonly boolean[];
  /** Of every grid, where it starts among all points. */
  starts: readonly number[];
  /** All grids, one behind the other. */
  points: tf.Tensor3D;
  /** Parallel to the system's terms. */
  terms: readonly {
    partials: readonly { symbol: EquationSymbol; slope: ReturnType<typeof partialDerivative> }[];
    measured: tf.Tensor3D | null;
  }[];
}

/** Throws RangeError for a system that contradicts itself; no tensor is left then. */
export function buildObjective(activation: PinnActivationName, system: DifferentialEquationSystem): Objective {
  const symbols = system.terms.map(({ residual }) =>
    symbolsOf(residual).filter(({ kind }) => kind !== "time" && kind !== "measured"),
  );
  const derivatives = symbols.flat().flatMap((symbol) => (symbol.kind === "solution" ? [symbol.derivative] : []));
  const averaged = symbols.flat().some(({ kind }) => kind === "mean");
  const order = derivatives.includes(2) ? 2 : derivatives.includes(1) ? 1 : 0;
  const wanted = [0, 1, 2].slice(0, order + 1).map((d) => derivatives.some((one) => one === d) || (d === 0 && averaged));
  const starts = system.grids.map((_, g) => system.grids.slice(0, g).reduce((all, grid) => all + grid.length, 0));
  system.terms.forEach(({ metric, grid, measured }, i) => {
    const points = system.grids[grid]?.length ?? 0;
    if (points === 0) throw new RangeError(`The loss term "${metric}" has no points.`);
    if (measured && measured.length !== points)
      throw new RangeError(`The loss term "${metric}" has ${measured.length} measured values on ${points} points.`);
    if (symbols[i]?.length === 0) throw new RangeError(`The loss term "${metric}" contains nothing that can be learned.`);
  });
  return {
    activation,
    system,
    order,
    wanted,
    starts,
    points: column(Float32Array.from(system.grids.flatMap((grid) => [...grid]))),
    terms: system.terms.map(({ residual, measured }, i) => ({
      partials: (symbols[i] ?? []).map((symbol) => ({ symbol, slope: partialDerivative(residual, symbol) })),
      measured: measured ? column(measured) : null,
    })),
  };
}

function column(values: Float32Array): tf.Tensor3D {
  return tf.tensor3d(values, [1, values.length, 1]);
}

export function disposeObjective({ points, terms }: Objective): void {
  tf.dispose([points, ...terms.flatMap(({ measured }) => measured ?? [])]);
}

/** The jet (t, 1, 0) of the points for that many runs; the caller owns it. */
export function timeJet({ points, order }: Objective, runs: number): JetTensors {
  return tf.tidy(() => {
    const value = tf.tile<tf.Tensor3D>(points, [runs, 1, 1]);
    return [value, tf.onesLike(value), tf.zerosLike(value)].slice(0, order + 1);
  });
}

/**
 * Every term's value [runs], and with `weights` (per term [runs, 1, 1]) the gradients of Σ weight · term by all parameters, in their
 * order: the network's weights and biases, then one [runs, 1, 1] for each unknown. With r the residual at n points, the
 * gradient of mean r² by a symbol s is 2r/n·∂r/∂s, that of mean |r| is sign(r)/n·∂r/∂s; a mean over the points passes 1/n of its
 * gradient to each of them. (I. E. Lagaris, A. Likas, D. I. Fotiadis, IEEE Trans. Neural Netw. 9 (1998); M. Raissi, P. Perdikaris,
 * G. E. Karniadakis, J. Comput. Phys. 378 (2019).) Call within tf.tidy.
 */
export function termsAndGradients(
  objective: Objective,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  weights: readonly tf.Tensor3D[] | null,
): { terms: tf.Tensor1D[]; gradients: tf.Tensor3D[] } {
  const { activation, system, wanted, starts } = objective;
  const { unknowns, components, grids } = system;
  const network = parameters.slice(0, parameters.length - unknowns.length);
  const unknownValues = new Map(unknowns.map(({ name }, i) => [name, tensor3(parameters, network.length + i)]));
  const { output, trace } = forwardJet(activation, network, jet, wanted);
  const runs = tensor3(jet, 0).shape[0];
  const slopes = new Slopes();

  const values = system.terms.map(({ residual, grid, measure }, t) => {
    const { partials, measured } = objective.terms[t] ?? { partials: [], measured: null };
    const start = starts[grid] ?? 0;
    const count = grids[grid]?.length ?? 0;
    const known = new Map<string, Values>();
    const find = (symbol: EquationSymbol): Values => {
      const key = symbolKey(symbol);
      const found = known.get(key) ?? look(symbol);
      known.set(key, found);
      return found;
    };
    const look = (symbol: EquationSymbol): Values => {
      switch (symbol.kind) {
        case "time":
          return tf.slice3d(objective.points, [0, start, 0], [1, count, 1]);
        case "measured":
          return need(measured);
        case "unknown":
          return need(unknownValues.get(symbol.name));
        case "solution":
          return tf.slice3d(need(output[symbol.derivative]), [0, start, symbol.component], [runs, count, 1]);
        case "mean":
          return tf.reshape<tf.Rank.R3>(meanPerRun(need(toTensor(find({ ...symbol, kind: "solution", derivative: 0 })))), [
            runs,
            1,
            1,
          ]);
      }
    };
    const r = need(toTensor(expressionTensor(residual, find)));
    const square = measure === "mean-square";
    if (weights) {
      const share = (square ? 2 : 1) / r.shape[1];
      const outer = tf.mul<tf.Tensor3D>(square ? r : tf.sign(r), tf.mul(need(weights[t]), share));
      for (const { symbol, slope } of partials) {
        const flow = need(toTensor(times(outer, expressionTensor(slope, find))));
        if (symbol.kind === "unknown") slopes.add(symbolKey(symbol), summed(flow));
        else if (symbol.kind === "mean") {
          const spread = tf.mul(summed(flow), 1 / count);
          slopes.add(place(0, symbol.component, grid), tf.tile<tf.Tensor3D>(spread as tf.Tensor3D, [1, count, 1]));
        } else if (symbol.kind === "solution") slopes.add(place(symbol.derivative, symbol.component, grid), flow);
      }
    }
    return meanPerRun(square ? tf.square(r) : tf.abs(r));
  });
  if (!weights) return { terms: values, gradients: [] };

  const upstream = output.map((entry, d) => {
    if (!entry) return null;
    const columns = Array.from({ length: components }, (_, c) =>
      tf.concat3d(
        grids.map(({ length }, g) => slopes.get(place(d, c, g)) ?? tf.zeros([runs, length, 1])),
        1,
      ),
    );
    return tf.concat3d(columns, 2);
  });
  const back = backwardJet(activation, network, trace, upstream, false);
  const byUnknown = unknowns.map(
    ({ name }) => slopes.get(symbolKey({ kind: "unknown", name })) ?? tf.zeros<tf.Rank.R3>([runs, 1, 1]),
  );
  return { terms: values, gradients: [...back.parameters, ...byUnknown] };
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

function place(derivative: number, component: number, grid: number): string {
  return `u ${derivative} ${component} ${grid}`;
}

function summed(flow: tf.Tensor3D): tf.Tensor3D {
  return tf.reshape(sumPerRun(flow), [flow.shape[0], 1, 1]);
}

function toTensor(values: Values): tf.Tensor3D | null {
  return typeof values === "number" ? null : values;
}

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("A loss term lacks a value that its residual names.");
  return value;
}
