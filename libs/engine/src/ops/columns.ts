import * as tf from "@tensorflow/tfjs-core";
import { axes3, input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/**
 * The parts [runs or 1, rows, width] side by side: [runs, rows, Σ width]. A part with a leading axis of 1 stands in every run. Throws RangeError
 * without parts. The caller owns the output.
 */
export function joinColumns(parts: readonly tf.Tensor3D[], runs: number): tf.Tensor3D {
  if (parts.length === 0) throw new RangeError("There are no columns to join.");
  if (hasKernels()) {
    const named = Object.fromEntries(parts.map((part, i) => [`part${i}`, part]));
    return outputAt<tf.Rank.R3>(runKernel("BasinJoinColumns", named, { parts: parts.length, runs }), 0);
  }
  return tf.tidy(() => {
    const whole = parts.map((part) => tf.broadcastTo<tf.Rank.R3>(part, [runs, part.shape[1], part.shape[2]]));
    return tf.concat3d(whole, 2);
  });
}

/** Columns start … start + count − 1 of [runs, rows, width]: [runs, rows, count]. The caller owns the output. */
export function takeColumns(x: tf.Tensor3D, start: number, count: number): tf.Tensor3D {
  if (hasKernels()) return outputAt<tf.Rank.R3>(runKernel("BasinTakeColumns", { x }, { start, count }), 0);
  return tf.slice3d(x, [0, 0, start], [-1, -1, count]);
}

/** Inputs partᵢ [runs or 1, rows, widthᵢ], as many as the attribute `parts`; attribute `runs`; output [runs, rows, Σ widthᵢ]. */
export const joinColumnsKernel: RegisteredKernel = {
  name: "BasinJoinColumns",
  run(kernels, inputs, attributes) {
    const runs = numberAttribute(attributes, "runs");
    const parts = Array.from({ length: numberAttribute(attributes, "parts") }, (_, i) => input(inputs, `part${i}`));
    const shapes = parts.map(axes3);
    const rows = shapes[0]?.[1] ?? 0;
    const width = shapes.reduce((sum, [, , own]) => sum + own, 0);
    const out = kernels.output([runs, rows, width]);
    let start = 0;
    parts.forEach((part, i) => {
      const [ownRuns, ownRows, own] = shapes[i] ?? [0, 0, 0];
      if (ownRows !== rows || (ownRuns !== runs && ownRuns !== 1))
        throw new RangeError(`Columns of shape [${part.shape.join(", ")}] do not stand beside [${runs}, ${rows}, …].`);
      kernels.call.copyColumns(kernels.at(part), ownRuns * rows, own, 0, kernels.at(out), runs * rows, width, start, own);
      start += own;
    });
    return out;
  },
};

/** Input x [runs, rows, width]; attributes `start` and `count`; output [runs, rows, count]. */
export const takeColumnsKernel: RegisteredKernel = {
  name: "BasinTakeColumns",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const [start, count] = [numberAttribute(attributes, "start"), numberAttribute(attributes, "count")];
    const [runs, rows, width] = axes3(x);
    if (start < 0 || count < 1 || start + count > width)
      throw new RangeError(`There are no columns ${start} to ${start + count - 1} among ${width}.`);
    const out = kernels.output([runs, rows, count]);
    kernels.call.copyColumns(kernels.at(x), runs * rows, width, start, kernels.at(out), runs * rows, count, 0, count);
    return out;
  },
};
