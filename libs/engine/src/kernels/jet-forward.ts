import { chunkBytes, jetLayers, recordBytes, writeRecords } from "./jet-layers";
import { listAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs weightℓ [runs, k, n] and biasℓ [runs, 1, n] for every layer ℓ, x0, x1 … [runs, m, k], values, first and second derivatives;
 * attributes `layers`, `activation` (its number), `pairs` (two directions, from 0, for each second derivative) and `wanted` (a 1 for each
 * output to be computed); outputs these, and the trace for the backward pass.
 */
export const jetForward: RegisteredKernel = {
  name: "BasinJetForward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, firsts, runs, m, traceFloats } = network;
    const wanted = listAttribute(attributes, "wanted");
    const shape = [runs, m, layers.at(-1)?.n ?? 0];
    const outputs = jet.map((_, s) => (wanted[s] ? kernels.output(shape) : null));
    const trace = kernels.output([runs, Math.max(1, traceFloats)]);
    const bytes = recordBytes(network);
    const streams = kernels.scratch(bytes.streams + bytes.layers + 48 + chunkBytes);
    const table = streams + bytes.streams;
    writeRecords(kernels, streams, network, trace, { outputs: outputs.map((output) => (output ? kernels.at(output) : 0)) });
    kernels.call.jetForward(
      activation,
      streams,
      firsts,
      jet.length,
      table,
      layers.length,
      runs,
      m,
      4 * traceFloats,
      table + bytes.layers,
    );
    return [...outputs.flatMap((output) => output ?? []), trace];
  },
};
