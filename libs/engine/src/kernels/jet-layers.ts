import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, numberAttribute } from "./tensor-inputs";
import type { WasmKernels } from "./wasm-kernels";

/** Integers of a layer's record. */
const recordLength = 12;

export interface JetLayer {
  weight: TensorInfo;
  bias: TensorInfo;
  k: number;
  n: number;
}

/** The layers of a network and the values that go through it. */
export interface JetLayers {
  activation: number;
  layers: readonly JetLayer[];
  /** Values, rates and the rates' rates, [runs, m, k of the first layer], as many as there are. */
  jet: readonly TensorInfo[];
  runs: number;
  m: number;
  /** Floats of what one run keeps of its forward pass. */
  traceFloats: number;
}

/** Out of the inputs weight0, bias0 … and x0, x1, x2 and the attributes `layers` and `activation`. */
export function jetLayers(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): JetLayers {
  const layers = Array.from({ length: numberAttribute(attributes, "layers") }, (_, layer): JetLayer => {
    const weight = input(inputs, `weight${layer}`);
    const [, k, n] = axes3(weight);
    return { weight, bias: input(inputs, `bias${layer}`), k, n };
  });
  const jet = [0, 1, 2].flatMap((i) => inputs[`x${i}`] ?? []);
  const [runs, m] = axes3(input(inputs, "x0"));
  const hidden = layers.slice(0, -1).reduce((sum, { n }) => sum + wholeVectors(m * n), 0);
  return { activation: numberAttribute(attributes, "activation"), layers, jet, runs, m, traceFloats: 2 * jet.length * hidden };
}

export function wholeVectors(floats: number): number {
  return Math.ceil(floats / 4) * 4;
}

/** Bytes of the table that `writeTable` fills, in whole vectors. */
export function tableBytes({ layers }: JetLayers): number {
  return 4 * wholeVectors(recordLength * layers.length);
}

/** Each layer's record: sizes, arrays, places in the trace (of the last layer: `outputs`), gradients [weight, bias] where they are asked for. */
export function writeTable(
  kernels: WasmKernels,
  table: number,
  { layers, jet, m }: JetLayers,
  trace: TensorInfo,
  outputs: readonly number[],
  gradients: readonly (readonly [number, number])[],
): void {
  let next = kernels.at(trace);
  const [rates, curves] = [jet.length > 1, jet.length > 2];
  const records = layers.flatMap(({ weight, bias, k, n }, layer) => {
    const take = (wanted: boolean): number => {
      const address = next;
      if (wanted) next += 4 * wholeVectors(m * n);
      return wanted ? address : 0;
    };
    const places =
      layer + 1 < layers.length
        ? [take(true), take(rates), take(curves), take(true), take(rates), take(curves)]
        : [outputs[0] ?? 0, outputs[1] ?? 0, outputs[2] ?? 0, 0, 0, 0];
    return [k, n, kernels.at(weight), kernels.at(bias), ...places, ...(gradients[layer] ?? [0, 0])];
  });
  kernels.writeIntegers(table, records);
}
