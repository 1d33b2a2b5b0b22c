import { MlpParameters } from "@basin/contracts";
import { hasKernels, stepsOnGpu, trainDenseEpoch, type PackResources, type PackRun, type StepInput } from "@basin/engine";
import { firstNotFinite } from "@basin/numerics";
import {
  checkMinimization,
  UntrainableError,
  type ExperimentDefinition,
  type SupervisedData,
  type SupervisedProblem,
  type TableRows,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { plotArtifacts } from "../plot-artifacts";
import type { CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import type {
  Following,
  Judgement,
  KeptNetwork,
  LeastBatch,
  SampleData,
  SampleEpoch,
  SampleNetwork,
  SampleStep,
  TrainedEpoch,
} from "../training/sample-network";
import { bootstrapSplit, foldSplit, type Split } from "../training/sample-order";
import type { SampleRun } from "../training/sample-run";
import { architectureOf, type Architecture, type ValueSpec } from "./architecture";
import { dropoutMasks, inputMask } from "./dropout";
import { adjustGradients, penaltyValues } from "./gradient-adjustment";
import { initialStatistics, initialValues } from "./initial-values";
import { inspectNetwork } from "./inspected-network";
import { backward, evaluationMode, forward, type NetworkArrays } from "./network";
import { networkLoss } from "./network-loss";
import { penaltyGradient, penaltyWeightOf, withPenalty } from "./output-penalty";
import { forwardSamples, predict } from "./predict";
import { shrinkage, shrinkWeights } from "./proximal-step";
import { isShaped } from "./shaped-activation";
import { startValues } from "../training/start-values";

/**
 * One of the networks of cross-validation: trained without the samples of fold `index` (from 0), or on the `index`-th bootstrap sample, and
 * judged by those alone that it has not seen.
 */
export type Fold = { index: number; folds: number } | { index: number; bootstrap: true };

/** Stands in weights files; raised when the same arrays would predict other numbers. Files without one mean `gelu-tanh` by "gelu". */
const familyVersion = "2";

/** Weights that a problem may keep for its plots. */
const mostSnapshots = 16;

/** The perceptrons of one pack: what they train, their loss with gradients, and their judgement. Holds no tensors. */
export class MlpNetwork implements SampleNetwork<MlpParameters> {
  readonly family = "mlp";
  readonly specs: readonly ValueSpec[];
  readonly trained: number;
  readonly identity: CheckpointIdentity;
  readonly weightsMetadata: Record<string, string>;
  readonly data: SampleData;
  readonly rows: TableRows | null;
  readonly forwardSamples = forwardSamples;
  readonly keepsOrder: boolean;
  readonly leastBatch: LeastBatch | null;
  readonly following: Following<MlpParameters> | null;
  readonly stopAtLoss: number;
  private readonly net: Architecture;
  private readonly samples: SupervisedData;
  private readonly penalty: ReturnType<typeof penaltyGradient> | null;

  /** With a fold, the only figure of the judgement is `score`, on that fold, and there are no artifacts. */
  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: SupervisedProblem,
    first: PackRun,
    private readonly resources: PackResources,
    private readonly fold: Fold | null,
  ) {
    const shared = this.parametersOf(first);
    const given = first.parameters;
    const loss = problem.lossOf?.(given) ?? problem.loss;
    const { outputActivation } = problem;
    this.net = architectureOf({ loss, outputActivation }, problem.widths?.(given, resources) ?? problem, shared);
    const { widths, specs, trained, normalized, activations } = this.net;
    this.penalty = problem.outputPenalty ? penaltyGradient(problem.outputPenalty, this.net) : null;
    this.specs = specs;
    this.trained = trained;
    this.identity = { widths: widths.join(","), arrays: String(specs.length) };
    this.weightsMetadata = {
      experiment: definition.id,
      experimentVersion: String(definition.version),
      family: this.family,
      familyVersion,
      widths: widths.join(","),
      activation: shared.activation,
      activations: activations.join(","),
      outputActivation,
      loss: typeof loss === "string" ? loss : loss.loss,
      ...(activations.some((name) => isShaped(name, this.net.shape))
        ? { leakySlope: String(shared.leakySlope), eluAlpha: String(shared.eluAlpha) }
        : {}),
    };
    this.samples = problem.data(given, resources);
    this.data = { ...this.samples, inputWidth: widths[0] ?? 0, targetWidth: widths.at(-1) ?? 0 };
    this.rows = problem.rows ?? null;
    this.keepsOrder = !shared.shuffle;
    this.leastBatch =
      normalized && widths.length > 2
        ? {
            samples: 2,
            reason: "Batch normalization needs batches of at least 2 samples, as one sample has no variance",
            parameter: "batchNormalization",
          }
        : null;
    this.stopAtLoss = problem.stopsAtLoss?.(given) ?? 0;
    this.following = fold
      ? null
      : {
          snapshotEpochs: new Set((problem.snapshotEpochs?.(given) ?? []).slice(0, mostSnapshots)),
          lossHistory: problem.followsLoss ?? false,
          monitor: problem.monitor ? ({ run }, own) => this.monitored(run, own) : null,
        };
  }

  parametersOf(run: PackRun): MlpParameters {
    return ownParameters(MlpParameters, run);
  }

  initial(run: PackRun, parameters: MlpParameters): Float32Array[] {
    const afresh = (): Float32Array[] => initialValues(this.net, this.problem, parameters, run);
    return startValues(this.net.specs, parameters.startFrom, this.resources, afresh);
  }

  trainingSamples(seed: number): Int32Array | null {
    return this.fold && splitOf(seed, this.data.samples, this.fold).training;
  }

  stepInputs(runs: readonly SampleRun<MlpParameters>[], batch: number, count: number): Record<string, StepInput> {
    const { net } = this;
    const inputs = inputMask(runs, batch, count, net.widths[0] ?? 0);
    const shrunk = shrinkage(runs);
    return {
      ...Object.fromEntries((dropoutMasks(net, runs, batch, count) ?? []).map((mask, layer) => [`mask${layer}`, mask])),
      ...(inputs && { inputMask: inputs }),
      ...(shrunk && { shrinkage: shrunk }),
    };
  }

  lossAndGradients(
    parameters: NetworkArrays,
    x: tf.Tensor3D,
    targets: tf.Tensor3D,
    step: SampleStep<MlpParameters> | null,
  ): { losses: tf.Tensor1D; gradients: tf.Tensor[] | null; computed?: readonly tf.Tensor[] } {
    const { net } = this;
    if (!step) return lossesAlone(net, parameters, x, targets);
    const { given } = step;
    const masks = given["mask0"] ? net.widths.slice(1, -1).map((_, layer) => given[`mask${layer}`] as tf.Tensor3D) : null;
    const seen = given["inputMask"] ? tf.mul<tf.Tensor3D>(x, given["inputMask"]) : x;
    const { output, traces, running } = forward(net, parameters, seen, { traces: true, batchStatistics: true, masks });
    const { losses, gradient } = networkLoss(net.loss, output, targets, true);
    if (!gradient) return { losses, gradients: null };
    const strengths = step.runs.map((run) => run.parameters);
    const own = this.penalty
      ? withPenalty(gradient, { output, x, targets }, this.penalty, this.penaltyWeights(step.runs))
      : gradient;
    const gradients = adjustGradients(net, parameters, backward(net, parameters, traces, own), strengths);
    return { losses, gradients: [...gradients], computed: running };
  }

  lbfgsSteps(run: PackRun, { lbfgsSteps, epochs }: MlpParameters): number {
    if (lbfgsSteps > epochs) throw new RangeError(`lbfgsSteps (${lbfgsSteps}) is more than the ${epochs} epochs.`);
    const [issue] = lbfgsSteps > 0 ? checkMinimization(run.parameters) : [];
    if (issue) throw new UntrainableError(`${issue.path} ${issue.message}.`, issue.path);
    return lbfgsSteps;
  }

  penaltyValues(parameters: NetworkArrays, runs: readonly SampleRun<MlpParameters>[]): tf.Tensor1D {
    return penaltyValues(
      this.net,
      parameters,
      runs.map((run) => run.parameters),
    );
  }

  afterStep(trained: readonly tf.Tensor[], { given }: SampleStep<MlpParameters>): readonly tf.Tensor[] {
    return given["shrinkage"] ? shrinkWeights(this.net, trained, given["shrinkage"]) : trained;
  }

  /** Where a step is a forward pass, a backward pass and the optimizer, and nothing else, and there is a kernel of a whole epoch. */
  epochAtOnce(
    { runs, optimizer, batchSize, tensors, data, order }: SampleEpoch<MlpParameters>,
    table: () => tf.Tensor2D,
  ): TrainedEpoch | null {
    const { activations, loss, normalized, shape } = this.net;
    const plain = runs.every(({ parameters: { dropout, inputDropout, l1, l2, proximalL1, clipNorm, clipValue } }) =>
      [dropout, inputDropout, l1, l2, proximalL1, clipNorm, clipValue].every((strength) => strength === 0),
    );
    const penalized = this.penaltyWeights(runs).some((weight) => weight > 0);
    if (!hasKernels() || stepsOnGpu() || normalized || penalized || !plain || typeof loss !== "string") return null;
    if (activations.some((name) => isShaped(name, shape))) return null;
    const hyper = table();
    const rows = tf.tensor2d(order.values, [runs.length, order.shape[1] ?? 0], "int32");
    const trained = trainDenseEpoch({ activations, loss, optimizer, batchSize }, tensors, data, rows, hyper);
    tf.dispose([hyper, rows]);
    return trained;
  }

  async judge({ run, tensors, weights, lossOn }: KeptNetwork<MlpParameters>): Promise<Judgement> {
    const { problem, resources, net, fold } = this;
    const { seed, parameters: given } = run.run;
    const held = fold && splitOf(seed, this.data.samples, fold).validation;
    const inputs = held ? this.rowsOf("inputs", held) : problem.evaluationInputs(given, resources);
    const predictions = await predict(net, tensors, inputs);
    const broken = firstNotFinite(predictions);
    if (broken !== undefined) return { broken: "predictions", value: broken };
    if (held) {
      const score = problem.score ? problem.score(given, predictions, this.rowsOf("targets", held)) : await lossOn(held);
      return { metrics: { score }, artifacts: [] };
    }
    const trained = inspectNetwork(net, {
      seed,
      parameters: run.parameters,
      kept: weights,
      initial: this.initial(run.run, run.parameters),
      snapshots: run.snapshots,
      lossHistory: run.lossHistory,
    });
    const metrics = {
      ...initialStatistics(trained.initialWeights),
      ...(await this.monitored(run.run, tensors)),
      ...problem.evaluate(given, predictions, resources),
      ...(await problem.examine?.(given, trained, resources)),
    };
    const plots = run.parameters.plots ? await problem.plots?.(given, trained, resources) : undefined;
    return { metrics, artifacts: plotArtifacts(this.definition, plots ?? {}) };
  }

  private async monitored({ parameters: given }: PackRun, own: NetworkArrays): Promise<Record<string, number>> {
    const { monitor } = this.problem;
    if (!monitor) return {};
    return monitor.evaluate(given, await predict(this.net, own, monitor.inputs(given, this.resources)), this.resources);
  }

  /** Of the output penalty, run by run; 0 without one. */
  private penaltyWeights(runs: readonly SampleRun<MlpParameters>[]): number[] {
    return runs.map(({ run }) => (this.penalty ? penaltyWeightOf(run) : 0));
  }

  private rowsOf(which: "inputs" | "targets", indices: Int32Array): Float32Array {
    const all = this.samples[which];
    const width = all.length / this.samples.samples;
    const out = new Float32Array(indices.length * width);
    indices.forEach((sample, i) => {
      out.set(all.subarray(sample * width, (sample + 1) * width), i * width);
    });
    return out;
  }
}

function splitOf(seed: number, samples: number, fold: Fold): Split {
  return "bootstrap" in fold ? bootstrapSplit(seed, samples, fold.index) : foldSplit(seed, samples, fold);
}

function lossesAlone(
  net: Architecture,
  parameters: NetworkArrays,
  x: tf.Tensor3D,
  targets: tf.Tensor3D,
): { losses: tf.Tensor1D; gradients: null } {
  const { output } = forward(net, parameters, x, evaluationMode);
  return { losses: networkLoss(net.loss, output, targets, false).losses, gradients: null };
}
