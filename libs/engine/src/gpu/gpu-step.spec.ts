import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compileStep, takeStepsOnGpu } from "../compile-step";
import { openBackend } from "../backend/open-backend";
import { denseForward } from "../ops/dense";
import type { PlannedStep } from "../step";
import type { GpuSettings } from "./gpu-step";
import { drawn, outputsOnBoth, whyNoGpu } from "./testing/compare-steps";

/** More in `npm run test:gpu`. */
const missing = await whyNoGpu();

/** w ← w − 0.1·x·w, and the sum of w before; x changes from step to step. */
async function trained(
  runs: number,
  steps: number,
  settings: Partial<GpuSettings> | null,
): Promise<{ state: number[]; outputs: Float32Array[][] }> {
  takeStepsOnGpu(settings && { rounding: "apart", schedule: "grid", refused: () => undefined, ...settings });
  const compiled = compileStep<boolean>(([w], [x], wanted) => {
    const weight = w as tf.Tensor3D;
    const next = tf.sub(weight, tf.mul(tf.mul(x as tf.Tensor3D, weight), 0.1));
    return { state: [next], outputs: wanted ? [tf.sum(weight, [1, 2])] : [] };
  });
  const all = drawn([5, 2, 3], "weights").values;
  const plan = Array.from({ length: steps }, (_, step): PlannedStep<boolean> => {
    const x = Float32Array.from({ length: runs * 6 }, (_, i) => Math.sin(i + step));
    return { kind: step % 3 === 2, key: String(step % 3 === 2), inputs: [{ shape: [runs, 2, 3], values: x }] };
  });
  const { state, outputs } = await compiled.run([tf.tensor(all.slice(0, runs * 6), [runs, 2, 3])], plan);
  const values = [...(await (state[0] as tf.Tensor).data())];
  tf.dispose(state);
  compiled.dispose();
  takeStepsOnGpu(null);
  return { state: values, outputs };
}

describe.skipIf(missing !== null)(`steps on a GPU${missing === null ? "" : `: ${missing}`}`, () => {
  beforeAll(() => openBackend("wasm"));

  it("have wasm's bits, one kind of step after another, in each schedule", async () => {
    const wasm = await trained(3, 7, null);
    for (const schedule of ["grid", "fused"] as const) expect(await trained(3, 7, { schedule })).toEqual(wasm);
  });

  it("give a run the same bits in a pack of another width", async () => {
    const [narrow, wide] = [await trained(1, 4, {}), await trained(5, 4, {})];
    expect(wide.state.slice(0, 6)).toEqual(narrow.state);
  });

  it("have wasm's bits through a dense layer with a sine", async () => {
    const inputs = [drawn([2, 3, 4], "x"), drawn([2, 4, 5], "w"), drawn([2, 1, 5], "b")];
    const { wasm, gpu, refused } = await outputsOnBoth(inputs, ([x, w, b]) => {
      const { output, slope } = denseForward("sine", x as tf.Tensor3D, w as tf.Tensor3D, b as tf.Tensor3D, true);
      return slope ? [output, slope] : [output];
    });
    expect(refused).toEqual([]);
    expect(gpu).toEqual(wasm);
  });

  it("are taken on wasm where the GPU has no kernel, which is said by name", async () => {
    const { wasm, gpu, refused } = await outputsOnBoth([drawn([2, 3, 4], "x")], ([x]) => [tf.erf(x as tf.Tensor3D)]);
    expect(refused).toEqual(["the kernel Erf"]);
    expect(gpu).toEqual(wasm);
  });
});
