import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { cylinderFlow } from "./cylinder-flow";
import { divergenceOf, scaledSamples, strainOf, velocityGradients, vorticityOf } from "./fields";
import { flowAt, flowGrid, flowSamples, trueStrain } from "./potential-flow";
import { networkOf } from "../testing/known-network";

const setting = { points: 200, noise: 0.05, dataSeed: 0 };

test("the flow is free of vorticity and divergence, stands still at the stagnation point and is fastest beside the cylinder", () => {
  for (const [x, y] of [
    [0.7, 0.1],
    [-1.3, 1.9],
    [0.4, -0.6],
  ] as const) {
    const { ux, uy, vx, vy } = flowAt(x, y);
    expect(vx - uy).toBe(0);
    expect(ux + vy).toBe(0);
    const [right, left, up, down] = [flowAt(x + 1e-6, y), flowAt(x - 1e-6, y), flowAt(x, y + 1e-6), flowAt(x, y - 1e-6)];
    expect(ux).toBeCloseTo((right.u - left.u) / 2e-6, 6);
    expect(vx).toBeCloseTo((right.v - left.v) / 2e-6, 6);
    expect(uy).toBeCloseTo((up.u - down.u) / 2e-6, 6);
    expect(vy).toBeCloseTo((up.v - down.v) / 2e-6, 6);
  }
  expect(flowAt(-0.5, 0)).toMatchObject({ u: 0 });
  expect(flowAt(0, 0.5).u).toBeCloseTo(2, 12);
});

test("the grid has 2,336 points; 200 drawn points leave as many as their share of the area, give or take three deviations", () => {
  expect(flowGrid(50)).toHaveLength(2336);
  const share = 1 - (Math.PI * 0.36) / 16;
  const deviation = Math.sqrt(200 * share * (1 - share));
  for (let dataSeed = 0; dataSeed < 20; dataSeed++) {
    const { places } = flowSamples({ ...setting, dataSeed });
    expect(Math.abs(places.length - 200 * share)).toBeLessThan(3 * deviation + 0.5);
    expect(places.every(([x, y]) => Math.hypot(x, y) > 0.6 && Math.abs(x) <= 2 && Math.abs(y) <= 2)).toBe(true);
  }
  // The default draw leaves as many as the source's.
  const defaults = configurationOf(cylinderFlow, {});
  expect(flowSamples({ ...setting, dataSeed: Number(defaults["dataSeed"]) }).places).toHaveLength(189);
});

test("the noise has its deviation", () => {
  const { places, velocities } = flowSamples({ ...setting, points: 4000 });
  const squares = velocities.map(([u, v], i) => {
    const [x, y] = places[i] ?? [Number.NaN, Number.NaN];
    const truth = flowAt(x, y);
    return ((u - truth.u) ** 2 + (v - truth.v) ** 2) / 2;
  });
  expect(Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)).toBeCloseTo(0.05, 2);
});

test("the Jacobian, vorticity, divergence and strain are in the flow's units: a rigid rotation with strain has those worked out by hand", async () => {
  const scales = scaledSamples(setting);
  const grid = flowGrid(6);
  const [x, y] = scales.inputs;
  const [u, v] = scales.outputs;
  // u = 3x − 2y, v = 5x + 4y: vorticity 5 + 2, divergence 3 + 4.
  const network = networkOf(2, (a, b) => {
    const [px, py] = [x.restore(a), y.restore(b)];
    return [u.scale(3 * px - 2 * py), v.scale(5 * px + 4 * py)];
  });
  for (const found of await velocityGradients(network, scales, grid)) {
    const { ux, uy, vx, vy } = found;
    [3, -2, 5, 4].forEach((want, i) => expect([ux, uy, vx, vy][i]).toBeCloseTo(want, 2));
    expect(vorticityOf(found)).toBeCloseTo(7, 2);
    expect(divergenceOf(found)).toBeCloseTo(7, 2);
    // S = (3, 3/2; 3/2, 4).
    expect(strainOf(found)).toBeCloseTo(Math.sqrt(9 + 16 + 2 * 2.25), 2);
  }
});

test("the strain is that of the velocity's gradient, and predictions of the mean are judged in the flow's units", () => {
  // On the circle of radius r it is √2·2UR²/r³ everywhere.
  expect(trueStrain([[0.8, 0]])).toBeCloseTo((Math.SQRT2 * 0.5) / 0.8 ** 3, 12);
  expect(trueStrain([[0.48, -0.64]])).toBeCloseTo((Math.SQRT2 * 0.5) / 0.8 ** 3, 12);
  const { problem } = cylinderFlow;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const parameters = configurationOf(cylinderFlow, {});
  const { outputs } = scaledSamples({ ...setting, dataSeed: Number(parameters["dataSeed"]) });
  const still = Float32Array.from({ length: 2 * 2336 }, (_, i) => outputs[i % 2 === 0 ? 0 : 1].scale(0));
  const squares = flowGrid(50).reduce((sum, [x, y]) => sum + flowAt(x, y).u ** 2 + flowAt(x, y).v ** 2, 0);
  expect(problem.evaluate(parameters, still, noResources)["velocityRmse"]).toBeCloseTo(Math.sqrt(squares / 2 / 2336), 5);
});
