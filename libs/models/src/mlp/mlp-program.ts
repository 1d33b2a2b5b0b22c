import type { MlpParameters } from "@basin/contracts";
import {
  writeSafetensors,
  type PackProgram,
  type PackResources,
  type PackRun,
  type PackSink,
  type ProgramArtifact,
} from "@basin/engine";
import { firstNotFinite } from "@basin/numerics";
import { UntrainableError, type ExperimentDefinition, type SupervisedData, type SupervisedProblem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { plotArtifacts } from "../plot-artifacts";
import { splitArtifact } from "../split-artifact";
import { architectureOf, type Architecture } from "./architecture";
import { decodeCheckpoint, encodeCheckpoint, namedArrays, type CheckpointIdentity } from "./checkpoint";
import { observe, type EpochLosses } from "./early-stopping";
import { initialStatistics, initialValues } from "./initial-values";
import { inspectNetwork } from "./inspected-network";
import type { Parameters } from "./network";
import { freshRunState, type RunState } from "./run-state";
import { foldSplit, shuffleEpoch, splitSamples } from "./sample-order";
import { mlpParametersOf } from "./settings";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  readRun,
  toDevice,
  updateBest,
  type HostTensors,
  type TensorState,
} from "./tensor-state";
import { meanLoss, predict, trainEpoch, type DeviceData, type Setting } from "./trainer";

/** One of the networks of cross-validation: trained without the samples of fold `index` (from 0), and judged by them alone. */
export interface Fold {
  index: number;
  folds: number;
}

/** Stands in weights files; raised when the same arrays would predict other numbers. Files without one mean `gelu-tanh` by "gelu". */
const familyVersion = "2";

/** Weights that a problem may keep for its plots. */
const mostSnapshots = 16;
/** Of runs with more epochs no loss history is kept. */
const mostFollowedEpochs = 1_000_000;

/** A pack of multilayer perceptrons. One `advance` is one epoch of every run; runs may stand at different epochs. */
export class MlpProgram implements PackProgram {
  private readonly problem: SupervisedProblem;
  private readonly shared: MlpParameters;
  private readonly net: Architecture;
  private readonly setting: Setting;
  private readonly identity: CheckpointIdentity;
  private readonly samples: SupervisedData;
  private readonly data: DeviceData;
  /** Samples of an epoch; the same for every run. */
  private readonly trainingSamples: number;
  private readonly snapshotEpochs: ReadonlySet<number>;
  /** Row r of every tensor belongs to states[r]. */
  private states: RunState[];
  private tensors: TensorState;
  /** Held-out samples int32 [runs, held]; null without any. */
  private validation: tf.Tensor2D | null;
  private disposed = false;

  /** With a fold, the only final figure is `score`, on that fold, and there are no artifacts. */
  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
    private readonly resources: PackResources,
    private readonly fold: Fold | null,
  ) {
    const { problem } = definition;
    const [first] = runs;
    if (problem.kind !== "supervised")
      throw new TypeError(`The experiment "${definition.id}" has no labelled samples to train an mlp on.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    this.shared = mlpParametersOf(first);
    this.net = architectureOf(problem, problem.widths?.(first.parameters, resources) ?? problem, this.shared);
    const { widths, specs } = this.net;
    const { optimizer, batchSize } = this.shared;
    this.identity = { experiment: definition.id, experimentVersion: definition.version, optimizer, widths, specs };
    this.snapshotEpochs = new Set((fold ? [] : (problem.snapshotEpochs?.(first.parameters) ?? [])).slice(0, mostSnapshots));
    this.samples = problem.data(first.parameters, resources);
    const { samples, inputs, targets } = this.samples;
    const hosts: HostTensors[] = [];
    this.states = runs.map((run) => {
      const parameters = mlpParametersOf(run);
      const split = fold ? foldSplit(run.seed, samples, fold) : splitSamples(run.seed, samples, parameters.validationFraction);
      const state = freshRunState(run, parameters, split);
      hosts.push(this.startOrResume(state));
      return state;
    });
    this.trainingSamples = this.states[0]?.split.training.length ?? 0;
    const full = batchSize === 0 || batchSize >= this.trainingSamples;
    this.setting = {
      net: this.net,
      optimizer,
      batchSize: full ? this.trainingSamples : batchSize,
      leastBatch: this.net.normalized && this.net.widths.length > 2 ? 2 : 1,
    };
    if (this.setting.batchSize < this.setting.leastBatch)
      throw new UntrainableError(
        `Batch normalization needs batches of at least 2 samples, as one sample has no variance, but ${this.trainingSamples === 1 ? "there is 1 sample to train on" : `batchSize is ${batchSize}`}.`,
        this.trainingSamples === 1 ? "batchNormalization" : "batchSize",
      );
    this.data = {
      inputs: tf.tensor2d(inputs, [samples, widths[0] ?? 0]),
      targets: tf.tensor2d(targets, [samples, widths.at(-1) ?? 0]),
    };
    this.tensors = toDevice(hosts, specs);
    this.validation = fold ? null : this.validationOrder();
  }

  active(): readonly number[] {
    return this.states.filter((state) => !state.left).map((state) => state.run.index);
  }

  step(run: number): number {
    return this.stateOf(run).epoch;
  }

  async advance(): Promise<boolean> {
    this.compact();
    if (this.states.length === 0) return false;
    const order = this.epochOrder();
    try {
      const trained = await trainEpoch(this.setting, this.states, this.tensors, this.data, order);
      this.tensors = trained.state;
      const held = this.validation ? await meanLoss(this.net, this.tensors.parameters, this.data, this.validation) : null;
      await this.endEpoch(trained.losses, held);
    } finally {
      order.dispose();
    }
    this.compact();
    return this.states.length > 0;
  }

  checkpoint(run: number): Promise<Uint8Array> {
    const state = this.stateOf(run);
    const read = readRun(this.tensors, this.states.indexOf(state));
    return read.then((tensors) => encodeCheckpoint(this.identity, state, tensors));
  }

  drop(run: number): void {
    this.stateOf(run).left = true;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.states = [];
    disposeState(this.tensors);
    tf.dispose([this.data.inputs, this.data.targets]);
    this.validation?.dispose();
  }

  private stateOf(run: number): RunState {
    const state = this.states.find((one) => one.run.index === run && !one.left);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  private startOrResume(state: RunState): HostTensors {
    const { optimizer, restoreBestWeights } = state.parameters;
    const values = this.initialValuesOf(state);
    const fresh = freshHostTensors(values, this.net.trained, optimizer, restoreBestWeights);
    if (state.run.checkpoint) return decodeCheckpoint(state.run.checkpoint, this.identity, state, fresh);
    if (this.snapshotEpochs.has(0)) state.snapshots = [{ epoch: 0, values }];
    return fresh;
  }

  private initialValuesOf({ run, parameters }: RunState): Float32Array[] {
    return initialValues(this.net, this.problem, parameters, run);
  }

  /** Every run's training samples in the order of its next epoch: shuffled, unless one batch takes them all or the data's order is wanted. */
  private epochOrder(): tf.Tensor2D {
    const samples = this.trainingSamples;
    const order = new Int32Array(this.states.length * samples);
    this.states.forEach(({ run, epoch, split }, row) => {
      const out = order.subarray(row * samples, (row + 1) * samples);
      if (this.setting.batchSize === samples || !this.shared.shuffle) out.set(split.training);
      else shuffleEpoch(run.seed, epoch + 1, split.training, out);
    });
    return tf.tensor2d(order, [this.states.length, samples], "int32");
  }

  private validationOrder(): tf.Tensor2D | null {
    const held = this.states[0]?.split.validation.length ?? 0;
    if (held === 0) return null;
    const order = new Int32Array(this.states.length * held);
    this.states.forEach(({ split }, row) => order.set(split.validation, row * held));
    return tf.tensor2d(order, [this.states.length, held], "int32");
  }

  private async endEpoch(training: Float64Array, held: Float64Array | null): Promise<void> {
    const verdicts = this.states.map((state, row) => {
      state.epoch += 1;
      state.losses = { training: training[row] ?? Number.NaN, validation: held?.[row] ?? Number.NaN };
      const seen = observe(state.watch, state.losses.validation, state.parameters);
      state.watch = seen.watch;
      if (!state.left) {
        this.sink.metric(state.run.index, "loss", state.epoch, state.losses.training);
        if (held) this.sink.metric(state.run.index, "validationLoss", state.epoch, state.losses.validation);
      }
      return seen;
    });
    this.tensors = updateBest(
      this.tensors,
      verdicts.map(({ isLowest }) => isLowest),
    );
    for (const [row, state] of this.states.entries()) {
      if (!state.left) await this.followRun(state, row);
      if (state.left) continue;
      if (!Number.isFinite(state.losses.training)) this.diverge(state, "loss", state.losses.training);
      else if (state.epoch >= state.parameters.epochs || verdicts[row]?.stop) await this.finish(state, row);
    }
  }

  private diverge(state: RunState, what: string, value: number, losses = state.losses): void {
    state.left = true;
    const reason = `${what} became ${value} at epoch ${state.epoch}`;
    this.sink.finished(state.run.index, { outcome: "diverged", metrics: this.lossMetrics(losses), reason, artifacts: [] });
  }

  /** Keeps a snapshot and reports the problem's series, where it wants either. */
  private async followRun(state: RunState, row: number): Promise<void> {
    if (this.fold) return;
    const { monitor, followsLoss } = this.problem;
    if (followsLoss && state.parameters.epochs <= mostFollowedEpochs) state.lossHistory.push(state.losses.training);
    if (this.snapshotEpochs.has(state.epoch)) {
      const { parameters } = await readRun({ parameters: this.tensors.parameters, slots: [], best: null }, row);
      state.snapshots = [...state.snapshots, { epoch: state.epoch, values: parameters }];
    }
    if (!monitor) return;
    const own = rowOf(this.tensors.parameters, row);
    const figures = await this.monitored(state, own).finally(() => {
      tf.dispose(own);
    });
    if (state.left) return;
    for (const [name, value] of Object.entries(figures)) this.sink.metric(state.run.index, name, state.epoch, value);
  }

  /** Figures of one run's arrays [1, rows, columns]. */
  private async monitored(state: RunState, own: Parameters): Promise<Record<string, number>> {
    const { monitor } = this.problem;
    if (!monitor) return {};
    const given = state.run.parameters;
    const predictions = await predict(this.net, own, monitor.inputs(given, this.resources));
    return monitor.evaluate(given, predictions, this.resources);
  }

  /** Judges the weights that are kept: the last, or the best. */
  private async finish(state: RunState, row: number): Promise<void> {
    const { best, parameters } = this.tensors;
    const useBest = best !== null && Number.isFinite(state.watch.lowest);
    const own = rowOf(useBest ? best : parameters, row);
    try {
      const losses = {
        training: await this.lossOn(own, state.split.training),
        validation: useBest ? state.watch.lowest : state.losses.validation,
      };
      const inputs = this.fold
        ? this.rowsOf("inputs", state.split.validation)
        : this.problem.evaluationInputs(state.run.parameters, this.resources);
      const predictions = await predict(this.net, own, inputs);
      if (hasLeft(state)) return;
      const broken = firstNotFinite(predictions);
      if (!Number.isFinite(losses.training)) this.diverge(state, "loss", losses.training, losses);
      else if (broken !== undefined) this.diverge(state, "predictions", broken, losses);
      else {
        const result = this.fold
          ? { metrics: { score: await this.scoreOf(state, own, predictions) }, artifacts: [] }
          : await this.judge(state, own, losses, predictions);
        if (hasLeft(state)) return;
        state.left = true;
        this.sink.finished(state.run.index, { outcome: "succeeded", reason: null, ...result });
      }
    } finally {
      tf.dispose(own);
    }
  }

  private async judge(
    state: RunState,
    own: Parameters,
    losses: EpochLosses,
    predictions: Float32Array,
  ): Promise<{ metrics: Record<string, number>; artifacts: ProgramArtifact[] }> {
    const { problem, resources } = this;
    const { seed, parameters: given } = state.run;
    const weights = (await readRun({ parameters: own, slots: [], best: null }, 0)).parameters;
    const initial = this.initialValuesOf(state);
    const trained = inspectNetwork(this.net, {
      seed,
      parameters: state.parameters,
      kept: weights,
      initial,
      snapshots: state.snapshots,
      lossHistory: state.lossHistory,
    });
    const metrics = {
      ...this.lossMetrics(losses),
      ...initialStatistics(trained.initialWeights),
      ...(await this.monitored(state, own)),
      ...problem.evaluate(given, predictions, resources),
      ...(await problem.examine?.(given, trained, resources)),
    };
    const plots = state.parameters.plots ? await problem.plots?.(given, trained, resources) : undefined;
    const split = problem.rows ? [splitArtifact(problem.rows, state.split.validation)] : [];
    const artifacts = [this.weightsArtifact(state, weights), ...split, ...plotArtifacts(this.definition, plots ?? {})];
    return { metrics, artifacts };
  }

  /** The problem's score on the fold, or the mean loss there. */
  private async scoreOf(state: RunState, own: Parameters, predictions: Float32Array): Promise<number> {
    const held = state.split.validation;
    if (this.problem.score) return this.problem.score(state.run.parameters, predictions, this.rowsOf("targets", held));
    return this.lossOn(own, held);
  }

  /** The mean loss of one run's arrays on the given samples. */
  private async lossOn(own: Parameters, samples: Int32Array): Promise<number> {
    const order = tf.tensor2d(samples, [1, samples.length], "int32");
    const [loss = Number.NaN] = await meanLoss(this.net, own, this.data, order).finally(() => {
      order.dispose();
    });
    return loss;
  }

  private rowsOf(which: "inputs" | "targets", indices: Int32Array): Float32Array {
    const all = this.samples[which];
    const width = all.length / this.samples.samples;
    const out = new Float32Array(indices.length * width);
    indices.forEach((sample, i) => out.set(all.subarray(sample * width, (sample + 1) * width), i * width));
    return out;
  }

  private lossMetrics({ training, validation }: EpochLosses): Record<string, number> {
    return this.validation ? { loss: training, validationLoss: validation } : { loss: training };
  }

  private weightsArtifact(state: RunState, parameters: readonly Float32Array[]): ProgramArtifact {
    const { outputActivation, loss } = this.problem;
    const metadata = {
      experiment: this.identity.experiment,
      experimentVersion: String(this.identity.experimentVersion),
      family: "mlp",
      familyVersion,
      widths: this.identity.widths.join(","),
      activation: this.shared.activation,
      activations: this.net.activations.join(","),
      outputActivation,
      loss,
      seed: String(state.run.seed),
      epoch: String(state.epoch),
    };
    return {
      name: "weights.safetensors",
      kind: "weights",
      mediaType: "application/octet-stream",
      content: writeSafetensors({ metadata, tensors: namedArrays("", parameters, this.net.specs) }),
    };
  }

  /** Removes the rows of runs that left. */
  private compact(): void {
    const rows = this.states.flatMap((state, row) => (state.left ? [] : [row]));
    if (rows.length === this.states.length) return;
    this.states = this.states.filter((state) => !state.left);
    if (this.states.length === 0) return;
    this.tensors = keepRows(this.tensors, rows);
    if (!this.validation) return;
    this.validation.dispose();
    this.validation = this.validationOrder();
  }
}

/** The arrays [1, rows, columns] of one run. The caller owns them. */
function rowOf(parameters: Parameters, row: number): tf.Tensor3D[] {
  return parameters.map((tensor) => tf.slice(tensor, [row, 0, 0], [1, -1, -1]));
}

/** Whether the run was dropped, perhaps while something was awaited. */
function hasLeft(state: RunState): boolean {
  return state.left;
}
