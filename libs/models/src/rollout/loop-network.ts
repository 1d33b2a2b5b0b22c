import type { ActivationName, RolloutParameters } from "@basin/contracts";
import { denseBackward, denseForward, joinColumns, takeColumns } from "@basin/engine";
import type { ClosedLoop } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";
import { initialLayer } from "../training/initialization";
import type { TensorSpec } from "../training/tensor-state";

/** The network of a loop: dense layers, of which the first also sees the memory. */
export interface LoopNetwork {
  /** Of every layer, the inputs with the memory first. */
  widths: readonly number[];
  /** Of every layer but the inputs. */
  activations: readonly ActivationName[];
  /** Values that an Elman cell carries from step to step: the outputs of its last hidden layer. 0: no memory. */
  memoryWidth: number;
  specs: readonly TensorSpec[];
}

export function loopNetwork(
  { inputs, outputs, outputActivation }: Pick<ClosedLoop, "inputs" | "outputs" | "outputActivation">,
  { hiddenLayers, activation, cell }: Pick<RolloutParameters, "hiddenLayers" | "activation" | "cell">,
): LoopNetwork {
  const memoryWidth = cell === "elman" ? (hiddenLayers.at(-1) ?? 0) : 0;
  if (cell === "elman" && memoryWidth === 0) throw new RangeError("hiddenLayers has no layer that an elman cell could remember.");
  const widths = [inputs.length + memoryWidth, ...hiddenLayers, outputs];
  const specs = widths.slice(1).flatMap((out, layer): TensorSpec[] => [
    { name: `layers.${layer}.weight`, shape: [widths[layer] ?? 1, out] },
    { name: `layers.${layer}.bias`, shape: [1, out] },
  ]);
  return { widths, activations: [...hiddenLayers.map(() => activation), outputActivation], memoryWidth, specs };
}

/** What a run begins with, by its seed, in the order of the specs. */
export function initialLoopWeights(
  { widths }: LoopNetwork,
  { initialization, initializationGain }: Pick<RolloutParameters, "initialization" | "initializationGain">,
  seed: number,
): Float32Array[] {
  return widths.slice(1).flatMap((out, layer) => {
    const { weight, bias } = initialLayer(initialization, initializationGain, seed, layer, widths[layer] ?? 1, out);
    return [weight, bias];
  });
}

/** What a layer keeps of its forward pass. */
interface LayerTrace {
  input: tf.Tensor3D;
  slope: tf.Tensor3D | null;
}

export interface NetworkPass {
  /** [runs, trajectories, outputs] */
  output: tf.Tensor3D;
  /** What the next step remembers, [runs, trajectories, memoryWidth]; null without memory. */
  memory: tf.Tensor3D | null;
  /** Empty unless wanted. */
  traces: readonly LayerTrace[];
}

/** One step of the network. `inputs`: [runs, trajectories, what it sees]. Call within tf.tidy. */
export function networkForward(
  { activations, memoryWidth }: LoopNetwork,
  parameters: readonly tf.Tensor[],
  inputs: tf.Tensor3D,
  memory: tf.Tensor3D | null,
  wantTraces: boolean,
): NetworkPass {
  const traces: LayerTrace[] = [];
  let value = memory ? joinColumns([inputs, memory], inputs.shape[0]) : inputs;
  let remembered = value;
  activations.forEach((activation, layer) => {
    remembered = value;
    const { output, slope } = denseForward(
      activation,
      value,
      tensor3(parameters, 2 * layer),
      tensor3(parameters, 2 * layer + 1),
      wantTraces,
    );
    if (wantTraces) traces.push({ input: value, slope });
    value = output;
  });
  return { output: value, memory: memoryWidth > 0 ? remembered : null, traces };
}

/**
 * The gradients of a step's layers, in the order of the specs, and by what the network saw: its inputs, and the memory. `dOutput` is
 * ∂loss/∂output, `dMemory` what the step after it makes of the memory that this one leaves; null where there is none. Call within tf.tidy.
 */
export function networkBackward(
  { widths, memoryWidth }: LoopNetwork,
  parameters: readonly tf.Tensor[],
  traces: readonly LayerTrace[],
  dOutput: tf.Tensor3D,
  dMemory: tf.Tensor3D | null,
): { layers: tf.Tensor3D[]; inputs: tf.Tensor3D; memory: tf.Tensor3D | null } {
  const layers: tf.Tensor3D[] = [];
  let gradient = dOutput;
  for (let layer = traces.length - 1; layer >= 0; layer--) {
    const trace = traces[layer];
    if (!trace) throw new RangeError("The backward pass needs the trace of every layer.");
    const back = denseBackward(gradient, trace.slope, trace.input, tensor3(parameters, 2 * layer), true);
    if (!back.input) throw new Error("A layer gave no gradient by its input.");
    layers.unshift(back.weight, back.bias);
    // What the last layer saw is what is remembered.
    gradient = layer === traces.length - 1 && dMemory ? tf.add<tf.Tensor3D>(back.input, dMemory) : back.input;
  }
  const seen = (widths[0] ?? 0) - memoryWidth;
  if (memoryWidth === 0) return { layers, inputs: gradient, memory: null };
  return { layers, inputs: takeColumns(gradient, 0, seen), memory: takeColumns(gradient, seen, memoryWidth) };
}
