import { CnnParameters, parseImageBlocks, type ImageShape } from "@basin/contracts";
import { lossAndGradient, type PackResources, type PackRun } from "@basin/engine";
import { exponential, firstNotFinite } from "@basin/numerics";
import type { ExperimentDefinition, LabelledImagesProblem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { initialValues } from "../image-network/initial-values";
import { blockLayers, denseLayers, describeLayers, sizeOf, specsOf, vectorOf, type Layer } from "../image-network/layer";
import { backward, forward } from "../image-network/passes";
import type { Judgement, SampleData, SampleNetwork } from "../network-state/sample-network";
import { forwardSamples, startsOf } from "../network-state/sample-training";
import type { TensorSpec } from "../network-state/tensor-state";
import { plotArtifacts } from "../plot-artifacts";

/** Blocks, hidden dense layers and a linear layer of one logit per class. */
function cnnLayers(image: ImageShape, classes: number, parameters: CnnParameters): Layer[] {
  const blocks = blockLayers(image, parseImageBlocks(parameters.blocks), parameters.activation, parameters.activation);
  const features = blocks.at(-1)?.output ?? image;
  const widths = [...parameters.denseLayers, classes].map(vectorOf);
  return [...blocks, ...denseLayers(features, widths, parameters.activation, "linear")];
}

/** The classifier of one pack: what it trains, its loss with gradients, and its judgement. Holds no tensors. */
export class CnnNetwork implements SampleNetwork {
  readonly family = "cnn";
  readonly specs: readonly TensorSpec[];
  readonly description: string;
  readonly data: SampleData;
  readonly rows = null;
  private readonly layers: readonly Layer[];

  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: LabelledImagesProblem,
    first: PackRun,
    private readonly resources: PackResources,
  ) {
    const shape = problem.shape(first.parameters, resources);
    this.layers = cnnLayers(shape, problem.classes.length, cnnParametersOf(first));
    this.specs = specsOf("layers", this.layers);
    this.description = describeLayers(this.layers);
    const { samples, images, labels } = problem.training(first.parameters, resources);
    const classes = problem.classes.length;
    const targets = new Float32Array(samples * classes);
    labels.forEach((label, i) => (targets[i * classes + label] = 1));
    this.data = { samples, inputWidth: sizeOf(shape), inputs: images, targetWidth: classes, targets };
  }

  initial({ seed, parameters }: PackRun): Float32Array[] {
    const { initialization, initializationGain } = cnnParametersOf({ parameters });
    return initialValues(initialization, initializationGain, seed, this.layers, 0);
  }

  lossAndGradients(
    parameters: readonly tf.Tensor[],
    x: tf.Tensor3D,
    targets: tf.Tensor3D,
    training: readonly { seed: number; step: number }[] | null,
  ): { losses: tf.Tensor1D; gradients: tf.Tensor[] | null } {
    const wantGradients = training !== null;
    const { output, traces } = forward(this.layers, parameters, x, wantGradients);
    const { losses, gradient } = lossAndGradient("cce-of-logits", output, targets, wantGradients);
    return { losses, gradients: gradient ? backward(this.layers, parameters, traces, gradient, false).gradients : null };
  }

  async judge(run: PackRun, parameters: readonly tf.Tensor[]): Promise<Judgement> {
    const images = this.problem.evaluationImages(run.parameters, this.resources);
    const width = this.data.inputWidth;
    const samples = images.length / width;
    const classes = this.problem.classes.length;
    const probabilities = new Float32Array(samples * classes);
    for (const { start, count } of startsOf(samples, forwardSamples)) {
      const output = tf.tidy(() => {
        const x = tf.tensor3d(images.slice(start * width, (start + count) * width), [1, count, width]);
        return forward(this.layers, parameters, x, false).output;
      });
      probabilities.set(softmaxRows(await output.data<"float32">(), classes), start * classes);
      output.dispose();
    }
    const broken = firstNotFinite(probabilities);
    if (broken !== undefined) return { broken };
    const outcome = { probabilities, firstFilters: await this.firstFilters(parameters) };
    const metrics = this.problem.evaluate(run.parameters, outcome, this.resources);
    const plots = cnnParametersOf(run).plots ? (this.problem.plots?.(run.parameters, outcome, this.resources) ?? {}) : {};
    return { metrics, artifacts: plotArtifacts(this.definition, plots) };
  }

  private async firstFilters(
    parameters: readonly tf.Tensor[],
  ): Promise<{ shape: [number, number, number, number]; values: Float32Array } | null> {
    const at = this.specs.findIndex(({ name }) => name.endsWith(".filter"));
    const [rows = 0, columns = 0, channels = 0, filters = 0] = this.specs[at]?.shape ?? [];
    const tensor = parameters[at];
    return tensor ? { shape: [rows, columns, channels, filters], values: await tensor.data<"float32">() } : null;
  }
}

/** exp(z − max z) / Σ for every row, in double precision. */
function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = Float64Array.from(logits.subarray(start, start + classes));
    const greatest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const powers = row.map((z) => exponential(z - greatest));
    const total = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, j) => (out[start + j] = power / total));
  }
  return out;
}

/** The family's own parameters out of a run's configuration, which may also hold the problem's. Throws ZodError. */
function cnnParametersOf({ parameters }: Pick<PackRun, "parameters">): CnnParameters {
  const own = Object.entries(parameters).filter(([name]) => name in CnnParameters.shape);
  return CnnParameters.parse(Object.fromEntries(own));
}
