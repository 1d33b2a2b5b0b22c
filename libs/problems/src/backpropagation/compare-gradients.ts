import type { SupervisedData } from "../kinds/supervised";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";
import {
  backpropagate,
  centralDifferences,
  relativeDifference,
  type DoubleActivation,
  type DoubleLayer,
  type LayerGradient,
} from "./double-network";

/** The step of the central differences: their own error is about h² f‴/6 + 1e-16 f/h. */
const differenceStep = 1e-5;

/** Relative differences of the gradients of one array. */
export interface ArrayComparison {
  /** e.g. `layers.0.weight`. */
  name: string;
  /** Norm of the gradient by backpropagation in double precision. */
  norm: number;
  /** Between backpropagation and central differences, both in double precision. */
  formula: number;
  /** Between the engine's gradient in single precision and backpropagation in double precision. */
  engine: number;
}

/** The gradients of every array at the given weights: the formulas against central differences, and the engine against the formulas. */
export async function compareGradients(
  trained: TrainedNetwork,
  weights: NetworkWeights,
  data: SupervisedData,
  activations: readonly DoubleActivation[],
): Promise<ArrayComparison[]> {
  const layers = activations.map((activation, l): DoubleLayer => ({
    weight: Float64Array.from(weights[`layers.${l}.weight`]?.values ?? []),
    bias: Float64Array.from(weights[`layers.${l}.bias`]?.values ?? []),
    activation,
  }));
  const exact = backpropagate(layers, data);
  const differences = centralDifferences(layers, data, differenceStep);
  const engine = await trained.gradients(weights, data.inputs, data.targets);
  return exact.flatMap((gradient, l) =>
    (["weight", "bias"] as const).map((part: keyof LayerGradient): ArrayComparison => {
      const name = `layers.${l}.${part}`;
      const own = gradient[part];
      return {
        name,
        norm: Math.sqrt(own.reduce((total, value) => total + value * value, 0)),
        formula: relativeDifference(own, differences[l]?.[part] ?? []),
        engine: relativeDifference(own, engine[name]?.values ?? []),
      };
    }),
  );
}
