import { pinnActivationNames, type PinnActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { composedBackward, composedForward } from "./composed-jet";
import type { JetPairs } from "./jet";
import { backwardJet, forwardJet } from "./jet-network";

beforeAll(async () => {
  await openBackend("wasm");
});

const [runs, samples] = [3, 7];

/** Values in [−1, 1) that differ from place to place. */
function scattered(shape: [number, number, number], salt: number): tf.Tensor3D {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor3d(
    Float32Array.from({ length: size }, (_, i) => (((i + salt) * 7919) % 2003) / 1001.5 - 1),
    shape,
  );
}

/** Everything that both passes compute, null where nothing is. */
function bothPasses(
  activation: PinnActivationName,
  widths: readonly number[],
  pairs: JetPairs,
  wanted: readonly boolean[],
  wantInput: boolean,
  wholeNetwork: boolean,
): (Float32Array | null)[] {
  const values: (Float32Array | null)[] = [];
  tf.tidy(() => {
    const parameters = widths
      .slice(1)
      .flatMap((n, layer) => [scattered([runs, widths[layer] ?? 0, n], layer), scattered([runs, 1, n], 50 + layer)]);
    const jet = wanted.map((_, d) => scattered([runs, samples, widths[0] ?? 0], 100 + d));
    const gradients = (output: readonly (tf.Tensor3D | null)[]) =>
      output.map((entry, d) => entry && scattered(entry.shape, 200 + d));
    let output: readonly (tf.Tensor3D | null)[];
    let back: ReturnType<typeof backwardJet>;
    if (wholeNetwork) {
      const forward = forwardJet(activation, parameters, jet, wanted, pairs);
      expect(forward.trace).toHaveProperty("record");
      output = forward.output;
      back = backwardJet(activation, parameters, forward.trace, gradients(output), wantInput);
    } else {
      const forward = composedForward(activation, parameters, jet, wanted, pairs);
      output = forward.output;
      back = composedBackward(activation, parameters, forward.traces, gradients(output), wantInput, pairs);
    }
    for (const tensor of [...output, ...back.parameters, ...back.input])
      values.push(tensor && tensor.dataSync<"float32">().slice());
  });
  return values;
}

const one: JetPairs = [[0, 0]];
/** Two directions with all their second derivatives, and four with some. */
const plane: JetPairs = [
  [0, 0],
  [0, 1],
  [1, 1],
];
const some: JetPairs = [
  [2, 2],
  [3, 1],
];

describe.each(pinnActivationNames)("%s", (activation) => {
  it.each([
    { name: "values alone", widths: [3, 5, 2], pairs: [], wanted: [true], wantInput: true },
    {
      name: "values and rates, the rates' outputs only",
      widths: [3, 5, 6, 2],
      pairs: [],
      wanted: [false, true],
      wantInput: true,
    },
    { name: "all three", widths: [6, 13, 9, 1], pairs: one, wanted: [true, true, true], wantInput: false },
    { name: "first and last of three", widths: [1, 9, 13, 6], pairs: one, wanted: [true, false, true], wantInput: true },
    { name: "the highest of three", widths: [4, 7, 3], pairs: one, wanted: [false, false, true], wantInput: true },
    { name: "the middle one of three", widths: [4, 7, 3], pairs: one, wanted: [false, true, false], wantInput: true },
    { name: "two directions", widths: [2, 9, 5, 1], pairs: plane, wanted: [true, true, true, true, true, true], wantInput: true },
    {
      name: "the mixed one",
      widths: [2, 9, 5, 3],
      pairs: plane,
      wanted: [false, false, false, false, true, false],
      wantInput: true,
    },
    { name: "two directions, no second", widths: [2, 37, 5], pairs: [], wanted: [true, false, true], wantInput: true },
    {
      name: "four directions",
      widths: [4, 11, 6, 2],
      pairs: some,
      wanted: [true, true, false, true, true, true, true],
      wantInput: false,
    },
    {
      name: "four directions, more than a chunk",
      widths: [4, 61, 2],
      pairs: some,
      wanted: [true, false, false, false, false, true, true],
      wantInput: true,
    },
    { name: "no hidden layer", widths: [4, 3], pairs: one, wanted: [true, false, true], wantInput: true },
  ])("has the same bits as one kernel as operation by operation: $name", ({ widths, pairs, wanted, wantInput }) => {
    const whole = bothPasses(activation, widths, pairs, wanted, wantInput, true);
    expect(whole).toEqual(bothPasses(activation, widths, pairs, wanted, wantInput, false));
    expect(whole.flatMap((values) => Array.from(values ?? [])).every(Number.isFinite)).toBe(true);
  });
});
