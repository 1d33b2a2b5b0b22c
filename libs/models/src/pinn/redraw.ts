import type { PinnActivationName } from "@basin/contracts";
import { logarithm, randomStream } from "@basin/numerics";
import type { DifferentialEquationSystem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { buildEquationLoss, disposeEquationLoss, forwardPasses, inputJets } from "./equation-loss";
import { expressionTensor } from "./expression-tensors";
import { symbolValues, tensorOf } from "./symbol-values";

/** The grids whose points may be drawn anew. */
export function redrawnGrids({ grids }: DifferentialEquationSystem): number[] {
  return grids.flatMap(({ candidates }, grid) => (candidates ? [grid] : []));
}

/** Residuals at candidates. */
export interface Candidates {
  /** Row-major [candidates, coordinates]. */
  points: Float32Array;
  /** Of every run, √Σr² over the terms of the grid at each candidate. */
  sizes: readonly Float32Array[];
}

/** The residuals of a grid's terms at the candidates of a redraw. `parameters`: of network and unknowns. Waits for the device. */
export function residualsAt(
  activation: PinnActivationName,
  system: DifferentialEquationSystem,
  grid: number,
  redraw: number,
  parameters: readonly tf.Tensor[],
  progress: tf.Tensor3D,
): Candidates {
  const points = system.grids[grid]?.candidates?.(redraw);
  if (!points) throw new RangeError(`Grid ${grid} has no candidates.`);
  const { coordinates, components, unknowns } = system;
  const terms = system.terms.filter((term) => term.grid === grid).map((term) => ({ ...term, grid: 0 }));
  const equationLoss = buildEquationLoss(activation, { coordinates, components, unknowns, grids: [{ points }], terms });
  const runs = progress.shape[0];
  try {
    const all = tf.tidy(() => {
      const { sources } = forwardPasses(equationLoss, parameters, inputJets(equationLoss, runs), progress);
      const squares = terms.map(({ residual }) =>
        tf.square(tensorOf(expressionTensor(residual, symbolValues(sources, 0, null)))),
      );
      return tf
        .sqrt(squares.reduce((sum, one) => tf.add(sum, one)))
        .dataSync<"float32">()
        .slice();
    });
    const count = points.length / coordinates;
    return { points, sizes: Array.from({ length: runs }, (_, run) => all.subarray(run * count, (run + 1) * count)) };
  } finally {
    disposeEquationLoss(equationLoss);
  }
}

/**
 * `count` of the candidates, row-major, each drawn once with a probability that grows as |r|/mean|r| + 1: half of the weight is where the
 * residual is large, half everywhere (C. Wu, M. Zhu, Q. Tan, Y. Kartha, L. Lu, Comput. Methods Appl. Mech. Eng. 403 (2023), RAD with k = c = 1; drawn by
 * the exponential keys of P. S. Efraimidis and P. G. Spirakis, 2006). Keyed by seed, grid and redraw. Residuals that are not finite count as 0.
 */
export function drawWhereLarge(
  { points, coordinates, sizes }: { points: Float32Array; coordinates: number; sizes: Float32Array },
  count: number,
  { seed, grid, redraw }: { seed: number; grid: number; redraw: number },
): Float32Array {
  const finite = Array.from(sizes, (size) => (Number.isFinite(size) ? size : 0));
  const average = finite.reduce((sum, size) => sum + size, 0) / finite.length;
  const stream = randomStream(seed, `pinn/redraw of grid ${grid}`, redraw);
  const keyed = finite.map((size, i) => {
    const weight = average > 0 ? size / average + 1 : 1;
    return { i, key: logarithm(1 - stream.uniform(i)) / weight };
  });
  const chosen = keyed
    .sort((a, b) => b.key - a.key || a.i - b.i)
    .slice(0, count)
    .sort((a, b) => a.i - b.i);
  const drawn = new Float32Array(count * coordinates);
  chosen.forEach(({ i }, at) => {
    drawn.set(points.subarray(i * coordinates, (i + 1) * coordinates), at * coordinates);
  });
  return drawn;
}
