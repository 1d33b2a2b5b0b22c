import type { ActivationName } from "@basin/contracts";
import { denseBackward, denseForward } from "@basin/engine";
import type { Tensor3D } from "@tensorflow/tfjs-core";

/** Weights [runs, in, out] and bias [runs, 1, out] of every layer, first to last: w₀, b₀, w₁, b₁ … */
export type Parameters = readonly Tensor3D[];

/** What a layer keeps of its forward pass for the backward pass. */
interface LayerTrace {
  input: Tensor3D;
  slope: Tensor3D | null;
}

function layerCount(parameters: Parameters): number {
  return parameters.length / 2;
}

function layerAt(parameters: Parameters, layer: number): { weight: Tensor3D; bias: Tensor3D } {
  const weight = parameters[2 * layer];
  const bias = parameters[2 * layer + 1];
  if (!weight || !bias) throw new RangeError(`The network has ${layerCount(parameters)} layers; number ${layer + 1} is missing.`);
  return { weight, bias };
}

/**
 * Fully connected network, `hidden` after every layer but the last, which has `last`. x [runs, samples, in]. Traces are empty
 * unless wanted. Call within tf.tidy: it leaves every intermediate tensor to the scope.
 */
export function forward(
  parameters: Parameters,
  hidden: ActivationName,
  last: ActivationName,
  x: Tensor3D,
  wantTraces: boolean,
): { output: Tensor3D; traces: LayerTrace[] } {
  const traces: LayerTrace[] = [];
  let input = x;
  for (let layer = 0; layer < layerCount(parameters); layer++) {
    const { weight, bias } = layerAt(parameters, layer);
    const activation = layer + 1 < layerCount(parameters) ? hidden : last;
    const { output, slope } = denseForward(activation, input, weight, bias, wantTraces);
    if (wantTraces) traces.push({ input, slope });
    input = output;
  }
  return { output: input, traces };
}

/** ∂loss/∂parameters, in the parameters' order, from the gradient by the network's output. Call within tf.tidy. */
export function backward(parameters: Parameters, traces: readonly LayerTrace[], gradient: Tensor3D): Tensor3D[] {
  const gradients: Tensor3D[] = [];
  let dOutput: Tensor3D | null = gradient;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const trace = traces[layer];
    if (!trace || !dOutput) throw new RangeError("The backward pass needs the trace of every layer.");
    const { weight, bias, input } = denseBackward(
      dOutput,
      trace.slope,
      trace.input,
      layerAt(parameters, layer).weight,
      layer > 0,
    );
    gradients.unshift(weight, bias);
    dOutput = input;
  }
  return gradients;
}
