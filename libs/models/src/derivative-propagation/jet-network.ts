import type { PinnActivationName } from "@basin/contracts";
import { hasKernels, jetBackward, jetForward } from "@basin/engine";
import type * as tf from "@tensorflow/tfjs-core";
import { composedBackward, composedForward, type LayerTrace } from "./composed-jet";
import { pairsAlongOne, tensor3, type JetGradients, type JetPairs, type JetTensors, type JetTriples } from "./jet";

/** What a forward pass keeps for the backward one: of every layer, or, where kernels take the whole network, its input and their own record. */
export type JetTrace = { pairs: JetPairs; triples: JetTriples } & (
  { layers: readonly LayerTrace[] } | { jet: JetTensors; record: tf.Tensor }
);

/**
 * A fully connected network with a linear last layer, applied to a jet (A, A_i …, A_ij …): H = AW + b, U_i = A_iW, V_ij = A_ijW — no bias
 * on derivatives — and A ← f(H), A_i ← f′(H)∘U_i, A_ij ← f″(H)∘U_i∘U_j + f′(H)∘V_ij. `parameters`: weight and bias of every layer. `wanted`
 * says which entries of the last layer are computed; the others are null. `pairs` says which second derivatives the jet has; by default it runs
 * along one direction. `triples` says which third ones, A_ijk ← f‴(H)∘U_i∘U_j∘U_k + f″(H)∘(V_ij∘U_k + V_ik∘U_j + V_jk∘U_i) + f′(H)∘A_ijkW; the
 * kernels have none of them, so that such a jet goes operation by operation. Call within tf.tidy. (K. Champion, B. Lusch, J. N. Kutz, S. L. Brunton, PNAS 116 (2019), supplement, for one direction.)
 */
export function forwardJet(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  jet: JetTensors,
  wanted: readonly boolean[],
  pairs: JetPairs = pairsAlongOne(jet.length),
  triples: JetTriples = [],
): { output: (tf.Tensor3D | null)[]; trace: JetTrace } {
  if (hasKernels() && triples.length === 0) {
    const { output, trace } = jetForward({ activation, parameters: threeAxes(parameters), jet, pairs }, wanted);
    return { output, trace: { pairs, triples, jet, record: trace } };
  }
  const { output, traces } = composedForward(activation, parameters, jet, wanted, pairs, triples);
  return { output, trace: { pairs, triples, layers: traces } };
}

function threeAxes(parameters: readonly tf.Tensor[]): tf.Tensor3D[] {
  return parameters.map((_, i) => tensor3(parameters, i));
}

/**
 * The gradients by the parameters and, if wanted, by the input jet, from those by the output jet. With upstream g, g_i, g_ij at a hidden
 * layer without third derivatives: g_V = f′∘g_ij, g_U = f′∘g_i + Σ_j f″∘U_j∘g_ij (twice for j = i), g_H = f′∘g + Σ f″∘U_i∘g_i + Σ (f‴∘U_i∘U_j + f″∘V_ij)∘g_ij.
 * Call within tf.tidy.
 */
export function backwardJet(
  activation: PinnActivationName,
  parameters: readonly tf.Tensor[],
  trace: JetTrace,
  gradients: JetGradients,
  wantInput: boolean,
): { parameters: tf.Tensor3D[]; input: JetGradients } {
  const { pairs, triples } = trace;
  if ("record" in trace)
    return jetBackward(
      { activation, parameters: threeAxes(parameters), jet: trace.jet, pairs },
      trace.record,
      gradients,
      wantInput,
    );
  return composedBackward(activation, parameters, trace.layers, gradients, wantInput, pairs, triples);
}
