import { pinnActivationNames, type PinnActivationName } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { composedBackward, composedForward } from "./composed-jet";
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
  order: number,
  wanted: readonly boolean[],
  wantInput: boolean,
  wholeNetwork: boolean,
): (Float32Array | null)[] {
  const values: (Float32Array | null)[] = [];
  tf.tidy(() => {
    const parameters = widths
      .slice(1)
      .flatMap((n, layer) => [scattered([runs, widths[layer] ?? 0, n], layer), scattered([runs, 1, n], 50 + layer)]);
    const jet = Array.from({ length: order + 1 }, (_, d) => scattered([runs, samples, widths[0] ?? 0], 100 + d));
    const gradients = (output: readonly (tf.Tensor3D | null)[]) =>
      output.map((entry, d) => entry && scattered(entry.shape, 200 + d));
    let output: readonly (tf.Tensor3D | null)[];
    let back: ReturnType<typeof backwardJet>;
    if (wholeNetwork) {
      const forward = forwardJet(activation, parameters, jet, wanted);
      expect(forward.trace).toHaveProperty("record");
      output = forward.output;
      back = backwardJet(activation, parameters, forward.trace, gradients(output), wantInput);
    } else {
      const forward = composedForward(activation, parameters, jet, wanted);
      output = forward.output;
      back = composedBackward(activation, parameters, forward.traces, gradients(output), wantInput);
    }
    for (const tensor of [...output, ...back.parameters, ...back.input])
      values.push(tensor && tensor.dataSync<"float32">().slice());
  });
  return values;
}

describe.each(pinnActivationNames)("%s", (activation) => {
  it.each([
    { name: "values alone", widths: [3, 5, 2], order: 0, wanted: [true], wantInput: true },
    { name: "values and rates, the rates' outputs only", widths: [3, 5, 6, 2], order: 1, wanted: [false, true], wantInput: true },
    { name: "all three", widths: [6, 13, 9, 1], order: 2, wanted: [true, true, true], wantInput: false },
    { name: "first and last of three", widths: [1, 9, 13, 6], order: 2, wanted: [true, false, true], wantInput: true },
    { name: "the highest of three", widths: [4, 7, 3], order: 2, wanted: [false, false, true], wantInput: true },
    { name: "the middle one of three", widths: [4, 7, 3], order: 2, wanted: [false, true, false], wantInput: true },
    { name: "no hidden layer", widths: [4, 3], order: 2, wanted: [true, false, true], wantInput: true },
  ])("has the same bits as one kernel as operation by operation: $name", ({ widths, order, wanted, wantInput }) => {
    const whole = bothPasses(activation, widths, order, wanted, wantInput, true);
    expect(whole).toEqual(bothPasses(activation, widths, order, wanted, wantInput, false));
    expect(whole.flatMap((values) => Array.from(values ?? [])).every(Number.isFinite)).toBe(true);
  });
});
