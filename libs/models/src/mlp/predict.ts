import * as tf from "@tensorflow/tfjs-core";
import { startsOf } from "../training/sample-epoch";
import type { Architecture } from "./architecture";
import { evaluationMode, forward, type NetworkArrays } from "./network";

/** Samples that go through the network at once where no gradient is needed. */
export const forwardSamples = 1024;

/** Outputs [points, outputWidth] of one network, whose arrays are [1, rows, columns], at `inputs` [points, inputWidth], row-major. */
export async function predict(net: Architecture, own: NetworkArrays, inputs: Float32Array): Promise<Float32Array> {
  const inputWidth = net.widths[0] ?? 1;
  const outputWidth = net.widths.at(-1) ?? 1;
  const points = inputs.length / inputWidth;
  const out = new Float32Array(points * outputWidth);
  const predicting = { ...net, activations: [...net.activations.slice(0, -1), net.predicting] };
  for (const { start, count } of startsOf(points, forwardSamples)) {
    const part = tf.tidy(() => {
      const x = tf.tensor3d(inputs.slice(start * inputWidth, (start + count) * inputWidth), [1, count, inputWidth]);
      const { output } = forward(predicting, own, x, evaluationMode);
      return net.softmax ? tf.softmax(output) : output;
    });
    out.set(await part.data<"float32">(), start * outputWidth);
    part.dispose();
  }
  return out;
}
