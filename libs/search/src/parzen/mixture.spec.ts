import { Dimension, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { expect, test } from "vitest";
import { axisOf } from "./axis";
import { decay } from "./decay";
import { KernelTable } from "./kernel-table";
import { Mixture, type AxisPoint } from "./mixture";
import { Observations } from "./observations";
import { goodCount, recencyWeight, recencyWeightSum, splitObservations } from "./split";

const dimensions: Record<string, Dimension> = {
  c: Dimension.parse({ type: "choice", values: ["a", "b", "c"] }),
  n: Dimension.parse({ type: "int", min: 0, max: 6 }),
  x: Dimension.parse({ type: "float", min: 0, max: 1 }),
};

function observed(names: readonly string[], trials: readonly Configuration[]): Observations {
  const observations = new Observations(names.flatMap((name) => (dimensions[name] ? [axisOf(name, dimensions[name])] : [])));
  for (const [i, parameters] of trials.entries()) observations.add(i, parameters);
  return observations;
}

function mixtureOf(observations: Observations): Mixture {
  return new Mixture(
    new KernelTable(observations),
    Int32Array.from({ length: observations.count }, (_, i) => i),
  );
}

function pointOf({ numeric, categorical }: Observations, parameters: Configuration): AxisPoint {
  return {
    xs: Float64Array.from(numeric, ({ name, coordinate }) => coordinate(parameters[name])),
    places: Int32Array.from(categorical, ({ name, coordinate }) => coordinate(parameters[name])),
  };
}

/** With the factor that is left out. */
const density = (mixture: Mixture, observations: Observations, parameters: Configuration): number =>
  mixture.logDensity(pointOf(observations, parameters)) -
  observations.numeric.filter(({ halfCell }) => halfCell === 0).length * Math.log(Math.sqrt(2 * Math.PI));

// Optuna 5.0.0, optuna.samplers._tpe.parzen_estimator._ParzenEstimator, multivariate, prior_weight 1, consider_magic_clip,
// not consider_endpoints, default weights: log_pdf.
test("the density over a number, a whole number and a choice is Optuna's", () => {
  const observations = observed(
    ["c", "n", "x"],
    [
      { x: 0.1, n: 0, c: "a" },
      { x: 0.42, n: 3, c: "c" },
      { x: 0.8, n: 5, c: "c" },
      { x: 0.42, n: 6, c: "b" },
    ],
  );
  const mixture = mixtureOf(observations);
  const expected: [Configuration, number][] = [
    [{ x: 0.1, n: 0, c: "a" }, -2.482601447227789],
    [{ x: 0.5, n: 2, c: "b" }, -3.764765397377615],
    [{ x: 0.97, n: 6, c: "c" }, -2.707195309973206],
    [{ x: 0.3, n: 4, c: "c" }, -2.6148227958655994],
  ];
  for (const [parameters, log] of expected) expect(density(mixture, observations, parameters)).toBeCloseTo(log, 9);
});

const thirty = [
  0.417, 0.72, 0.0, 0.302, 0.147, 0.092, 0.186, 0.346, 0.397, 0.539, 0.419, 0.685, 0.204, 0.878, 0.027, 0.67, 0.417, 0.559, 0.14,
  0.198, 0.801, 0.968, 0.313, 0.692, 0.876, 0.895, 0.085, 0.039, 0.17, 0.878,
];

test.each([
  ["thirty observations, the oldest of less weight", thirty, [0.39989146121765207, -0.7841062368721754, -0.10388749284653209]],
  ["one observation", [0.3], [-0.002161393995183669, 0.05849793014331295, -0.16296528042437153]],
  ["the prior alone", [], [-0.060272199509050495, 0.04097780049094957, -0.051472199509050354]],
])("the density of %s is Optuna's", (_, xs, expected) => {
  const observations = observed(
    ["x"],
    xs.map((x) => ({ x })),
  );
  const mixture = mixtureOf(observations);
  for (const [i, x] of [0.05, 0.5, 0.93].entries()) {
    expect(density(mixture, observations, { x })).toBeCloseTo(expected[i] ?? NaN, 9);
  }
});

/** Observations of 3 numbers and a choice, drawn. */
function drawn(count: number, seed: number): Observations {
  const u = randomStream(seed, "spec/observations");
  const axes = ["x", "y", "n", "c"].map((name) => axisOf(name, dimensions[name === "y" ? "x" : name] ?? dimensions.x!));
  const observations = new Observations(axes);
  for (let i = 0; i < count; i++) {
    const [x, y] = [u.uniform(4 * i), u.uniform(4 * i + 1) ** 3];
    observations.add(i, {
      x,
      y,
      n: Math.floor(7 * u.uniform(4 * i + 2)),
      c: ["a", "b", "c"][Math.floor(3 * u.uniform(4 * i + 3))]!,
    });
  }
  return observations;
}

test("samples lie where the density says: the mean of its inverse over samples is the volume", () => {
  const observations = drawn(12, 3);
  const mixture = mixtureOf(observations);
  const count = 4000;
  const uniforms = new Float64Array(count * 5);
  randomStream(1, "spec/samples").fillUniform(uniforms);
  let sum = 0;
  for (let s = 0; s < count; s++) {
    const point = mixture.sample(uniforms, 5 * s);
    for (const x of point.xs) expect(x).toBeGreaterThanOrEqual(0);
    sum += Math.exp(-(mixture.logDensity(point) - 2 * Math.log(Math.sqrt(2 * Math.PI))));
  }
  // The unit square, times 7 cells and 3 values.
  expect(sum / count / 21).toBeGreaterThan(0.93);
  expect(sum / count / 21).toBeLessThan(1.07);
});

test("a table that observations entered and left one by one has the bits of one that is made at once", () => {
  const observations = drawn(260, 7);
  const kept = new KernelTable(observations);
  const luck = randomStream(2, "spec/members");
  let members: number[] = [];
  for (let round = 0; round < 400; round++) {
    const change = luck.integer(round, 260);
    members = members.includes(change) ? members.filter((i) => i !== change) : [...members, change].sort((a, b) => a - b);
    kept.become(Int32Array.from(members));
    if (round % 7 > 0) continue;
    const fresh = new KernelTable(observations);
    fresh.become(Int32Array.from(members));
    for (const i of members) {
      expect(kept.factors[i]).toBe(fresh.factors[i]);
      for (let j = 0; j < 3; j++) expect(kept.inverses[j]?.[i]).toBe(fresh.inverses[j]?.[i]);
    }
  }
});

test("leaving out kernels that are too small to count changes nothing that could be seen", () => {
  const observations = drawn(200, 5);
  const table = new KernelTable(observations);
  const mixture = new Mixture(
    table,
    Int32Array.from({ length: 200 }, (_, i) => i),
  );
  const one = (i: number, point: AxisPoint): number => {
    // A kernel by itself, from the table's widths, with all factors written out by the definition.
    let log = Math.log(recencyWeight(i, 200)) + (table.factors[i] ?? 0);
    point.places.forEach((place, j) => {
      const share = (observations.places[j]?.[i] === place ? 1 : 0) + 1 / 201;
      log += Math.log(share / (1 + 3 / 201));
    });
    for (const [j, { halfCell }] of observations.numeric.entries()) {
      const z = ((point.xs[j] ?? 0) - (observations.points[j]?.[i] ?? 0)) * (table.inverses[j]?.[i] ?? 0);
      if (halfCell === 0) log -= (z * z) / 2;
      else {
        // Simpson's rule over the cell.
        const w = halfCell * (table.inverses[j]?.[i] ?? 0);
        let mass = 0;
        for (let s = 0; s <= 200; s++)
          mass += (s % 200 === 0 ? 1 : s % 2 === 0 ? 2 : 4) * Math.exp(-((z - w + (s * w) / 100) ** 2) / 2);
        log += Math.log((mass * w) / 300 / Math.sqrt(2 * Math.PI));
      }
    }
    return Math.exp(log);
  };
  for (const at of [0, 17, 123]) {
    const point = {
      xs: Float64Array.from(observations.points, (points) => points[at] ?? 0),
      places: Int32Array.from(observations.places, (places) => places[at] ?? 0),
    };
    let sum = Math.exp(mixture.logPrior(point)) * (recencyWeightSum(200) + 1);
    for (let i = 0; i < 200; i++) sum += one(i, point);
    expect(mixture.logDensity(point)).toBeCloseTo(Math.log(sum / (recencyWeightSum(200) + 1)), 8);
  }
});

test("the best tenth is below, at most 25; what has not ended is above, what says nothing is in neither", () => {
  expect([1, 7, 10, 11, 100, 250, 251, 1000].map(goodCount)).toEqual([1, 1, 1, 2, 10, 25, 25, 25]);
  const losses = Float64Array.from([3, 1, NaN, 1, Infinity, 0.5, 2, 2, 2, 2, 2, 2, 2]);
  const { below, above } = splitObservations([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], losses);
  expect([...below]).toEqual([1, 5]);
  expect([...above]).toEqual([0, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13]);
});

test("weights are Optuna's default ones: 25 of weight 1, older ones less", () => {
  const weights = Array.from({ length: 28 }, (_, k) => recencyWeight(k, 28));
  expect(weights.slice(0, 4)).toEqual([1 / 28, expect.closeTo(0.51785714, 7), 1, 1]);
  expect(recencyWeight(0, 26)).toBe(1 / 26);
  for (const n of [0, 1, 25, 26, 27, 28, 300]) {
    const sum = Array.from({ length: n }, (_, k) => recencyWeight(k, n)).reduce((a, b) => a + b, 0);
    expect(recencyWeightSum(n)).toBeCloseTo(sum, 10);
  }
});

test("decay is the exponential function", () => {
  for (let x = 0; x > -41; x -= 0.013) expect(Math.abs(decay(x) / Math.exp(x) - 1), String(x)).toBeLessThan(2e-11);
  expect(decay(0)).toBe(1);
  expect(decay(-50)).toBe(0);
  expect(decay(-Infinity)).toBe(0);
});
