import type { PinnActivationName } from "@basin/contracts";
import { hasKernels, jetBackward, jetForward } from "@basin/engine";
import type * as tf from "@tensorflow/tfjs-core";
import { composedBackward, composedForward, type LayerTrace } from "./composed-jet";
import { tensor3, type JetGradients, type JetTensors } from "./jet";

/** What a forward pass keeps for the backward one: of every layer, or, where kernels take the whole network, its input and their own record. */
export type JetTrace = { layers: readonly LayerTrace[] } | { jet: JetTensors; record: tf.Tensor };

/**
 * A fully connected network with a linear last layer, applied to a jet (A, Ȧ, Ä): H = AW + b, U = ȦW, V = ÄW — no bias on
 * derivatives — and A ← f(H), Ȧ ← f′(H)∘U, Ä ← f″(H)∘U² + f′(H)∘V. `parameters`: weight and bias of every layer. `wanted` says
 * which entries of the last layer are computed; the others are null. Call within tf.tidy. (K. Champion, B. Lusch, J. N. Kutz, S. L.
 * Brunton, PNAS 116 (2019), supplement.)
 */
export function forwardJet(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  wanted: readonly boolean[],
): { output: (tf.Tensor3D | null)[]; trace: JetTrace } {
  if (hasKernels()) {
    const { output, trace } = jetForward({ activation, parameters: threeAxes(parameters), jet }, wanted);
    return { output, trace: { jet, record: trace } };
  }
  const { output, traces } = composedForward(activation, parameters, jet, wanted);
  return { output, trace: { layers: traces } };
}

function threeAxes(parameters: readonly tf.Tensor[]): tf.Tensor3D[] {
  return parameters.map((_, i) => tensor3(parameters, i));
}

/**
 * The gradients by the parameters and, if wanted, by the input jet, from those by the output jet. With upstream g, ġ, g̈ at a hidden
 * layer: g_V = f′∘g̈, g_U = f′∘ġ + 2f″∘U∘g̈, g_H = f′∘g + f″∘U∘ġ + (f‴∘U² + f″∘V)∘g̈. Call within tf.tidy.
 */
export function backwardJet(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  trace: JetTrace,
  gradients: JetGradients,
  wantInput: boolean,
): { parameters: tf.Tensor3D[]; input: JetGradients } {
  if ("record" in trace)
    return jetBackward({ activation, parameters: threeAxes(parameters), jet: trace.jet }, trace.record, gradients, wantInput);
  return composedBackward(activation, parameters, trace.layers, gradients, wantInput);
}
