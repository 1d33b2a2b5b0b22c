import type { PinnActivationName } from "@basin/contracts";
import type { Jet } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { pairsAlongOne, type JetPairs, type JetTriples } from "./jet";
import { forwardJet } from "./jet-network";

/** Samples that go through a network at once. */
const chunk = 512;

/**
 * A jet of host arrays [samples, width] through one network ([1, …] tensors: weight and bias of every layer), in pieces. Entry i of the
 * result is that of the jet, [samples, width of the last layer]. `pairs` and `triples` as of `forwardJet`.
 */
export function mapJet(
  activation: PinnActivationName,
  network: readonly tf.Tensor[],
  jet: Jet,
  samples: number,
  pairs: JetPairs = pairsAlongOne(jet.length),
  triples: JetTriples = [],
): Float32Array[] {
  const width = network[0]?.shape[1] ?? 1;
  const outWidth = network.at(-1)?.shape[2] ?? 1;
  const out = jet.map(() => new Float32Array(samples * outWidth));
  for (let start = 0; start < samples; start += chunk) {
    const count = Math.min(chunk, samples - start);
    // Nothing is returned out of tidy: it would look for tensors among the values, one by one.
    tf.tidy(() => {
      const inputs = jet.map((values) => tf.tensor3d(values.slice(start * width, (start + count) * width), [1, count, width]));
      const { output } = forwardJet(
        activation,
        network,
        inputs,
        jet.map(() => true),
        pairs,
        triples,
      );
      output.forEach((entry, i) => {
        if (entry) out[i]?.set(entry.dataSync<"float32">(), start * outWidth);
      });
    });
  }
  return out;
}
