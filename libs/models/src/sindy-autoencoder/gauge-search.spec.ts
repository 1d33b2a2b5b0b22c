import { LibraryParameters, SindyAutoencoderParameters } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream, solveOde } from "@basin/numerics";
import { buildLibrary, configurationOf, findExperiment, latentVariables } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { mapJet } from "../derivative-propagation/map-jet";
import { freshHostTensors } from "../training/tensor-state";
import { startPack, trainPack, type TestRun } from "../testing/recorded-pack";
import { absorbGauge } from "./absorb-gauge";
import { searchGauges } from "./gauge-search";
import { initialParameters } from "./initialization";
import { architectureOf } from "./architecture";

beforeAll(async () => {
  await openBackend("wasm");
});

const quadratic = { polynomialDegree: 2, constantTerm: true, sine: false };
const library = buildLibrary(LibraryParameters.parse(quadratic), latentVariables(3, false));

/** Lorenz' equations, here apart from the catalogue's. */
const lorenz = (x: number, y: number, z: number): number[] => [10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z];

it("finds seven terms of Lorenz' equations behind any affine map, and says by which map", () => {
  const times = Float64Array.from({ length: 600 }, (_, i) => 0.02 * i);
  const orbit = solveOde((_, [x = 0, y = 0, z = 0], out) => out.set(lorenz(x, y, z)), [-8, 7, 27], times);
  const mix = [
    [0.05, -0.02, 0.01],
    [0.01, 0.04, -0.03],
    [-0.02, 0.01, 0.05],
  ];
  const mixed = (v: readonly number[], shift: number): number[] =>
    mix.map((row) => row.reduce((sum, m, j) => sum + m * (v[j] ?? 0), shift));
  const z = orbit.flatMap((state) => mixed([...state], 0.7));
  const rates = orbit.flatMap(([x = 0, y = 0, height = 0]) => mixed(lorenz(x, y, height), 0));
  const gauge = searchGauges(library, z, rates, randomStream(3, "spec"));
  if (!gauge) throw new Error("no gauge");
  expect(gauge.coefficients.filter((value) => value !== 0)).toHaveLength(7);
  // As many products as Lorenz has: two.
  const products = library.terms.flatMap(({ factors }, k) =>
    factors.length === 2 ? [...gauge.coefficients.slice(3 * k, 3 * k + 3)] : [],
  );
  expect(products.filter((value) => value !== 0)).toHaveLength(2);
  // The law in the new coordinates explains their rates.
  const map = (values: readonly number[], shift: boolean): number[] =>
    [0, 1, 2].map((i) =>
      values.reduce((sum, v, j) => sum + (gauge.matrix[3 * i + j] ?? 0) * v, shift ? (gauge.shift[i] ?? 0) : 0),
    );
  let [error, size] = [0, 0];
  for (let n = 0; n < z.length; n += 3) {
    const u = map(z.slice(n, n + 3), true);
    const theta = library.terms.map(({ factors }) => factors.reduce((product, { variable }) => product * (u[variable] ?? 0), 1));
    map(rates.slice(n, n + 3), false).forEach((rate, i) => {
      const found = theta.reduce((sum, value, k) => sum + value * (gauge.coefficients[3 * k + i] ?? 0), 0);
      error += (found - rate) ** 2;
      size += rate ** 2;
    });
  }
  expect(error / size).toBeLessThan(1e-8);
});

it("has no answer where the latent variables do not span their space", () => {
  const z = Array.from({ length: 90 }, (_, i) => Math.sin(0.3 * Math.floor(i / 3)));
  expect(searchGauges(library, z, z, randomStream(3, "spec"))).toBeNull();
});

it("absorbs a gauge of three variables without changing what is decoded", () => {
  const parameters = SindyAutoencoderParameters.parse({
    ...quadratic,
    hiddenLayers: [5],
    latentWidth: 3,
    order: 1,
    procedure: "gauge-search",
  });
  const architecture = architectureOf(parameters, 6);
  const host = freshHostTensors(initialParameters(parameters, 4, architecture), "adam", false);
  const jet = [0, 1].map((d) => Float32Array.from({ length: 18 }, (_, i) => Math.sin(i + d)));
  const run = (from: number, to: number, input: readonly Float32Array[]): Float32Array[] => {
    const tensors = architecture.specs
      .slice(from, to)
      .map(({ shape }, i) => tf.tensor(host.parameters[from + i] ?? [], [1, ...shape]));
    const out = mapJet("tanh", tensors, input, 3);
    tf.dispose(tensors);
    return out;
  };
  const before = run(0, 4, jet);
  const decoded = run(4, 8, before);
  const matrix = Float64Array.of(1, 0.5, 0, -0.4, 2, 0.3, 0.2, 0, 1.5);
  absorbGauge(architecture, host, {
    matrix,
    shift: Float64Array.of(0.1, -0.2, 0.3),
    coefficients: new Float64Array(30).fill(0.5),
  });
  const after = run(0, 4, jet);
  const [a = 0, b = 0, c = 0] = before[0] ?? [];
  expect(after[0]?.[1]).toBeCloseTo(-0.4 * a + 2 * b + 0.3 * c - 0.2, 4);
  run(4, 8, after).forEach((values, d) => values.forEach((value, i) => expect(value).toBeCloseTo(decoded[d]?.[i] ?? 0, 4)));
});

it("gives a run the same bits alone, in a pack, and after a resume in between", async () => {
  const definition = findExperiment("sindy-autoencoder-lorenz");
  if (!definition) throw new Error("no such experiment");
  const tiny = {
    latentWidth: 2,
    gridPoints: 8,
    orbits: 1,
    validationOrbits: 1,
    frames: 30,
    hiddenLayers: [4],
    batchSize: 8,
    stepsPerBlock: 2,
    blocks: 2,
  };
  const run = (seed: number): TestRun => ({ seed, parameters: configurationOf(definition, tiny) });
  const [alone] = await trainPack(definition, [run(5)]);
  const pair = await startPack(definition, [run(6), run(5)]);
  await pair.program.advance();
  const checkpoint = await pair.program.checkpoint(1);
  await pair.finish();
  expect(pair.recordings[1]).toEqual(alone);
  const [resumed] = await trainPack(definition, [{ ...run(5), checkpoint }]);
  expect(resumed?.result).toEqual(alone?.result);
});

it("asks for a library that affine maps do not leave", () => {
  const parameters = SindyAutoencoderParameters.parse({ procedure: "gauge-search", latentWidth: 2 });
  expect(() => architectureOf(parameters, 6)).toThrow(/degree 2/);
});
