import type { ActivationName, Configuration } from "@basin/contracts";
import { denseBackward, denseForward, type PackResources, type PackRun } from "@basin/engine";
import { firstNotFinite } from "@basin/numerics";
import { CustomLossParameters, type CustomLossProblem, type ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";
import { plotArtifacts } from "../plot-artifacts";
import type { CheckpointIdentity } from "../training/checkpoint";
import { initialLayer } from "../training/initialization";
import { ownParameters } from "../training/own-parameters";
import { startsOf } from "../training/sample-epoch";
import type { Judgement, KeptNetwork, SampleData, SampleNetwork, SampleStep } from "../training/sample-network";
import { startValues } from "../training/start-values";
import type { TensorSpec } from "../training/tensor-state";

/** The layers of one pack, their loss with gradients, and their judgement. Holds no tensors. */
export class CustomLossNetwork implements SampleNetwork<CustomLossParameters> {
  readonly family = "custom-loss";
  readonly specs: readonly TensorSpec[];
  readonly identity: CheckpointIdentity;
  readonly forwardSamples = 1024;
  readonly data: SampleData;
  readonly rows = null;
  readonly keepsOrder: boolean = false;
  private readonly widths: readonly number[];
  private readonly activations: readonly ActivationName[];
  private readonly shared: Configuration;

  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: CustomLossProblem,
    first: PackRun,
    private readonly resources: PackResources,
  ) {
    const { hiddenLayers, activation } = this.parametersOf(first);
    this.shared = first.parameters;
    this.widths = [problem.inputWidth, ...hiddenLayers, problem.outputWidth];
    this.activations = [...hiddenLayers.map(() => activation), "linear"];
    this.specs = this.widths.slice(1).flatMap((columns, layer): TensorSpec[] => [
      { name: `layers.${layer}.weight`, shape: [this.widths[layer] ?? 0, columns] },
      { name: `layers.${layer}.bias`, shape: [1, columns], storedShape: [columns] },
    ]);
    this.identity = { widths: this.widths.join(","), activation };
    const data = problem.data(first.parameters);
    this.data = { ...data, inputWidth: problem.inputWidth, targetWidth: problem.outputWidth };
  }

  parametersOf(run: PackRun): CustomLossParameters {
    return ownParameters(CustomLossParameters, run);
  }

  initial({ seed }: PackRun, { initialization, initializationGain, startFrom }: CustomLossParameters): Float32Array[] {
    return startValues(this.specs, startFrom, this.resources, () =>
      this.widths.slice(1).flatMap((width, layer) => {
        const { weight, bias } = initialLayer(initialization, initializationGain, seed, layer, this.widths[layer] ?? 0, width);
        return [weight, bias];
      }),
    );
  }

  lossAndGradients(
    parameters: readonly tf.Tensor[],
    x: tf.Tensor3D,
    targets: tf.Tensor3D,
    step: SampleStep<CustomLossParameters> | null,
  ): { losses: tf.Tensor1D; gradients: tf.Tensor[] | null } {
    const { output, traces } = this.forward(parameters, x, step !== null);
    const [runs, samples, width] = output.shape;
    const [outputs, wanted] = [output.dataSync<"float32">(), targets.dataSync<"float32">()];
    const size = samples * width;
    const gradient = new Float32Array(step ? outputs.length : 0);
    const losses = Float32Array.from({ length: runs }, (_, r) => {
      const part = (all: Float32Array): Float32Array => all.subarray(r * size, (r + 1) * size);
      const own = step && new Float64Array(size);
      const one = step?.runs[r];
      const draw = one ? { seed: one.run.seed, step: step.taken[r] ?? 0 } : { seed: 0, step: 0 };
      const loss = this.problem.lossOf(this.shared, { samples, outputs: part(outputs), targets: part(wanted) }, own, draw);
      if (own) gradient.set(own, r * size);
      return loss;
    });
    return {
      losses: tf.tensor1d(losses),
      gradients: step ? this.backward(parameters, traces, tf.tensor3d(gradient, output.shape)) : null,
    };
  }

  async judge({ run, tensors, weights }: KeptNetwork<CustomLossParameters>): Promise<Judgement> {
    const given = run.run.parameters;
    const inputs = this.problem.evaluationInputs(given);
    const outputs = await this.outputsAt(tensors, inputs);
    const broken = firstNotFinite(outputs) ?? weights.map(firstNotFinite).find((value) => value !== undefined);
    if (broken !== undefined) return { broken: "outputs", value: broken };
    const before = this.initial(run.run, run.parameters).map((values, i) =>
      tf.tensor(values, [1, ...(this.specs[i]?.shape ?? [])]),
    );
    const initialOutputs = await this.outputsAt(before, inputs).finally(() => {
      tf.dispose(before);
    });
    const outcome = { seed: run.run.seed, outputs, initialOutputs };
    const plots = run.parameters.plots ? (this.problem.plots?.(given, outcome) ?? {}) : {};
    return { metrics: this.problem.evaluate(given, outcome), artifacts: plotArtifacts(this.definition, plots) };
  }

  private async outputsAt(own: readonly tf.Tensor[], inputs: Float32Array): Promise<Float32Array> {
    const [inputWidth, outputWidth] = [this.problem.inputWidth, this.problem.outputWidth];
    const points = inputs.length / inputWidth;
    const out = new Float32Array(points * outputWidth);
    for (const { start, count } of startsOf(points, this.forwardSamples)) {
      const part = tf.tidy(() => {
        const x = tf.tensor3d(inputs.slice(start * inputWidth, (start + count) * inputWidth), [1, count, inputWidth]);
        return this.forward(own, x, false).output;
      });
      out.set(await part.data<"float32">(), start * outputWidth);
      part.dispose();
    }
    return out;
  }

  private forward(parameters: readonly tf.Tensor[], x: tf.Tensor3D, traced: boolean): { output: tf.Tensor3D; traces: Trace[] } {
    const traces: Trace[] = [];
    let input = x;
    for (const [layer, activation] of this.activations.entries()) {
      const { output, slope } = denseForward(
        activation,
        input,
        tensor3(parameters, 2 * layer),
        tensor3(parameters, 2 * layer + 1),
        traced,
      );
      traces.push({ input, slope });
      input = output;
    }
    return { output: input, traces };
  }

  /** ∂loss/∂array in the specs' order from the gradient by the outputs. */
  private backward(parameters: readonly tf.Tensor[], traces: readonly Trace[], gradient: tf.Tensor3D): tf.Tensor3D[] {
    const gradients: tf.Tensor3D[] = [];
    let upstream: tf.Tensor3D | null = gradient;
    for (const [layer, { input, slope }] of [...traces.entries()].toReversed()) {
      if (!upstream) throw new RangeError("A layer has no gradient to pass on.");
      const back = denseBackward(upstream, slope, input, tensor3(parameters, 2 * layer), layer > 0);
      gradients.unshift(back.weight, back.bias);
      upstream = back.input;
    }
    return gradients;
  }
}

interface Trace {
  input: tf.Tensor3D;
  slope: tf.Tensor3D | null;
}
