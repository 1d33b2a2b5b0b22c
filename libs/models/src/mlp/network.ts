import type { ActivationName } from "@basin/contracts";
import { denseBackward, denseForward } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";
import type { Architecture } from "./architecture";
import {
  normalizationBackward,
  normalizeBatch,
  runningMap,
  type NormalizationTrace,
  type RunningStatistics,
} from "./batch-normalization";
import { isShaped, shapedDerivatives } from "./shaped-activation";

/** All arrays of a pack's networks [runs, rows, columns], in the order of the architecture's specs. */
export type NetworkArrays = readonly tf.Tensor[];

/** How a forward pass is made. */
export interface ForwardMode {
  /** Keep what the backward pass needs. */
  traces: boolean;
  /** Normalize by the batch and move the running averages; otherwise normalize by the running averages. */
  batchStatistics: boolean;
  /** Factors on the outputs of each hidden layer [runs, samples, width]; null without dropout. */
  masks: readonly tf.Tensor3D[] | null;
}

export const evaluationMode: ForwardMode = { traces: false, batchStatistics: false, masks: null };

/** What a layer keeps of its forward pass for the backward pass. */
interface LayerTrace {
  input: tf.Tensor3D;
  slope: tf.Tensor3D | null;
  normalization: NormalizationTrace | null;
  mask: tf.Tensor3D | null;
}

export interface ForwardPass {
  output: tf.Tensor3D;
  /** Empty unless wanted. */
  traces: LayerTrace[];
  /** New running averages in the specs' order; the old ones unless the batch's statistics were used. */
  running: readonly tf.Tensor3D[];
}

/** The arrays of one layer; scale, shift and running averages of a hidden layer with normalization. */
export function layerArrays(
  net: Architecture,
  parameters: NetworkArrays,
  layer: number,
): {
  weight: tf.Tensor3D;
  bias: tf.Tensor3D;
  normal: { scale: tf.Tensor3D; shift: tf.Tensor3D; running: RunningStatistics } | null;
} {
  const layers = net.activations.length;
  const [scaleAt, meanAt] = [2 * (layers + layer), net.trained + 2 * layer];
  const hidden = layer + 1 < layers;
  return {
    weight: tensor3(parameters, 2 * layer),
    bias: tensor3(parameters, 2 * layer + 1),
    normal:
      net.normalized && hidden
        ? {
            scale: tensor3(parameters, scaleAt),
            shift: tensor3(parameters, scaleAt + 1),
            running: { mean: tensor3(parameters, meanAt), variance: tensor3(parameters, meanAt + 1) },
          }
        : null,
  };
}

/** x [runs, samples, in] through every layer. Call within tf.tidy: it leaves every intermediate tensor to the scope. */
export function forward(net: Architecture, parameters: NetworkArrays, x: tf.Tensor3D, mode: ForwardMode): ForwardPass {
  const traces: LayerTrace[] = [];
  const running: tf.Tensor3D[] = [];
  let input = x;
  net.activations.forEach((activation, layer) => {
    const { weight, bias, normal } = layerArrays(net, parameters, layer);
    const mask = layer + 1 < net.activations.length ? (mode.masks?.[layer] ?? null) : null;
    let output: tf.Tensor3D;
    let slope: tf.Tensor3D | null;
    let normalization: NormalizationTrace | null = null;
    if (normal) {
      const z = denseForward("linear", input, weight, bias, false).output;
      let y: tf.Tensor3D;
      if (mode.batchStatistics) {
        const normalized = normalizeBatch(z, normal.scale, normal.shift, normal.running);
        y = normalized.output;
        normalization = normalized.trace;
        running.push(normalized.running.mean, normalized.running.variance);
      } else {
        const { factor, offset } = runningMap(normal.scale, normal.shift, normal.running);
        y = tf.add(tf.mul(z, factor), offset);
        running.push(normal.running.mean, normal.running.variance);
      }
      [output, slope] = valueAndSlope(net, y, activation);
    } else if (isShaped(activation, net.shape)) {
      [output, slope] = valueAndSlope(net, denseForward("linear", input, weight, bias, false).output, activation);
    } else {
      ({ output, slope } = denseForward(activation, input, weight, bias, mode.traces));
    }
    if (mode.traces) traces.push({ input, slope, normalization, mask });
    input = mask ? tf.mul(output, mask) : output;
  });
  return { output: input, traces, running };
}

function valueAndSlope(net: Architecture, z: tf.Tensor3D, activation: ActivationName): [tf.Tensor3D, tf.Tensor3D] {
  const [value, first] = shapedDerivatives(z, activation, 1, net.shape);
  if (!value || !first) throw new Error(`no derivative of ${activation}`);
  return [value, first];
}

/**
 * ∂loss/∂array of every trained array, in the specs' order, from the gradient by the network's output; the traces must be of a
 * pass with the batch's statistics. Call within tf.tidy.
 */
export function backward(
  net: Architecture,
  parameters: NetworkArrays,
  traces: readonly LayerTrace[],
  gradient: tf.Tensor3D,
): tf.Tensor3D[] {
  const gradients: tf.Tensor3D[] = [];
  const ofNormalization: tf.Tensor3D[] = [];
  let dOutput: tf.Tensor3D | null = gradient;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const trace = traces[layer];
    if (!trace || !dOutput) throw new RangeError("The backward pass needs the trace of every layer.");
    const { slope, normalization, mask } = trace;
    let d: tf.Tensor3D = mask ? tf.mul(dOutput, mask) : dOutput;
    if (normalization) {
      const back = normalizationBackward(slope ? tf.mul(d, slope) : d, normalization);
      ofNormalization.unshift(back.scale, back.shift);
      d = back.input;
    }
    const { weight } = layerArrays(net, parameters, layer);
    const dense = denseBackward(d, normalization ? null : slope, trace.input, weight, layer > 0);
    gradients.unshift(dense.weight, dense.bias);
    dOutput = dense.input;
  }
  return [...gradients, ...ofNormalization];
}
