import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";

const none: NetworkWeights = {};

/** Central differences of order 1 to 3: Σ weight·f(x + shift·step)/stepᵏ. */
const stencils: readonly { step: number; weights: readonly (readonly [shift: number, weight: number])[] }[] = [
  {
    step: 1e-5,
    weights: [
      [1, 0.5],
      [-1, -0.5],
    ],
  },
  {
    step: 1e-4,
    weights: [
      [1, 1],
      [0, -2],
      [-1, 1],
    ],
  },
  {
    step: 1e-3,
    weights: [
      [2, 0.5],
      [1, -1],
      [-1, 1],
      [-2, -0.5],
    ],
  },
];

/**
 * A trained network for specs whose outputs are a given function of its `inputWidth` inputs; derivatives by central differences, those of order 2 and 3 coarsely.
 * `replaced` takes the place of single members; whatever else is asked for rejects.
 */
export function networkOf(
  inputWidth: number,
  output: (...inputs: number[]) => readonly number[],
  replaced: Partial<TrainedNetwork> = {},
): TrainedNetwork {
  const at = (inputs: ArrayLike<number>, row: number): number[] =>
    Array.from({ length: inputWidth }, (_, j) => inputs[row * inputWidth + j] ?? Number.NaN);
  const rows = (inputs: ArrayLike<number>, f: (x: number[]) => readonly number[]): Float32Array =>
    Float32Array.from(Array.from({ length: inputs.length / inputWidth }, (_, row) => f(at(inputs, row))).flat());
  const unasked = (): Promise<never> => Promise.reject(new Error("this network does not answer that"));
  return {
    seed: 0,
    weights: none,
    initialWeights: none,
    snapshots: [],
    lossHistory: [],
    predict: (inputs) => Promise.resolve(rows(inputs, (x) => output(...x))),
    predictWith: (_, inputs) => Promise.resolve(rows(inputs, (x) => output(...x))),
    predictWithEach: (given, inputs) => Promise.resolve(given.map(() => rows(inputs, (x) => output(...x)))),
    predictWithDropout: (inputs, passes) =>
      Promise.resolve(Array.from({ length: passes }, () => rows(inputs, (x) => output(...x)))),
    derivatives: (inputs, direction, order) =>
      Promise.resolve(
        stencils.slice(0, order).map(({ step, weights }, k) =>
          rows(inputs, (x) => {
            const along = weights.map(([shift]) => output(...x.map((value, j) => value + shift * step * (direction[j] ?? 0))));
            return output(...x).map(
              (_, i) => weights.reduce((sum, [, weight], at) => sum + weight * (along[at]?.[i] ?? 0), 0) / step ** (k + 1),
            );
          }),
        ),
      ),
    layerOutputs: unasked,
    gradients: unasked,
    limitedGradients: unasked,
    normalizedOutputs: unasked,
    dropoutFactors: () => [],
    ...replaced,
  };
}
