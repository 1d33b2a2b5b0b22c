import { type ActivationName, type OptimizerName, optimizerNames, optimizerSlots } from "@basin/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import { type NamedTensorInfoMap, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { axes3, input, listAttribute, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel, WasmKernels } from "../kernels/wasm-kernels";
import { activationNumber } from "./activation";
import { denseBackwardScratch } from "./dense";
import { type FusedLoss, fusedLosses } from "./loss";
import { outputAt, runKernel } from "./native-kernel";

/** A chain of dense layers and how it is trained, alike for all runs. */
export interface DenseTraining {
  activations: readonly ActivationName[];
  loss: FusedLoss;
  optimizer: OptimizerName;
  batchSize: number;
}

/** Weights [runs, in, out] and biases [runs, 1, out] in turn, layer by layer; slots[s] likewise. */
export interface DenseArrays {
  parameters: readonly tf.Tensor[];
  slots: readonly (readonly tf.Tensor[])[];
}

/**
 * One epoch of dense layers as one kernel: over each run's rows of `order` (int32 [runs, samples]) in batches, each with one optimizer
 * step down the gradient of its mean loss. data [rows, in], targets [rows, out]; hyper [steps·runs, 8], a row for each step and run as
 * `writeHyper` fills it. Returns the new arrays and the loss [steps, runs] of each batch before its step, with the same bits as
 * `gatherRows`, `denseForward`, `lossAndGradient`, `denseBackward` and `optimizerStep` one after the other, whose way through memory
 * is longer. Only where `hasKernels()`. Leaves the old arrays alone; the caller owns the outputs.
 */
export function trainDenseEpoch(
  { activations, loss, optimizer, batchSize }: DenseTraining,
  { parameters, slots }: DenseArrays,
  { inputs: data, targets }: { inputs: tf.Tensor2D; targets: tf.Tensor2D },
  order: tf.Tensor2D,
  hyper: tf.Tensor2D,
): { parameters: tf.Tensor3D[]; slots: tf.Tensor3D[][]; losses: tf.Tensor2D } {
  const arrays = [parameters, ...slots.slice(0, optimizerSlots[optimizer])];
  const named = arrays.flatMap((all, s) =>
    all.map((array, i) => [`${i % 2 === 0 ? "weight" : "bias"}${["", "A", "B"][s] ?? ""}${Math.floor(i / 2)}`, array] as const),
  );
  const outputs = runKernel(
    "BasinDenseEpoch",
    { data, targets, order, hyper, ...Object.fromEntries(named) },
    {
      optimizer: optimizerNames.indexOf(optimizer),
      loss: fusedLosses.indexOf(loss),
      activations: activations.map(activationNumber),
      batchSize,
    },
  );
  const group = (s: number): tf.Tensor3D[] =>
    parameters.map((_, i) => outputAt<tf.Rank.R3>(outputs, 1 + s * parameters.length + i));
  return {
    losses: outputAt<tf.Rank.R2>(outputs, 0),
    parameters: group(0),
    slots: arrays.slice(1).map((_, s) => group(s + 1)),
  };
}

/** Integers of a layer's record. */
const recordLength = 15;

/** One array of the network, copied: the kernel trains in place, and the caller's tensors must stay. */
type Copies = Map<string, TensorInfo>;

/**
 * Inputs data [samples, in], targets [samples, out], order int32 [runs, length], hyper [steps·runs, 8] and for every layer ℓ weightℓ
 * [runs, k, n] and biasℓ [runs, 1, n] with their slots weightAℓ, biasAℓ, weightBℓ, biasBℓ, as many as the optimizer has; attributes
 * `optimizer`, `loss` and `activations` (numbers) and `batchSize`; outputs losses [steps, runs], then all weights and biases layer by
 * layer, then likewise the first slots and the second ones.
 */
export const denseEpochKernel: RegisteredKernel = {
  name: "BasinDenseEpoch",
  run(kernels, inputs, attributes) {
    const order = input(inputs, "order");
    const [runs = 0, samples = 0] = order.shape;
    const batch = numberAttribute(attributes, "batchSize");
    const activations = listAttribute(attributes, "activations");
    const losses = kernels.output([Math.ceil(samples / batch), runs]);
    const copies = copyArrays(kernels, inputs, activations.length);
    const shapes = activations.map((_, layer) => axes3(input(inputs, `weight${layer}`)));
    const outputs = shapes.at(-1)?.[2] ?? 0;
    const sizes = sizesOf(shapes, activations, batch);
    const bytes =
      4 * (recordLength * shapes.length + 8) + 64 + 4 * Object.values(sizes).reduce((sum, all) => sum + total(all), 0);
    const table = kernels.scratch(bytes + 4 * rounded(batch * outputs));
    let next = table + 4 * rounded(recordLength * shapes.length);
    const take = (floats: number): number => {
      const address = next;
      next += 4 * rounded(floats);
      return floats === 0 ? 0 : address;
    };
    const edge = take(16);
    const wanted = take(batch * outputs);
    const [work = 0] = sizes.work.map(take);
    const [first = 0] = sizes.input.map(take);
    const own = { slope: sizes.slope.map(take), dWeight: sizes.dWeight.map(take), dBias: sizes.dBias.map(take) };
    const values = { output: sizes.output.map(take), dOutput: sizes.dOutput.map(take) };
    const address = (name: string): number => {
      const tensor = copies.get(name);
      return tensor ? kernels.at(tensor) : 0;
    };
    const records = shapes.flatMap(([, k, n], layer) => [
      ...[k, n, activations[layer] ?? 0],
      ...arrayNames.map((name) => address(`${name}${layer}`)),
      values.output[layer - 1] ?? first,
      ...[own.slope, own.dWeight, own.dBias, values.output, values.dOutput].map((all) => all[layer] ?? 0),
    ]);
    kernels.writeIntegers(table, records);
    kernels.call.denseEpoch(
      numberAttribute(attributes, "optimizer"),
      numberAttribute(attributes, "loss"),
      table,
      shapes.length,
      ...["data", "targets", "order", "hyper"].map((name) => kernels.at(input(inputs, name))),
      kernels.at(losses),
      runs,
      samples,
      batch,
      wanted,
      work,
      edge,
    );
    return [losses, ...copies.values()];
  },
};

/** In the order of a layer's record. */
const arrayNames = ["weight", "bias", "weightA", "biasA", "weightB", "biasB"] as const;

/** Copies of all arrays that there are, by name, in the order of the outputs. */
function copyArrays(kernels: WasmKernels, inputs: NamedTensorInfoMap, layers: number): Copies {
  const copies: Copies = new Map();
  for (const slot of ["", "A", "B"]) {
    for (let layer = 0; layer < layers; layer++) {
      for (const name of [`weight${slot}${layer}`, `bias${slot}${layer}`]) {
        const from = inputs[name];
        if (!from) continue;
        const to = kernels.output(from.shape);
        kernels.call.copyFloats(kernels.at(from), kernels.at(to), util.sizeFromShape(from.shape));
        copies.set(name, to);
      }
    }
  }
  return copies;
}

/** Floats that one run needs for one batch. */
function sizesOf(
  shapes: readonly (readonly [runs: number, k: number, n: number])[],
  activations: readonly number[],
  batch: number,
): Record<"work" | "input" | "slope" | "dWeight" | "dBias" | "output" | "dOutput", number[]> {
  return {
    work: [Math.max(...shapes.map(([, k, n]) => denseBackwardScratch(batch, k, n)))],
    input: [batch * (shapes[0]?.[1] ?? 0)],
    slope: shapes.map(([, , n], layer) => (activations[layer] === 0 ? 0 : batch * n)),
    dWeight: shapes.map(([, k, n]) => k * n),
    dBias: shapes.map(([, , n]) => n),
    output: shapes.map(([, , n]) => batch * n),
    dOutput: shapes.map(([, , n]) => batch * n),
  };
}

/** Whole vectors. */
function rounded(floats: number): number {
  return Math.ceil(floats / 4) * 4;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, floats) => sum + rounded(floats), 0);
}
