import { SampleTrainingParameters } from "@basin/contracts";
import { writeSafetensors, type PackProgram, type PackRun, type PackSink, type ProgramArtifact } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { splitArtifact } from "../split-artifact";
import { observe, type EpochLosses } from "../mlp/early-stopping";
import { shuffleEpoch, splitSamples } from "../mlp/sample-order";
import { decodeCheckpoint, encodeCheckpoint, namedTensors, type CheckpointIdentity } from "./checkpoint";
import { freshRunState, type RunState } from "./run-state";
import type { SampleNetwork } from "./sample-network";
import { meanLoss, trainEpoch, type DeviceData } from "./sample-training";
import {
  disposeState,
  fetchRow,
  fetchRun,
  freshHostTensors,
  keepRows,
  rowOf,
  toDevice,
  updateBest,
  type TensorState,
} from "./tensor-state";

/** A pack of networks trained on samples. One `advance` is one epoch of every run; runs may stand at different epochs. */
export class SampleProgram implements PackProgram {
  private readonly identity: CheckpointIdentity;
  private readonly shared: SampleTrainingParameters;
  private readonly data: DeviceData;
  /** Samples of an epoch and of a step; the same for every run. */
  private readonly trainingSamples: number;
  private readonly batchSize: number;
  /** Row r of every tensor belongs to states[r]. */
  private states: RunState[];
  private tensors: TensorState;
  /** Held-out samples int32 [runs, held]; null without any. */
  private validation: tf.Tensor2D | null;
  private disposed = false;

  constructor(
    definition: ExperimentDefinition,
    private readonly network: SampleNetwork,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
  ) {
    const [first] = runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.shared = trainingParametersOf(first);
    const { family, description, data } = network;
    const { optimizer, batchSize } = this.shared;
    this.identity = {
      family,
      experiment: definition.id,
      experimentVersion: String(definition.version),
      optimizer,
      network: description,
    };
    this.states = runs.map((run) => {
      const parameters = trainingParametersOf(run);
      return freshRunState(run, parameters, splitSamples(run.seed, data.samples, parameters.validationFraction));
    });
    const hosts = this.states.map((state) => {
      const fresh = freshHostTensors(network.initial(state.run), optimizer, this.shared.restoreBestWeights);
      const { checkpoint } = state.run;
      return checkpoint ? decodeCheckpoint(checkpoint, this.identity, network.specs, state, fresh) : fresh;
    });
    this.trainingSamples = this.states[0]?.split.training.length ?? 0;
    this.batchSize = batchSize === 0 ? this.trainingSamples : Math.min(batchSize, this.trainingSamples);
    const inputs = tf.tensor2d(data.inputs, [data.samples, data.inputWidth]);
    this.data = { inputs, targets: data.targets ? tf.tensor2d(data.targets, [data.samples, data.targetWidth]) : inputs };
    this.tensors = toDevice(hosts, network.specs);
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
    const order = this.epochOrder();
    try {
      const { network, shared, batchSize, states, data } = this;
      const trained = await trainEpoch(network, shared.optimizer, batchSize, states, this.tensors, data, order);
      this.tensors = trained.state;
      const held = this.validation ? await meanLoss(network, this.tensors.parameters, data, this.validation) : null;
      await this.endEpoch(trained.losses, held);
    } finally {
      order.dispose();
    }
    this.compact();
    return this.states.length > 0;
  }

  checkpoint(run: number): Promise<Uint8Array> {
    const state = this.stateOf(run);
    const { identity, network } = this;
    return fetchRun(this.tensors, this.states.indexOf(state)).then((own) =>
      encodeCheckpoint(identity, network.specs, state, own),
    );
  }

  drop(run: number): void {
    this.stateOf(run).left = true;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.states = [];
    disposeState(this.tensors);
    tf.dispose(this.data.targets === this.data.inputs ? [this.data.inputs] : [this.data.inputs, this.data.targets]);
    this.validation?.dispose();
  }

  private stateOf(run: number): RunState {
    const state = this.states.find((one) => one.run.index === run && !one.left);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  /** Every run's training samples in the order of its next epoch: shuffled, unless one batch takes them all. */
  private epochOrder(): tf.Tensor2D {
    const samples = this.trainingSamples;
    const order = new Int32Array(this.states.length * samples);
    this.states.forEach(({ run, epoch, split }, row) => {
      const out = order.subarray(row * samples, (row + 1) * samples);
      if (this.batchSize === samples) out.set(split.training);
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
      if (!Number.isFinite(losses.training)) {
        this.diverge(state, "loss", losses.training, losses);
        return;
      }
      const judgement = await this.network.judge(state.run, own);
      if ("broken" in judgement) {
        this.diverge(state, "outputs", judgement.broken, losses);
        return;
      }
      const weights = await fetchRow(own, 0);
      const { rows } = this.network;
      const split = rows ? [splitArtifact(rows, state.split.validation)] : [];
      state.left = true;
      this.sink.finished(state.run.index, {
        outcome: "succeeded",
        metrics: { ...this.lossMetrics(losses), ...judgement.metrics },
        reason: null,
        artifacts: [this.weightsArtifact(state, weights), ...split, ...judgement.artifacts],
      });
    } finally {
      tf.dispose(own);
    }
  }

  /** The mean loss of one run's tensors [1, …] on the given samples. */
  private async lossOn(own: readonly tf.Tensor[], samples: Int32Array): Promise<number> {
    const order = tf.tensor2d(samples, [1, samples.length], "int32");
    const [loss = Number.NaN] = await meanLoss(this.network, own, this.data, order).finally(() => {
      order.dispose();
    });
    return loss;
  }

  private lossMetrics({ training, validation }: EpochLosses): Record<string, number> {
    return this.validation ? { loss: training, validationLoss: validation } : { loss: training };
  }

  private weightsArtifact(state: RunState, parameters: readonly Float32Array[]): ProgramArtifact {
    const metadata = { ...this.identity, seed: String(state.run.seed), epoch: String(state.epoch) };
    return {
      name: "weights.safetensors",
      kind: "weights",
      mediaType: "application/octet-stream",
      content: writeSafetensors({ metadata, tensors: namedTensors("", this.network.specs, parameters) }),
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

/** The parameters of sample training out of a run's configuration, which also holds others. Throws ZodError. */
function trainingParametersOf(run: PackRun): SampleTrainingParameters {
  const own = Object.entries(run.parameters).filter(([name]) => name in SampleTrainingParameters.shape);
  return SampleTrainingParameters.parse(Object.fromEntries(own));
}
