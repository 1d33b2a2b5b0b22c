import { DatasetId, type DatasetContent } from "@basin/contracts";
import { noResources, findExperiment, type MeasuredDynamicsProblem } from "@basin/problems";
import { configurationOf } from "@basin/problems";
import { solveOde } from "@basin/numerics";
import { describe, expect, it } from "vitest";
import { estimateDerivatives, savitzkyGolay } from "./derivatives";
import { findLaw } from "./sindy-family";
import { stlsq } from "../training/stlsq";

const options = { threshold: 0.1, ridge: 0.05, maxIterations: 20 };

it("finds exactly −sin θ on true angles and accelerations: the control without a network", () => {
  const swings = [0.4, 1, 1.8, 2.6].flatMap((start) =>
    solveOde(
      (_, y, out) => {
        out[0] = y[1] ?? 0;
        out[1] = -Math.sin(y[0] ?? 0);
      },
      [start, 0],
      Float64Array.from({ length: 200 }, (_, i) => 0.05 * i),
    ).map((state) => state[0] ?? 0),
  );
  const theta = Float64Array.from(swings.flatMap((z) => [z, z ** 2, z ** 3, z ** 4, Math.sin(z)]));
  const target = Float64Array.from(swings, (z) => -Math.sin(z));
  const found = stlsq(theta, target, 5, options).at(-1) ?? new Float64Array(0);
  expect([...found.slice(0, 4)]).toEqual([0, 0, 0, 0]);
  expect(found[4]).toBeCloseTo(-1, 12);
});

it("keeps the history of the iterations, and nothing of an empty law", () => {
  const theta = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : i));
  const target = Float64Array.from({ length: 20 }, (_, i) => 0.05 + 2 * (2 * i + 1));
  const history = stlsq(theta, target, 2, options);
  expect(history.at(-1)?.[0]).toBe(0);
  expect(history.at(-1)?.[1]).toBeCloseTo(2, 2);
  expect([...(stlsq(theta, new Float64Array(20), 2, options).at(-1) ?? [])]).toEqual([0, 0]);
});

it("leaves no coefficient below the threshold that only ridge had lifted above it", () => {
  // y = 2x and a column that is nearly x: ridge shares 2 between both, the unbiased fit gives all to x.
  const x = Array.from({ length: 30 }, (_, i) => (i - 14.5) / 10);
  const theta = Float64Array.from(x.flatMap((v, i) => [v, v + (i % 2 === 0 ? 1e-3 : -1e-3)]));
  const target = Float64Array.from(x, (v) => 2 * v);
  const first = stlsq(theta, target, 2, options)[0] ?? new Float64Array(0);
  expect(Math.abs(first[1] ?? 0)).toBeGreaterThan(options.threshold);
  const law = stlsq(theta, target, 2, options).at(-1) ?? new Float64Array(0);
  expect(law[1]).toBe(0);
  expect(law[0]).toBeCloseTo(2, 12);
  // Without a threshold nothing leaves.
  expect((stlsq(theta, target, 2, { ...options, threshold: 0 }).at(-1) ?? []).length).toBe(2);
});

describe("derivatives", () => {
  it("are exact for polynomials of the window's degree", () => {
    const samples = 30;
    const cubic = (t: number): number => 2 - t + 0.5 * t ** 3;
    const states = Float64Array.from({ length: samples }, (_, i) => cubic(0.1 * i));
    const found = estimateDerivatives({ interval: 0.1, samples, states }, "savitzky-golay", 7, 3);
    expect(found.samples).toBe(24);
    found.rates.forEach((rate, i) => expect(rate).toBeCloseTo(-1 + 1.5 * (0.1 * (i + 3)) ** 2, 9));
    found.states.forEach((state, i) => expect(state).toBeCloseTo(cubic(0.1 * (i + 3)), 9));
    const central = estimateDerivatives({ interval: 0.1, samples, states }, "finite-difference", 3, 1);
    expect(central.rates[0]).toBeCloseTo((cubic(0.2) - cubic(0)) / 0.2, 12);
  });

  it("of a state at rest are 0 to the bit, so that no law is sought in rounding errors", () => {
    for (const value of [0.1, 0.7, 3, 1e-300, 1e300]) {
      const states = new Float64Array(40).fill(value);
      for (const method of ["savitzky-golay", "finite-difference"] as const) {
        const found = estimateDerivatives({ interval: 0.1, samples: 40, states }, method, 11, 3);
        expect(new Set(found.rates)).toEqual(new Set([0]));
        expect(new Set(found.states)).toEqual(new Set([value]));
      }
    }
  });

  it("have the weights of Savitzky and Golay's table, and refuse an even window", () => {
    const { value, slope } = savitzkyGolay(5, 2);
    expect([...value].map((w) => Math.round(35 * w))).toEqual([-3, 12, 17, 12, -3]);
    expect([...slope].map((w) => Math.round(10 * w))).toEqual([-2, -1, 0, 1, 2]);
    expect(() => savitzkyGolay(6, 2)).toThrow(RangeError);
    expect(() => savitzkyGolay(5, 5)).toThrow(RangeError);
  });
});

it("finds Lorenz' equations without and with noise, and loses them to noisy differences", () => {
  const definition = findExperiment("sindy-lorenz");
  if (definition?.problem.kind !== "measured-dynamics") throw new Error("no sindy-lorenz");
  const problem: MeasuredDynamicsProblem = definition.problem;
  const outcome = (changes: Record<string, number | string>): string => {
    const parameters = configurationOf(definition, changes);
    const law = findLaw(problem, { seed: 3, parameters }, noResources);
    return problem.judge(parameters, law).labels["outcome"] ?? "";
  };
  expect(outcome({ noise: 0, derivativeMethod: "finite-difference" })).toBe("law");
  expect(outcome({ noise: 0.05 })).toBe("law");
  expect(outcome({ noise: 0.05, threshold: 0.02 })).toBe("extra");
});

it("twelve rows of ẋ = v, v̇ = −4x give those two terms and no third one of 1e-14", () => {
  const definition = findExperiment("dataset-sindy");
  if (!definition) throw new Error("no dataset-sindy");
  const time = Float64Array.from({ length: 12 }, (_, i) => i / 10);
  const column = (name: string, values: Float64Array): DatasetContent["columns"][number] => ({
    name,
    type: "number",
    values,
    categories: [],
  });
  const content: DatasetContent = {
    id: DatasetId.parse("ab".repeat(32)),
    name: "oscillator.csv",
    rows: 12,
    columns: [
      column(
        "x",
        time.map((t) => Math.cos(2 * t)),
      ),
      column(
        "v",
        time.map((t) => -2 * Math.sin(2 * t)),
      ),
    ],
    arrays: [],
  };
  const resources = { dataset: () => content };
  const parameters = configurationOf(definition, {
    dataset: content.id,
    interval: 0.1,
    polynomialDegree: 1,
    smoothingWindow: 5,
    smoothingDegree: 4,
    ridge: 0.05,
  });
  const problem = definition.problemOf?.(parameters, resources);
  if (problem?.kind !== "measured-dynamics") throw new Error("no measured dynamics");
  for (const threshold of [0.1, 0.5]) {
    const own = { ...parameters, threshold };
    const law = findLaw(problem, { seed: 0, parameters: own }, resources);
    const active = [...law.coefficients].filter((value) => value !== 0);
    expect(active.map((value) => Math.abs(value)).every((value) => value >= threshold)).toBe(true);
    expect(active).toHaveLength(2);
    expect(active[0]).toBeCloseTo(-4, 2);
    expect(active[1]).toBeCloseTo(1, 3);
    expect(problem.judge(own, law).metrics["activeTerms"]).toBe(2);
  }
});
