import type { SampleTrainingParameters } from "@basin/contracts";
import type { PackRun, PackSink, StepInput } from "@basin/engine";
import { UntrainableError, type ExperimentDefinition } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { splitArtifact } from "../split-artifact";
import type { CheckpointIdentity } from "./checkpoint";
import { observe, observeRest, type EpochLosses } from "./early-stopping";
import { optimizerEpochs } from "./lbfgs-phase";
import { PackOfRuns } from "./pack-of-runs";
import { decodeSampleRun, encodeSampleRun } from "./sample-checkpoint";
import { compileSampleStep, meanLoss, startsOf, trainEpoch, type CompiledSampleStep } from "./sample-epoch";
import type { SampleEpoch, SampleNetwork } from "./sample-network";
import { shuffleEpoch, splitSamples } from "./sample-order";
import { freshSampleRun, type SampleRun } from "./sample-run";
import {
  disposeState,
  fetchRow,
  fetchRun,
  freshHostTensors,
  keepRows,
  namedTensors,
  numbersOf,
  rowOf,
  toDevice,
  updateBest,
  type HostTensors,
  type TensorState,
} from "./tensor-state";
import { weightsArtifact } from "./weights-artifact";

/** Of runs with more epochs no loss history is kept. */
const mostFollowedEpochs = 1_000_000;

/** A pack of networks trained on samples. One step is one epoch of every run; runs may stand at different epochs. */
export class SampleProgram<P extends SampleTrainingParameters> extends PackOfRuns<SampleRun<P>> {
  private readonly identity: CheckpointIdentity;
  private readonly shared: P;
  private readonly data: SampleEpoch<P>["data"];
  /** Samples of an epoch and of a step; the same for every run. */
  private readonly trainingSamples: number;
  private readonly batchSize: number;
  private readonly compiled: CompiledSampleStep<P>;
  private tensors: TensorState;
  /** Held-out samples int32 [runs, held]; null without any. */
  private validation: tf.Tensor2D | null;

  constructor(
    definition: Pick<ExperimentDefinition, "id" | "version">,
    private readonly network: SampleNetwork<P>,
    runs: readonly PackRun[],
    sink: PackSink,
  ) {
    const { family, data, specs } = network;
    super(
      runs.map((run) => startSampleRun(network, run)),
      sink,
      "epoch",
    );
    const [first] = this.runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.shared = first.parameters;
    const { optimizer, batchSize } = this.shared;
    this.identity = {
      family,
      experiment: definition.id,
      experimentVersion: String(definition.version),
      optimizer,
      ...network.identity,
    };
    const hosts = this.runs.map((run) => this.startOrResume(run));
    this.trainingSamples = first.split.training.length;
    this.batchSize = batchSize === 0 ? this.trainingSamples : Math.min(batchSize, this.trainingSamples);
    const { leastBatch } = network;
    if (leastBatch && this.batchSize < leastBatch.samples)
      throw new UntrainableError(
        `${leastBatch.reason}, but ${this.trainingSamples === 1 ? "there is 1 sample to train on" : `batchSize is ${batchSize}`}.`,
        this.trainingSamples === 1 ? leastBatch.parameter : "batchSize",
      );
    const inputs = tf.tensor2d(data.inputs, [data.samples, data.inputWidth]);
    this.data = { inputs, targets: data.targets ? tf.tensor2d(data.targets, [data.samples, data.targetWidth]) : inputs };
    this.tensors = toDevice(hosts, specs);
    this.compiled = compileSampleStep(network);
    this.validation = this.validationOrder();
  }

  protected async train(): Promise<void> {
    const { network, compiled, shared, batchSize, runs, tensors, data } = this;
    const batches = startsOf(this.trainingSamples, batchSize).filter(({ count }) => count >= (network.leastBatch?.samples ?? 1));
    const trained = await trainEpoch(network, compiled, {
      runs,
      optimizer: shared.optimizer,
      batchSize,
      batches,
      tensors,
      data,
      order: this.epochOrder(),
    });
    this.tensors = trained.state;
    const held = this.validation ? await meanLoss(network, this.tensors.parameters, data, this.validation) : null;
    await this.endEpoch(trained.losses, held);
  }

  protected checkpointOf(run: SampleRun<P>, row: number): Promise<Uint8Array> {
    return fetchRun(this.tensors, row).then((own) => encodeSampleRun(this.identity, this.network.specs, run, own));
  }

  protected override keepRows(rows: readonly number[]): void {
    this.tensors = keepRows(this.tensors, rows);
    this.validation?.dispose();
    this.validation = this.validationOrder();
  }

  protected override disposeTensors(): void {
    this.compiled.dispose();
    disposeState(this.tensors);
    tf.dispose(this.data.targets === this.data.inputs ? [this.data.inputs] : [this.data.inputs, this.data.targets]);
    this.validation?.dispose();
  }

  private startOrResume(run: SampleRun<P>): HostTensors {
    const { network, shared, identity } = this;
    const values = network.initial(run.run, run.parameters);
    const fresh = freshHostTensors(values, shared.optimizer, shared.restoreBestWeights, network.trained);
    if (run.run.checkpoint) return decodeSampleRun(run.run.checkpoint, identity, network.specs, run, fresh);
    if (network.following?.snapshotEpochs.has(0)) run.snapshots = [{ epoch: 0, values }];
    return fresh;
  }

  /** Every run's training samples in the order of its next epoch: shuffled, unless one batch takes them all or the data's order is wanted. */
  private epochOrder(): StepInput {
    const samples = this.trainingSamples;
    const order = new Int32Array(this.runs.length * samples);
    this.runs.forEach(({ run, step, split }, row) => {
      const out = order.subarray(row * samples, (row + 1) * samples);
      if (this.batchSize === samples || this.network.keepsOrder) out.set(split.training);
      else shuffleEpoch(run.seed, step + 1, split.training, out);
    });
    return { shape: [this.runs.length, samples], values: order };
  }

  private validationOrder(): tf.Tensor2D | null {
    const held = this.runs[0]?.split.validation.length ?? 0;
    if (held === 0) return null;
    const order = new Int32Array(this.runs.length * held);
    this.runs.forEach(({ split }, row) => {
      order.set(split.validation, row * held);
    });
    return tf.tensor2d(order, [this.runs.length, held], "int32");
  }

  private async endEpoch(training: Float64Array, held: Float64Array | null): Promise<void> {
    const verdicts = this.runs.map((run, row) => {
      run.step += 1;
      run.losses = { training: training[row] ?? Number.NaN, validation: held?.[row] ?? Number.NaN };
      const seen = observe(run.watch, run.losses.validation, run.parameters);
      run.watch = seen.watch;
      const { rest, stop } = observeRest(run.rest, run.losses.training, run.parameters);
      run.rest = rest;
      for (const [name, value] of Object.entries(this.lossMetrics(run.losses))) this.report(run, name, value);
      return { isLowest: seen.isLowest, stop: seen.stop || stop };
    });
    this.tensors = updateBest(
      this.tensors,
      verdicts.map(({ isLowest }) => isLowest),
    );
    for (const [row, run] of this.runs.entries()) {
      if (!run.left) await this.follow(run, row);
      if (run.left) continue;
      // A trial of L-BFGS may be anywhere; it goes back from there.
      if (!Number.isFinite(run.losses.training) && run.lbfgs === null) this.endDiverged(run, "loss", run.losses.training);
      else if (run.step >= run.parameters.epochs || verdicts[row]?.stop || this.isLowEnough(run)) await this.finish(run, row);
    }
  }

  private isLowEnough({ losses, lbfgs }: SampleRun<P>): boolean {
    const { stopAtLoss = 0 } = this.network;
    return lbfgs === null && stopAtLoss > 0 && losses.training <= stopAtLoss;
  }

  private endDiverged(run: SampleRun<P>, what: string, value: number, losses = run.losses): void {
    this.diverge(run, what, value, this.lossMetrics(losses));
  }

  /** Keeps and reports what the network's problem wants of this epoch. */
  private async follow(run: SampleRun<P>, row: number): Promise<void> {
    const { following } = this.network;
    if (!following) return;
    if (following.lossHistory && run.parameters.epochs <= mostFollowedEpochs) run.lossHistory.push(run.losses.training);
    if (following.snapshotEpochs.has(run.step))
      run.snapshots = [...run.snapshots, { epoch: run.step, values: await fetchRow(this.tensors.parameters, row) }];
    if (!following.monitor) return;
    const own = rowOf(this.tensors.parameters, row);
    const figures = await following.monitor(run, own).finally(() => {
      tf.dispose(own);
    });
    for (const [name, value] of Object.entries(figures)) this.report(run, name, value);
  }

  /** Judges the network that is saved: the last, or the best. */
  private async finish(run: SampleRun<P>, row: number): Promise<void> {
    const { best, parameters } = this.tensors;
    const useBest = best !== null && Number.isFinite(run.watch.lowest);
    const tensors = rowOf(useBest ? best : parameters, row);
    const lossOn = (samples: Int32Array): Promise<number> => this.lossOn(tensors, samples);
    try {
      const losses = {
        training: await lossOn(run.split.training),
        validation: useBest ? run.watch.lowest : run.losses.validation,
      };
      if (!Number.isFinite(losses.training)) {
        this.endDiverged(run, "loss", losses.training, losses);
        return;
      }
      const weights = await fetchRow(tensors, 0);
      const judgement = await this.network.judge({ run, tensors, weights, lossOn });
      if ("broken" in judgement) {
        this.endDiverged(run, judgement.broken, judgement.value, losses);
        return;
      }
      const { rows, specs, weightsMetadata } = this.network;
      const split = rows ? [splitArtifact(rows, run.split.validation)] : [];
      const metadata = { ...(weightsMetadata ?? this.identity), seed: String(run.run.seed), epoch: String(run.step) };
      this.end(run, {
        outcome: "succeeded",
        metrics: {
          ...this.lossMetrics(losses),
          weightCount: numbersOf(this.network.specs.slice(0, this.network.trained)),
          ...judgement.metrics,
        },
        reason: null,
        artifacts: [weightsArtifact(metadata, namedTensors("", specs, weights)), ...split, ...judgement.artifacts],
      });
    } finally {
      tf.dispose(tensors);
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

  /** The family's own metrics, as series and as final figures. */
  private lossMetrics({ training, validation }: EpochLosses): Record<string, number> {
    return this.validation ? { loss: training, validationLoss: validation } : { loss: training };
  }
}

function startSampleRun<P extends SampleTrainingParameters>(network: SampleNetwork<P>, run: PackRun): SampleRun<P> {
  const parameters = network.parametersOf(run);
  const training = network.trainingSamples?.(run.seed);
  const split = training
    ? { training, validation: new Int32Array(0) }
    : splitSamples(run.seed, network.data.samples, parameters.validationFraction);
  const lbfgsSteps = network.lbfgsSteps?.(run, parameters) ?? 0;
  return freshSampleRun(run, parameters, split, optimizerEpochs({ epochs: parameters.epochs, lbfgsSteps }));
}
