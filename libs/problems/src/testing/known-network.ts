import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";

const none: NetworkWeights = {};

/**
 * A trained network for specs whose outputs are a given function of its `inputWidth` inputs; derivatives of order 1 by central differences.
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
  const step = 1e-5;
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
      order > 1
        ? unasked()
        : Promise.resolve([
            rows(inputs, (x) => {
              const [ahead, behind] = [1, -1].map((sign) =>
                output(...x.map((value, j) => value + sign * step * (direction[j] ?? 0))),
              );
              return (ahead ?? []).map((value, k) => (value - (behind?.[k] ?? Number.NaN)) / (2 * step));
            }),
          ]),
    layerOutputs: unasked,
    gradients: unasked,
    limitedGradients: unasked,
    normalizedOutputs: unasked,
    dropoutFactors: () => [],
    ...replaced,
  };
}
