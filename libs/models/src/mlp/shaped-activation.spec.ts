import { MlpParameters } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it, test } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { lossMinimization, smallNetwork } from "../testing/small-experiments";
import { isShaped, shapedDerivatives } from "./shaped-activation";

beforeAll(async () => {
  await openBackend("wasm");
});

const places = Array.from({ length: 81 }, (_, i) => (i - 40) / 8);

test.each([
  ["leaky-relu", { leakySlope: 0.3, eluAlpha: 1 }, (x: number) => (x > 0 ? [x, 1, 0, 0] : [0.3 * x, 0.3, 0, 0])],
  ["leaky-relu", { leakySlope: -1, eluAlpha: 1 }, (x: number) => (x > 0 ? [x, 1, 0, 0] : [-x, -1, 0, 0])],
  [
    "elu",
    { leakySlope: 0.01, eluAlpha: 1.5 },
    (x: number) => (x > 0 ? [x, 1, 0, 0] : [1.5 * Math.expm1(x), 1.5 * Math.exp(x), 1.5 * Math.exp(x), 1.5 * Math.exp(x)]),
  ],
] as const)("%s of another shape has the values and derivatives of its formula", (name, shape, formula) => {
  expect(isShaped(name, shape)).toBe(true);
  const got = tf.tidy(() => shapedDerivatives(tf.tensor1d(places), name, 3, shape).map((one) => [...one.dataSync()]));
  expect(got).toHaveLength(4);
  places.forEach((x, i) =>
    formula(x).forEach((want, k) => expect(Math.abs(got[k]![i]! - want)).toBeLessThan(1e-6 * Math.max(1, Math.abs(want)))),
  );
});

it("is the kernels' own where the shape is theirs, and leaves other activations alone", () => {
  expect(isShaped("leaky-relu", { leakySlope: 0.01, eluAlpha: 7 })).toBe(false);
  expect(isShaped("elu", { leakySlope: 0.5, eluAlpha: 1 })).toBe(false);
  expect(isShaped("relu", { leakySlope: 0.5, eluAlpha: 7 })).toBe(false);
});

/** Weights after some steps, by name. */
async function trained(changes: Record<string, unknown>): Promise<Record<string, Float32Array>> {
  const parameters = { ...smallNetwork({}), ...changes } as ReturnType<typeof smallNetwork>;
  const [recording] = await trainPack(lossMinimization, [{ seed: 3, parameters }]);
  const { tensors } = readSafetensors(recording!.result!.artifacts[0]!.content);
  return Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, Float32Array.from(values)]));
}

it("leaky with slope 0 trains as ReLU, with slope 1 as no activation, ELU with α = 0 as ReLU", async () => {
  const far = (a: Record<string, Float32Array>, b: Record<string, Float32Array>): number =>
    Math.max(...Object.entries(a).flatMap(([name, values]) => Array.from(values, (v, i) => Math.abs(v - b[name]![i]!))));
  const [relu, linear] = [await trained({ activation: "relu" }), await trained({ activation: "linear" })];
  expect(far(await trained({ activation: "leaky-relu", leakySlope: 0 }), relu)).toBeLessThan(1e-6);
  expect(far(await trained({ activation: "elu", eluAlpha: 0 }), relu)).toBeLessThan(1e-6);
  expect(far(await trained({ activation: "leaky-relu", leakySlope: 1 }), linear)).toBeLessThan(1e-6);
  expect(far(await trained({ activation: "leaky-relu" }), relu)).toBeGreaterThan(1e-4);
});

it("the saved weights say the shape where it is another", async () => {
  const about = async (changes: Record<string, unknown>) => {
    const parameters = { ...smallNetwork({ epochs: 1 }), ...changes } as ReturnType<typeof smallNetwork>;
    const [recording] = await trainPack(lossMinimization, [{ seed: 3, parameters }]);
    return readSafetensors(recording!.result!.artifacts[0]!.content).metadata;
  };
  expect(await about({ activation: "elu", eluAlpha: 0.5 })).toMatchObject({ eluAlpha: "0.5", leakySlope: "0.01" });
  expect(await about({ activation: "elu" })).not.toHaveProperty("eluAlpha");
  expect(MlpParameters.parse({}).leakySlope).toBe(0.01);
});
