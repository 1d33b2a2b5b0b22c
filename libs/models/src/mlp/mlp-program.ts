import type { MlpParameters } from "@basin/contracts";
import { writeSafetensors, type PackProgram, type PackRun, type PackSink, type ProgramArtifact } from "@basin/engine";
import type { ExperimentDefinition, SupervisedProblem } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { decodeCheckpoint, encodeCheckpoint, namedLayers, type CheckpointIdentity } from "./checkpoint";
import { observe } from "./early-stopping";
import { initialLayer } from "./initialization";
import { freshRunState, nextHyper, type RunState } from "./run-state";
import { shuffleEpoch, splitSamples } from "./sample-order";
import { layerWidths, mlpParametersOf, outputStageOf, type OutputStage } from "./settings";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  parameterShapes,
  readRun,
  toDevice,
  updateBest,
  type HostTensors,
  type TensorState,
} from "./tensor-state";
import { meanLoss, predict, trainEpoch, type DeviceData, type Setting } from "./trainer";

/** A pack of multilayer perceptrons. One `advance` is one epoch of every run; runs may stand at different epochs. */
export class MlpProgram implements PackProgram {
  private readonly problem: SupervisedProblem;
  private readonly shared: MlpParameters;
  private readonly stage: OutputStage;
  private readonly setting: Setting;
  private readonly identity: CheckpointIdentity;
  private readonly data: DeviceData;
  /** Samples of an epoch; the same for every run. */
  private readonly trainingSamples: number;
  /** Row r of every tensor belongs to states[r]. */
  private states: RunState[];
  private tensors: TensorState;
  /** Held-out samples int32 [runs, held]; null without any. */
  private validation: tf.Tensor2D | null;
  private disposed = false;

  constructor(
    definition: ExperimentDefinition,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
  ) {
    const { problem } = definition;
    const [first] = runs;
    if (problem.kind !== "supervised")
      throw new TypeError(`The experiment "${definition.id}" has no labelled samples to train an mlp on.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    this.shared = mlpParametersOf(first);
    this.stage = outputStageOf(problem);
    const widths = layerWidths(problem, this.shared);
    this.identity = {
      experiment: definition.id,
      experimentVersion: definition.version,
      optimizer: this.shared.optimizer,
      widths,
    };
    const { samples, inputs, targets } = problem.data(first.parameters);
    const hosts: HostTensors[] = [];
    this.states = runs.map((run) => {
      const parameters = mlpParametersOf(run);
      const state = freshRunState(run, parameters, splitSamples(run.seed, samples, parameters.validationFraction));
      hosts.push(this.startOrResume(state, widths));
      return state;
    });
    this.trainingSamples = this.states[0]?.split.training.length ?? 0;
    const { activation, optimizer, batchSize } = this.shared;
    this.setting = {
      hidden: activation,
      last: this.stage.training,
      loss: this.stage.loss,
      optimizer,
      batchSize: batchSize === 0 ? this.trainingSamples : Math.min(batchSize, this.trainingSamples),
    };
    this.data = {
      inputs: tf.tensor2d(inputs, [samples, problem.inputWidth]),
      targets: tf.tensor2d(targets, [samples, problem.outputWidth]),
    };
    this.tensors = toDevice(hosts, parameterShapes(widths));
    this.validation = this.validationOrder();
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
    const states = this.states;
    const order = this.epochOrder();
    try {
      const trained = await trainEpoch(this.setting, this.tensors, this.data, order, () => nextHyper(states));
      this.tensors = trained.state;
      const held = this.validation ? await meanLoss(this.setting, this.tensors.parameters, this.data, this.validation) : null;
      this.endEpoch(trained.losses, held);
    } finally {
      order.dispose();
    }
    this.compact();
    return this.states.length > 0;
  }

  checkpoint(run: number): Uint8Array {
    const state = this.stateOf(run);
    return encodeCheckpoint(this.identity, state, readRun(this.tensors, this.states.indexOf(state)));
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

  private startOrResume(state: RunState, widths: readonly number[]): HostTensors {
    const { initialization, initializationGain, optimizer, restoreBestWeights } = state.parameters;
    const layers = widths
      .slice(1)
      .map((width, layer) => initialLayer(initialization, initializationGain, state.run.seed, layer, widths[layer] ?? 0, width));
    const fresh = freshHostTensors(layers, optimizer, restoreBestWeights);
    return state.run.checkpoint ? decodeCheckpoint(state.run.checkpoint, this.identity, state, fresh) : fresh;
  }

  /** Every run's training samples in the order of its next epoch: shuffled, unless one batch takes them all. */
  private epochOrder(): tf.Tensor2D {
    const samples = this.trainingSamples;
    const order = new Int32Array(this.states.length * samples);
    this.states.forEach(({ run, epoch, split }, row) => {
      const out = order.subarray(row * samples, (row + 1) * samples);
      if (this.setting.batchSize === samples) out.set(split.training);
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

  private endEpoch(training: Float64Array, held: Float64Array | null): void {
    const verdicts = this.states.map((state, row) => {
      state.epoch += 1;
      state.losses = { training: training[row] ?? Number.NaN, validation: held?.[row] ?? Number.NaN };
      const seen = observe(state.watch, state.losses, state.parameters);
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
    this.states.forEach((state, row) => {
      if (state.left) return;
      if (!Number.isFinite(state.losses.training)) this.diverge(state, "loss", state.losses.training);
      else if (state.epoch >= state.parameters.epochs || verdicts[row]?.stop) this.finish(state, row);
    });
  }

  private diverge(state: RunState, what: string, value: number): void {
    state.left = true;
    const reason = `${what} became ${value} at epoch ${state.epoch}`;
    this.sink.finished(state.run.index, { outcome: "diverged", metrics: this.lossMetrics(state.losses), reason, artifacts: [] });
  }

  private finish(state: RunState, row: number): void {
    const { best, parameters } = this.tensors;
    const useBest = best !== null && Number.isFinite(state.watch.lowest.validation);
    const kept = useBest ? best : parameters;
    const { activation } = this.shared;
    const { predicting, softmax } = this.stage;
    const inputs = this.problem.evaluationInputs(state.run.parameters);
    const predictions = predict(kept, row, activation, predicting, softmax, inputs);
    const broken = predictions.find((value) => !Number.isFinite(value));
    if (broken !== undefined) {
      this.diverge(state, "predictions", broken);
      return;
    }
    state.left = true;
    this.sink.finished(state.run.index, {
      outcome: "succeeded",
      metrics: {
        ...this.lossMetrics(useBest ? state.watch.lowest : state.losses),
        ...this.problem.evaluate(state.run.parameters, predictions),
      },
      reason: null,
      artifacts: [this.weightsArtifact(state, readRun({ parameters: kept, slots: [], best: null }, row).parameters)],
    });
  }

  private lossMetrics({ training, validation }: { training: number; validation: number }): Record<string, number> {
    return this.validation ? { loss: training, validationLoss: validation } : { loss: training };
  }

  private weightsArtifact(state: RunState, parameters: readonly Float32Array[]): ProgramArtifact {
    const { outputActivation, loss } = this.problem;
    const metadata = {
      experiment: this.identity.experiment,
      experimentVersion: String(this.identity.experimentVersion),
      family: "mlp",
      widths: this.identity.widths.join(","),
      activation: this.shared.activation,
      outputActivation,
      loss,
      seed: String(state.run.seed),
      epoch: String(state.epoch),
    };
    return {
      name: "weights.safetensors",
      kind: "weights",
      mediaType: "application/octet-stream",
      content: writeSafetensors({ metadata, tensors: namedLayers("", parameters, this.identity.widths) }),
    };
  }

  /** Removes the rows of runs that left. */
  private compact(): void {
    const rows = this.states.flatMap((state, row) => (state.left ? [] : [row]));
    if (rows.length === this.states.length) return;
    this.states = this.states.filter((state) => !state.left);
    if (this.states.length === 0) return;
    this.tensors = keepRows(this.tensors, rows);
    this.validation?.dispose();
    this.validation = this.validationOrder();
  }
}
