import { jetLayers, tableBytes, wholeVectors, writeTable } from "./jet-layers";
import { flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs as of the forward pass, its `trace`, and g0, g1, g2 [runs, m, n], the gradients by its outputs, where any flows; attributes
 * `layers`, `activation`, `wantInput`; outputs the gradients of weight and bias layer by layer, then, if wanted, of those
 * inputs that any flows to.
 */
export const jetBackward: RegisteredKernel = {
  name: "BasinJetBackward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, runs, m, traceFloats } = network;
    const parameters = layers.map(({ weight, bias }) => [kernels.output(weight.shape), kernels.output(bias.shape)] as const);
    const upstream = jet.map((_, i) => inputs[`g${i}`] ?? null);
    const flows = flowsToInputs(
      upstream.map((g) => g !== null),
      layers.length,
    );
    const wantInput = flagAttribute(attributes, "wantInput");
    const byInputs = jet.map(({ shape }, i) => (wantInput && flows[i] ? kernels.output(shape) : null));
    const weights = wholeVectors(Math.max(...layers.map(({ k, n }) => k * n)));
    const widest = wholeVectors(m * Math.max(...layers.flatMap(({ k, n }) => [k, n])));
    const bytes = tableBytes(network);
    const table = kernels.scratch(bytes + 4 * (2 * weights + 6 * widest));
    const gradients = parameters.map(([weight, bias]) => [kernels.at(weight), kernels.at(bias)] as const);
    writeTable(kernels, table, network, input(inputs, "trace"), [], gradients);
    const three = (tensors: readonly (Parameters<typeof kernels.at>[0] | null)[]): number[] =>
      [0, 1, 2].map((i) => {
        const tensor = tensors[i];
        return tensor ? kernels.at(tensor) : 0;
      });
    kernels.call.jetBackward(
      activation,
      table,
      layers.length,
      ...three(jet),
      ...three(upstream),
      ...three(byInputs),
      runs,
      m,
      4 * traceFloats,
      4 * weights,
      4 * widest,
      table + bytes,
    );
    return [...parameters.flat(), ...byInputs.flatMap((gradient) => gradient ?? [])];
  },
};

/** Which entries of the input jet a gradient reaches from those of the output: through an activation every rate passes it on to what is below it. */
export function flowsToInputs(outputs: readonly boolean[], layers: number): boolean[] {
  if (layers === 1) return [...outputs];
  return outputs.map((_, i) => outputs.slice(i).includes(true));
}
