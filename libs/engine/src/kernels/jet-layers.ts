import { activationNames } from "@basin/contracts";
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, listAttribute, numberAttribute } from "./tensor-inputs";
import type { WasmKernels } from "./wasm-kernels";

/** Integers of a stream's record, and of a layer's without what it has per stream. */
const streamLength = 8;
const layerLength = 8;
/** Bytes of scratch that both passes want for what goes through all streams at once (CHUNK of the kernels). */
export const chunkBytes = 1024;

interface JetLayer {
  weight: TensorInfo;
  bias: TensorInfo;
  k: number;
  n: number;
}

/** The layers of a network and the values that go through it. */
export interface JetLayers {
  activation: number;
  layers: readonly JetLayer[];
  /** Values, first derivatives and second ones, [runs, m, k of the first layer] each. */
  jet: readonly TensorInfo[];
  firsts: number;
  /** Of every second derivative, which first ones it is by: their places in `jet`. */
  pairs: readonly (readonly [number, number])[];
  runs: number;
  m: number;
  /** Whether the trace has what enters an activation, too. */
  keepsInputs: boolean;
  /** Floats of what one run keeps of its forward pass. */
  traceFloats: number;
}

/** Out of the inputs weight0, bias0 … and x0, x1 … and the attributes `layers`, `activation` and `pairs` (two directions for each second derivative). */
export function jetLayers(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): JetLayers {
  const layers = Array.from({ length: numberAttribute(attributes, "layers") }, (_, layer): JetLayer => {
    const weight = input(inputs, `weight${layer}`);
    const [, k, n] = axes3(weight);
    return { weight, bias: input(inputs, `bias${layer}`), k, n };
  });
  const jet: TensorInfo[] = [];
  for (let x = inputs["x0"]; x; x = inputs[`x${jet.length}`]) jet.push(x);
  const flat = listAttribute(attributes, "pairs");
  const pairs = Array.from({ length: flat.length / 2 }, (_, p) => [1 + (flat[2 * p] ?? 0), 1 + (flat[2 * p + 1] ?? 0)] as const);
  const [runs, m] = axes3(input(inputs, "x0"));
  const hidden = layers.slice(0, -1).reduce((sum, { n }) => sum + wholeVectors(m * n), 0);
  const activation = numberAttribute(attributes, "activation");
  const keepsInputs = activationNames[activation] === "swish";
  return {
    activation,
    layers,
    jet,
    firsts: jet.length - 1 - pairs.length,
    pairs,
    runs,
    m,
    keepsInputs,
    traceFloats: (2 * jet.length + Number(keepsInputs)) * hidden,
  };
}

export function wholeVectors(floats: number): number {
  return Math.ceil(floats / 4) * 4;
}

/** Bytes of the records that `writeRecords` writes, in whole vectors. */
export function recordBytes({ layers, jet }: JetLayers): { streams: number; layers: number } {
  return {
    streams: 4 * streamLength * jet.length,
    layers: 4 * wholeVectors((layerLength + 2 * jet.length) * layers.length),
  };
}

/** Addresses beside the network's own; 0: none. */
interface Places {
  /** By stream, of the last layer. */
  outputs?: readonly number[];
  /** By stream: the gradients by its output and by its input. */
  upstream?: readonly number[];
  byInputs?: readonly number[];
  /** By layer: the gradients of weight and bias. */
  gradients?: readonly (readonly [number, number])[];
}

/** The record of every stream at `address`, then of every layer, as the kernels' shared/jet-layers.ts has them. */
export function writeRecords(
  kernels: WasmKernels,
  address: number,
  network: JetLayers,
  trace: TensorInfo,
  { outputs = [], upstream = [], byInputs = [], gradients = [] }: Places,
): void {
  const { layers, jet, firsts, pairs, m, keepsInputs } = network;
  const streams = jet.flatMap((values, s) => {
    const pair = pairs[s - 1 - firsts] ?? [0, 0];
    return [kernels.at(values), upstream[s] ?? 0, byInputs[s] ?? 0, ...pair, 0, 0, 0];
  });
  let next = kernels.at(trace);
  const records = layers.flatMap(({ weight, bias, k, n }, layer) => {
    const take = (): number => {
      const taken = next;
      next += 4 * wholeVectors(m * n);
      return taken;
    };
    const hidden = layer + 1 < layers.length;
    const slope = hidden ? take() : 0;
    const out = jet.map((_, s) => (hidden ? take() : (outputs[s] ?? 0)));
    const pre = jet.map((_, s) => (hidden && (s > 0 || keepsInputs) ? take() : 0));
    return [k, n, kernels.at(weight), kernels.at(bias), ...(gradients[layer] ?? [0, 0]), slope, 0, ...out, ...pre];
  });
  kernels.writeIntegers(address, [...streams, ...records]);
}
