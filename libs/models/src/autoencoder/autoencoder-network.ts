import { AutoencoderParameters, parseImageBlocks, type ImageShape } from "@basin/contracts";
import { lossAndGradient, type PackResources, type PackRun, type StepInput } from "@basin/engine";
import { firstNotFinite, randomStream } from "@basin/numerics";
import type { ExperimentDefinition, ReconstructionProblem, TableRows } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { initialValues } from "../image-network/initial-values";
import { blockLayers, denseLayers, describeLayers, sizeOf, specsOf, vectorOf, type Layer } from "../image-network/layer";
import { backward, forward } from "../image-network/passes";
import { plotArtifacts } from "../plot-artifacts";
import type { CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import { startsOf } from "../training/sample-epoch";
import type { Judgement, KeptNetwork, SampleData, SampleNetwork, SampleStep } from "../training/sample-network";
import type { SampleRun } from "../training/sample-run";
import { startValues } from "../training/start-values";
import type { TensorSpec } from "../training/tensor-state";

/** Encoder and decoder of the given widths. The encoder is empty with latent width 0: the decoder then sees a constant 1. */
function autoencoderLayers(image: ImageShape, parameters: AutoencoderParameters): { encoder: Layer[]; decoder: Layer[] } {
  const { latentWidth, activation, denseActivation, latentActivation, outputActivation } = parameters;
  const encoderBlocks = blockLayers(image, parseImageBlocks(parameters.encoderBlocks), activation, activation);
  const features = encoderBlocks.at(-1)?.output ?? image;
  const widths = parameters.denseLayers.map(vectorOf);
  const latent = vectorOf(Math.max(1, latentWidth));
  const decoderBlocks = blockLayers(features, parseImageBlocks(parameters.decoderBlocks), activation, outputActivation);
  const decoder = [
    ...denseLayers(
      latent,
      [...widths.toReversed(), features],
      denseActivation,
      decoderBlocks.length > 0 ? denseActivation : outputActivation,
    ),
    ...decoderBlocks,
  ];
  const out = decoder.at(-1)?.output ?? features;
  if (sizeOf(out) !== sizeOf(image) || out.columns !== image.columns)
    throw new RangeError(
      `The decoder makes images of ${out.rows}×${out.columns}×${out.channels}, but the samples have ${image.rows}×${image.columns}×${image.channels}.`,
    );
  const encoder = [...encoderBlocks, ...denseLayers(features, [...widths, latent], denseActivation, latentActivation)];
  return { encoder: latentWidth === 0 ? [] : encoder, decoder };
}

/** The autoencoder of one pack: what it trains, its loss with gradients, and its judgement. Holds no tensors. */
export class AutoencoderNetwork implements SampleNetwork<AutoencoderParameters> {
  readonly family = "autoencoder";
  readonly specs: readonly TensorSpec[];
  readonly identity: CheckpointIdentity;
  readonly forwardSamples = 256;
  readonly data: SampleData;
  readonly rows: TableRows | null;
  private readonly shared: AutoencoderParameters;
  private readonly encoder: readonly Layer[];
  private readonly decoder: readonly Layer[];
  private readonly encoderTensors: number;
  /** The same for every run of the pack; made when the first one is judged. */
  private evaluationInputs: Float32Array | null = null;

  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: ReconstructionProblem,
    first: PackRun,
    private readonly resources: PackResources,
  ) {
    this.shared = ownParameters(AutoencoderParameters, first);
    const shape = problem.shape(first.parameters, resources);
    const { encoder, decoder } = autoencoderLayers(shape, this.shared);
    this.encoder = encoder;
    this.decoder = decoder;
    const encoderSpecs = specsOf("encoder", encoder);
    this.encoderTensors = encoderSpecs.length;
    this.specs = [...encoderSpecs, ...specsOf("decoder", decoder)];
    this.identity = { network: `${describeLayers(encoder)} | ${describeLayers(decoder)} | ${this.shared.loss}` };
    this.rows = problem.rows ?? null;
    const inputs = problem.training(first.parameters, resources);
    const width = sizeOf(shape);
    this.data = { samples: inputs.length / width, inputWidth: width, inputs, targetWidth: width, targets: null };
  }

  parametersOf(run: PackRun): AutoencoderParameters {
    return ownParameters(AutoencoderParameters, run);
  }

  initial({ seed }: PackRun, { initialization, initializationGain, startFrom }: AutoencoderParameters): Float32Array[] {
    return startValues(this.specs, startFrom, this.resources, () => [
      ...initialValues(initialization, initializationGain, seed, this.encoder, 0),
      ...initialValues(initialization, initializationGain, seed, this.decoder, this.encoder.length),
    ]);
  }

  stepInputs(runs: readonly SampleRun[], _batch: number, count: number): Record<string, StepInput> {
    return this.shared.trainingNoise > 0 ? noise(runs, [count, this.data.inputWidth]) : {};
  }

  lossAndGradients(
    parameters: readonly tf.Tensor[],
    x: tf.Tensor3D,
    targets: tf.Tensor3D,
    step: SampleStep<AutoencoderParameters> | null,
  ): { losses: tf.Tensor1D; gradients: tf.Tensor[] | null } {
    const wantGradients = step !== null;
    const [own, back] = this.split(parameters);
    const { chance, values } = step?.given ?? {};
    const shown = chance && values ? tf.where(tf.less(chance, this.shared.trainingNoise), values as tf.Tensor3D, x) : x;
    const encoded = this.encode(own, shown, wantGradients);
    const decoded = forward(this.decoder, back, encoded.output, wantGradients);
    const { losses, gradient } = lossAndGradient(this.shared.loss, decoded.output, targets, wantGradients);
    if (!gradient) return { losses, gradients: null };
    const upper = backward(this.decoder, back, decoded.traces, gradient, this.encoder.length > 0);
    if (!upper.input) return { losses, gradients: upper.gradients };
    const lower = backward(this.encoder, own, encoded.traces, upper.input, false);
    return { losses, gradients: [...lower.gradients, ...upper.gradients] };
  }

  async judge({ run, tensors: parameters }: KeptNetwork<AutoencoderParameters>): Promise<Judgement> {
    const given = run.run.parameters;
    const { latentWidth } = this.shared;
    const inputs = (this.evaluationInputs ??= this.problem.evaluationInputs(given, this.resources));
    const width = this.data.inputWidth;
    const points = inputs.length / width;
    const images = new Float32Array(inputs.length);
    const codes = new Float32Array(points * latentWidth);
    const [own, back] = this.split(parameters);
    for (const { start, count } of startsOf(points, this.forwardSamples)) {
      const [code, image] = tf.tidy(() => {
        const x = tf.tensor3d(inputs.slice(start * width, (start + count) * width), [1, count, width]);
        const { output } = this.encode(own, x, false);
        return [output, forward(this.decoder, back, output, false).output];
      });
      if (latentWidth > 0) codes.set(await code.data<"float32">(), start * latentWidth);
      images.set(await image.data<"float32">(), start * width);
      tf.dispose([code, image]);
    }
    const broken = firstNotFinite(images);
    if (broken !== undefined) return { broken: "outputs", value: broken };
    const outcome = { inputs, codes, latentWidth, images };
    const metrics = this.problem.evaluate(given, outcome, this.resources);
    const wanted = run.parameters.plots;
    const plots = wanted ? (this.problem.plots?.(given, outcome, this.resources) ?? {}) : {};
    return { metrics, artifacts: plotArtifacts(this.definition, plots) };
  }

  private split(parameters: readonly tf.Tensor[]): [encoder: readonly tf.Tensor[], decoder: readonly tf.Tensor[]] {
    return [parameters.slice(0, this.encoderTensors), parameters.slice(this.encoderTensors)];
  }

  private encode(own: readonly tf.Tensor[], x: tf.Tensor3D, wantTraces: boolean): ReturnType<typeof forward> {
    if (this.encoder.length > 0) return forward(this.encoder, own, x, wantTraces);
    return { output: tf.ones<tf.Rank.R3>([x.shape[0], x.shape[1], 1]), traces: [] };
  }
}

/**
 * Numbers from U(0,1) for every component of a batch: where `chance` is below the noise, the component is replaced by that of `values`; by the
 * streams (seed, "training-noise/…", step from 1).
 */
function noise(runs: readonly SampleRun[], shape: readonly [count: number, width: number]): Record<string, StepInput> {
  const each = shape[0] * shape[1];
  const drawn = (name: string): StepInput => {
    const all = new Float32Array(runs.length * each);
    runs.forEach(({ run: { seed }, optimizerSteps }, r) => {
      randomStream(seed, `training-noise/${name}`, optimizerSteps + 1).fillUniform(all.subarray(r * each, (r + 1) * each));
    });
    return { shape: [runs.length, ...shape], values: all };
  };
  return { chance: drawn("chance"), values: drawn("values") };
}
