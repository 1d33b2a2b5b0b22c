import type { SampleTrainingParameters } from "@basin/contracts";
import { lbfgsFromRecord, lbfgsToRecord } from "@basin/numerics";
import { asTensor, openCheckpoint, stateTensors, writeCheckpoint, type CheckpointIdentity } from "./checkpoint";
import type { SampleRun } from "./sample-run";
import type { HostTensors, TensorSpec } from "./tensor-state";

const format = { format: "basin.network.checkpoint", version: "4" };

/** Bytes from which `decodeSampleRun` continues the run bit by bit. */
export function encodeSampleRun<P extends SampleTrainingParameters>(
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  { run, step, optimizerSteps, powers, watch, rest, losses, snapshots, lossHistory, lbfgs }: SampleRun<P>,
  tensors: HostTensors,
): Uint8Array {
  const counters = {
    epoch: step,
    steps: optimizerSteps,
    power1: powers[0],
    power2: powers[1],
    watchBest: watch.best,
    watchWaited: watch.waited,
    lowestValidation: watch.lowest,
    restLevel: rest.level,
    restEpochs: rest.epochs,
    lossTraining: losses.training,
    lossValidation: losses.validation,
  };
  return writeCheckpoint(
    { ...format, ...identity, seed: String(run.seed) },
    {
      counters,
      texts: { snapshots: snapshots.map(({ epoch }) => epoch).join(",") },
      tensors: {
        ...stateTensors(
          specs,
          tensors,
          snapshots.map(({ epoch, values }) => [`snapshot.${epoch}.`, values]),
        ),
        ...(lbfgs ? { lbfgs: asTensor(lbfgsToRecord(lbfgs)) } : {}),
        lossHistory: asTensor(Float64Array.from(lossHistory)),
      },
    },
  );
}

/** Fills in `run` and returns its tensors. Throws RangeError, naming what differs, when the bytes belong to another network or version. */
export function decodeSampleRun<P extends SampleTrainingParameters>(
  bytes: Uint8Array,
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  run: SampleRun<P>,
  like: HostTensors,
): HostTensors {
  const checkpoint = openCheckpoint(bytes, { ...format, ...identity, seed: String(run.run.seed) });
  const { counter } = checkpoint;
  run.step = counter("epoch");
  run.optimizerSteps = counter("steps");
  run.powers = [counter("power1"), counter("power2")];
  run.watch = { best: counter("watchBest"), waited: counter("watchWaited"), lowest: counter("lowestValidation") };
  run.rest = { level: counter("restLevel"), epochs: counter("restEpochs") };
  run.losses = { training: counter("lossTraining"), validation: counter("lossValidation") };
  const kept = checkpoint
    .text("snapshots")
    .split(",")
    .filter((text) => text !== "");
  run.snapshots = kept.map((epoch) => ({
    epoch: Number(epoch),
    values: checkpoint.floats(`snapshot.${epoch}.`, specs, like.parameters),
  }));
  // A minimization starts with the first of its steps.
  if (run.step > run.optimizerEpochs) run.lbfgs = lbfgsFromRecord(Float64Array.from(checkpoint.values("lbfgs")));
  run.lossHistory = [...checkpoint.values("lossHistory")];
  return checkpoint.state(specs, like);
}
