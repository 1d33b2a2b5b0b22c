import { openBackend } from "@basin/engine";
import { LibraryParameters, SindyAutoencoderParameters } from "@basin/contracts";
import { buildLibrary, latentVariables } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { freshHostTensors } from "../training/tensor-state";
import { absorbGauge } from "./absorb-gauge";
import { affineGauge, scanGauges, scanGaugesPolished } from "./gauge-scan";
import { initialParameters } from "./initialization";
import { eventAfter, scheduleAt, warmUp } from "./schedule";
import { architectureOf } from "./architecture";
import { mapJet } from "../derivative-propagation/map-jet";

beforeAll(async () => {
  await openBackend("wasm");
});

const library = buildLibrary(LibraryParameters.parse({}), latentVariables(1, false));
const angles = Array.from({ length: 40 }, (_, i) => 2.8 * Math.sin(0.37 * i));

it("undoes any affine gauge of the pendulum", () => {
  for (const [a, c] of [
    [0.31, 0.1],
    [-2.2, 0.4],
  ] as const) {
    const z = angles.map((theta) => a * theta + c);
    const top = angles.map((theta) => -a * Math.sin(theta));
    const rate = angles.map((_, i) => a * 1.5 * Math.sin(2.3 * i));
    const fit = scanGaugesPolished(library, { z, rate, top });
    const onGrid = scanGauges(library, { z, rate, top });
    expect(onGrid?.term).toBe(fit?.term);
    expect(onGrid?.residual).toBeGreaterThan(fit?.residual ?? 1);
    expect(library.terms[fit?.term ?? -1]?.text).toBe("sin z");
    expect(Math.abs((fit?.scale ?? 0) * a)).toBeCloseTo(1, 3);
    expect((fit?.scale ?? 0) * c + (fit?.shift ?? 0)).toBeCloseTo(0, 2);
    expect(fit?.coefficient).toBeCloseTo(-1, 3);
    expect(fit?.residual).toBeLessThan(1e-6);
  }
  expect(scanGauges(library, { z: angles, rate: angles, top: angles.map(() => Number.NaN) })).toBeNull();
});

it("sees through a coordinate that is bent a little", () => {
  // z = θ + θ²/20 + θ³/50, so that z̈ = h′θ̈ + h″θ̇².
  const z = angles.map((theta) => theta + theta ** 2 / 20 + theta ** 3 / 50);
  const speeds = angles.map((_, i) => 1.5 * Math.sin(2.3 * i));
  const slope = angles.map((theta) => 1 + theta / 10 + (3 * theta ** 2) / 50);
  const rate = slope.map((value, i) => value * (speeds[i] ?? 0));
  const top = angles.map((theta, i) => -(slope[i] ?? 0) * Math.sin(theta) + (0.1 + (6 * theta) / 50) * (speeds[i] ?? 0) ** 2);
  const plain = scanGauges(library, { z, rate, top });
  const polished = scanGaugesPolished(library, { z, rate, top });
  const far = (fit: typeof plain): number => Math.abs((fit?.coefficient ?? 0) + 1) + Math.abs((fit?.scale ?? 0) - 1 / 1.16);
  expect(library.terms[polished?.term ?? -1]?.text).toBe("sin z");
  expect(far(polished)).toBeLessThan(far(plain));
});

it("absorbs a gauge without changing what is decoded", () => {
  const parameters = SindyAutoencoderParameters.parse({ hiddenLayers: [5, 4] });
  const architecture = architectureOf(parameters, 6);
  const host = freshHostTensors(initialParameters(parameters, 4, architecture), "adam", false);
  const jet = [0, 1, 2].map((d) => Float32Array.from({ length: 18 }, (_, i) => Math.sin(i + d)));
  const run = (from: number, to: number, input: readonly Float32Array[]): Float32Array[] => {
    const tensors = architecture.specs
      .slice(from, to)
      .map(({ shape }, i) => tf.tensor(host.parameters[from + i] ?? [], [1, ...shape]));
    const out = mapJet("tanh", tensors, input, 3);
    tf.dispose(tensors);
    return out;
  };
  const before = run(0, 6, jet);
  const decoded = run(6, 12, before);
  absorbGauge(
    architecture,
    host,
    affineGauge(architecture.library, { scale: 2.5, shift: -0.3, term: 4, coefficient: -0.9, residual: 0 }),
  );
  const after = run(0, 6, jet);
  after[0]?.forEach((z, i) => expect(z).toBeCloseTo(2.5 * (before[0]?.[i] ?? 0) - 0.3, 4));
  after[2]?.forEach((z, i) => expect(z).toBeCloseTo(2.5 * (before[2]?.[i] ?? 0), 3));
  run(6, 12, after).forEach((values, d) => values.forEach((value, i) => expect(value).toBeCloseTo(decoded[d]?.[i] ?? 0, 3)));
  expect([...(host.parameters.at(-1) ?? [])]).toEqual([0, 0, 0, 0, Math.fround(-0.9)]);
});

it("follows the schedule of the recipe", () => {
  const recipe = SindyAutoencoderParameters.parse({});
  const scans = Array.from({ length: 140 }, (_, i) => i + 1).filter((block) => eventAfter(recipe, block) === "scan");
  expect(scans).toEqual([49, 70, 91]);
  expect(scheduleAt(recipe, 4899)).toMatchObject({ law: 1e-3, sparsity: 1e-5, decay: 1 });
  expect(scheduleAt(recipe, 4900).law).toBe(2e-2);
  expect([4199, 4200, 9799, 9800].map((step) => scheduleAt(recipe, step).sparsity)).toEqual([0, 1e-5, 1e-5, 0]);
  expect(scheduleAt(recipe, 14_000).decay).toBeCloseTo(0.02, 12);
  expect(warmUp(recipe, 4900, 49)).toBe(1);
  const polished = SindyAutoencoderParameters.parse({ procedure: "gauge-scan-polished" });
  expect([4900, 5049, 5199, 9999].map((step) => warmUp(polished, step, 49))).toEqual([1 / 300, 0.5, 1, 1]);
  expect(warmUp(polished, 100, null)).toBe(1);
  const pruning = SindyAutoencoderParameters.parse({ procedure: "source-threshold", pruneEvery: 30, sparsityTo: 1 });
  expect(Array.from({ length: 140 }, (_, i) => i + 1).filter((block) => eventAfter(pruning, block) === "prune")).toEqual([
    60, 90, 120,
  ]);
});
