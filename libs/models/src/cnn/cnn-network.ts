import { CnnParameters, parseImageBlocks, type ImageShape } from "@basin/contracts";
import { lossAndGradient, type PackResources, type PackRun } from "@basin/engine";
import { exponential, firstNotFinite } from "@basin/numerics";
import type { ExperimentDefinition, LabelledImagesProblem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { initialValues } from "../image-network/initial-values";
import { blockLayers, denseLayers, describeLayers, sizeOf, specsOf, vectorOf, type Layer } from "../image-network/layer";
import { backward, forward } from "../image-network/passes";
import { plotArtifacts } from "../plot-artifacts";
import type { CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import { startsOf } from "../training/sample-epoch";
import type { Judgement, KeptNetwork, SampleData, SampleNetwork, SampleStep } from "../training/sample-network";
import { startValues } from "../training/start-values";
import type { TensorSpec } from "../training/tensor-state";

/** Blocks, hidden dense layers and a linear layer of one logit per class. */
function cnnLayers(image: ImageShape, classes: number, parameters: CnnParameters): Layer[] {
  const blocks = blockLayers(image, parseImageBlocks(parameters.blocks), parameters.activation, parameters.activation);
  const features = blocks.at(-1)?.output ?? image;
  const widths = [...parameters.denseLayers, classes].map(vectorOf);
  return [...blocks, ...denseLayers(features, widths, parameters.activation, "linear")];
}

/** The classifier of one pack: what it trains, its loss with gradients, and its judgement. Holds no tensors. */
export class CnnNetwork implements SampleNetwork<CnnParameters> {
  readonly family = "cnn";
  readonly specs: readonly TensorSpec[];
  readonly identity: CheckpointIdentity;
  readonly forwardSamples = 256;
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
    this.layers = cnnLayers(shape, problem.classes.length, ownParameters(CnnParameters, first));
    this.specs = specsOf("layers", this.layers);
    this.identity = { network: describeLayers(this.layers) };
    const { samples, images, labels } = problem.training(first.parameters, resources);
    const classes = problem.classes.length;
    const targets = new Float32Array(samples * classes);
    labels.forEach((label, i) => (targets[i * classes + label] = 1));
    this.data = { samples, inputWidth: sizeOf(shape), inputs: images, targetWidth: classes, targets };
  }

  parametersOf(run: PackRun): CnnParameters {
    return ownParameters(CnnParameters, run);
  }

  initial({ seed }: PackRun, { initialization, initializationGain, startFrom }: CnnParameters): Float32Array[] {
    const afresh = (): Float32Array[] => initialValues(initialization, initializationGain, seed, this.layers, 0);
    return startValues(this.specs, startFrom, this.resources, afresh);
  }

  lossAndGradients(
    parameters: readonly tf.Tensor[],
    x: tf.Tensor3D,
    targets: tf.Tensor3D,
    step: SampleStep<CnnParameters> | null,
  ): { losses: tf.Tensor1D; gradients: tf.Tensor[] | null } {
    const wantGradients = step !== null;
    const { output, traces } = forward(this.layers, parameters, x, wantGradients);
    const { losses, gradient } = lossAndGradient("cce-of-logits", output, targets, wantGradients);
    return { losses, gradients: gradient ? backward(this.layers, parameters, traces, gradient, false).gradients : null };
  }

  async judge({ run, tensors: parameters }: KeptNetwork<CnnParameters>): Promise<Judgement> {
    const given = run.run.parameters;
    const images = this.problem.evaluationImages(given, this.resources);
    const width = this.data.inputWidth;
    const samples = images.length / width;
    const classes = this.problem.classes.length;
    const probabilities = new Float32Array(samples * classes);
    for (const { start, count } of startsOf(samples, this.forwardSamples)) {
      const output = tf.tidy(() => {
        const x = tf.tensor3d(images.slice(start * width, (start + count) * width), [1, count, width]);
        return forward(this.layers, parameters, x, false).output;
      });
      probabilities.set(softmaxRows(await output.data<"float32">(), classes), start * classes);
      output.dispose();
    }
    const broken = firstNotFinite(probabilities);
    if (broken !== undefined) return { broken: "outputs", value: broken };
    const outcome = { probabilities, firstFilters: await this.firstFilters(parameters) };
    const metrics = this.problem.evaluate(given, outcome, this.resources);
    const plots = run.parameters.plots ? (this.problem.plots?.(given, outcome, this.resources) ?? {}) : {};
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
