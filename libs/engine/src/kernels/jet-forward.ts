import { jetLayers, tableBytes, writeTable } from "./jet-layers";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs weightℓ [runs, k, n] and biasℓ [runs, 1, n] for every layer ℓ, x0, x1, x2 [runs, m, k], as many as there are; attributes
 * `layers`, `activation` (its number) and `wanted` (a 1 for each output to be computed); outputs these, and the trace for the backward pass.
 */
export const jetForward: RegisteredKernel = {
  name: "BasinJetForward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, runs, m, traceFloats } = network;
    const wanted = attributes["wanted"];
    if (!Array.isArray(wanted)) throw new Error('A kernel misses its list "wanted".');
    const shape = [runs, m, layers.at(-1)?.n ?? 0];
    const outputs = jet.map((_, i) => (wanted[i] ? kernels.output(shape) : null));
    const trace = kernels.output([runs, Math.max(1, traceFloats)]);
    const table = kernels.scratch(tableBytes(network) + 48);
    const edge = table + tableBytes(network);
    const places = outputs.map((output) => (output ? kernels.at(output) : 0));
    writeTable(kernels, table, network, trace, places, []);
    const [x0 = 0, x1 = 0, x2 = 0] = jet.map((values) => kernels.at(values));
    kernels.call.jetForward(activation, table, layers.length, x0, x1, x2, runs, m, 4 * traceFloats, edge);
    return [...outputs.flatMap((output) => output ?? []), trace];
  },
};
