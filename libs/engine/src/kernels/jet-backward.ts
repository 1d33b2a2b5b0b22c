import type { TensorInfo } from "@tensorflow/tfjs-core";
import { chunkBytes, jetLayers, recordBytes, wholeVectors, writeRecords } from "./jet-layers";
import { flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs as of the forward pass, its `trace`, and g0, g1 … [runs, m, n], the gradients by its outputs, where any flows; attributes
 * `layers`, `activation`, `pairs`, `wantInput`; outputs the gradients of weight and bias layer by layer, then, if wanted, of those
 * inputs that any flows to.
 */
export const jetBackward: RegisteredKernel = {
  name: "BasinJetBackward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, firsts, pairs, runs, m, traceFloats } = network;
    const parameters = layers.map(({ weight, bias }) => [kernels.output(weight.shape), kernels.output(bias.shape)] as const);
    const upstream = jet.map((_, s) => inputs[`g${s}`] ?? null);
    const flows = flowsToInputs(
      upstream.map((g) => g !== null),
      pairs,
      layers.length,
    );
    const wantInput = flagAttribute(attributes, "wantInput");
    const byInputs = jet.map(({ shape }, s) => (wantInput && flows[s] ? kernels.output(shape) : null));
    const weights = wholeVectors(Math.max(...layers.map(({ k, n }) => k * n)));
    const widest = wholeVectors(m * Math.max(...layers.flatMap(({ k, n }) => [k, n])));
    const bytes = recordBytes(network);
    const space = 2 * chunkBytes + 4 * (2 * weights + 2 * jet.length * widest);
    const streams = kernels.scratch(bytes.streams + bytes.layers + space);
    const table = streams + bytes.streams;
    const at = (tensor: TensorInfo | null): number => (tensor ? kernels.at(tensor) : 0);
    writeRecords(kernels, streams, network, input(inputs, "trace"), {
      upstream: upstream.map(at),
      byInputs: byInputs.map(at),
      gradients: parameters.map(([weight, bias]) => [kernels.at(weight), kernels.at(bias)] as const),
    });
    kernels.call.jetBackward(
      activation,
      streams,
      firsts,
      jet.length,
      table,
      layers.length,
      runs,
      m,
      4 * traceFloats,
      4 * weights,
      4 * widest,
      table + bytes.layers,
    );
    return [...parameters.flat(), ...byInputs.flatMap((gradient) => gradient ?? [])];
  },
};

/**
 * Which entries of the input jet a gradient reaches from those of the output: through an activation a derivative passes it on to the values and,
 * if it is a second one (`pairs`: by which entries), to the first ones that it is by.
 */
export function flowsToInputs(
  outputs: readonly boolean[],
  pairs: readonly (readonly [number, number])[],
  layers: number,
): boolean[] {
  if (layers === 1) return [...outputs];
  const firsts = outputs.length - 1 - pairs.length;
  return outputs.map((own, s) => {
    if (s === 0) return outputs.includes(true);
    return own || pairs.some((pair, p) => pair.includes(s) && outputs[1 + firsts + p] === true);
  });
}
