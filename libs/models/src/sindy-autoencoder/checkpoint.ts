import { latentMetrics } from "@basin/problems";
import { openCheckpoint, stateTensors, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import type { HostTensors, TensorSpec } from "../training/tensor-state";
import type { LawRun } from "./law-run";

const format = { format: "basin.sindy-autoencoder.checkpoint", version: "3" };

/** Bytes from which `decodeLawRun` continues the run bit by bit: networks, Ξ, moments, mask, history, losses, counters. */
export function encodeLawRun(
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  one: LawRun,
  tensors: HostTensors,
): Uint8Array {
  const counters = {
    block: one.step,
    steps: one.optimizerSteps,
    power1: one.powers[0],
    power2: one.powers[1],
    coefficientPower1: one.coefficients.powers[0],
    coefficientPower2: one.coefficients.powers[1],
  };
  return writeCheckpoint(
    { ...format, ...identity, seed: String(one.run.seed) },
    {
      counters,
      tensors: {
        history: table(one.history.map(({ block, coefficients }) => [block, ...Array.from(coefficients)])),
        losses: table(one.losses.map(({ block, values }) => [block, ...values])),
        pruned: { shape: [one.pruned.length], values: Int32Array.from(one.pruned) },
        mask: { shape: [one.mask.length], values: one.mask },
        ...stateTensors(specs, tensors),
      },
    },
  );
}

/** Fills in `one` and returns its tensors. Throws RangeError, naming what differs, when the bytes belong to another run or version. */
export function decodeLawRun(
  bytes: Uint8Array,
  identity: CheckpointIdentity,
  specs: readonly TensorSpec[],
  one: LawRun,
  like: HostTensors,
): HostTensors {
  const checkpoint = openCheckpoint(bytes, { ...format, ...identity, seed: String(one.run.seed) });
  const { counter, values } = checkpoint;
  one.step = counter("block");
  one.optimizerSteps = counter("steps");
  one.powers = [counter("power1"), counter("power2")];
  one.coefficients.powers = [counter("coefficientPower1"), counter("coefficientPower2")];
  one.mask = Float32Array.from(values("mask", one.mask.length));
  one.pruned = Array.from(values("pruned"));
  one.history = rowsOf(values("history"), one.mask.length).map(({ block, rest }) => ({
    block,
    coefficients: Float64Array.from(rest),
  }));
  one.losses = rowsOf(values("losses"), latentMetrics.length).map(({ block, rest }) => ({ block, values: rest }));
  return checkpoint.state(specs, like);
}

function table(rows: readonly number[][]): { shape: number[]; values: Float64Array } {
  return { shape: [rows.length, rows[0]?.length ?? 0], values: Float64Array.from(rows.flat()) };
}

/** Rows of a block and `width` further numbers. */
function rowsOf(values: ArrayLike<number>, width: number): { block: number; rest: number[] }[] {
  const all = Array.from(values);
  return Array.from({ length: all.length / (1 + width) }, (_, i) => {
    const [block = 0, ...rest] = all.slice(i * (1 + width), (i + 1) * (1 + width));
    return { block, rest };
  });
}
