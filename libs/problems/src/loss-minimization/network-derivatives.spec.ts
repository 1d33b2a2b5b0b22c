import { expect, test } from "vitest";
import { networkOf } from "../testing/known-network";
import { derivativeFigures, derivativePlots } from "./network-derivatives";
import { targetDerivatives, targetFunction } from "./target-function";

test("the derivatives of f are those of central differences", () => {
  const h = 1e-4;
  for (const [x, y] of [
    [0.31, -0.72],
    [-1.2, 0.4],
    [0, 0.9],
  ] as const) {
    const got = targetDerivatives(x, y);
    const f = targetFunction;
    expect(got.x).toBeCloseTo((f(x + h, y) - f(x - h, y)) / (2 * h), 5);
    expect(got.y).toBeCloseTo((f(x, y + h) - f(x, y - h)) / (2 * h), 5);
    expect(got.xx).toBeCloseTo((f(x + h, y) - 2 * f(x, y) + f(x - h, y)) / h ** 2, 4);
    expect(got.yy).toBeCloseTo((f(x, y + h) - 2 * f(x, y) + f(x, y - h)) / h ** 2, 4);
    expect(got.xy).toBeCloseTo((f(x + h, y + h) - f(x + h, y - h) - f(x - h, y + h) + f(x - h, y - h)) / (4 * h * h), 4);
  }
});

/** A network that is f, or `factor` times f, with f's exact derivatives along any direction. */
const network = (factor: number) =>
  networkOf(2, (x, y) => [factor * targetFunction(x, y)], {
    derivatives: (inputs, direction) => {
      const [u = 0, v = 0] = Array.from(direction);
      const first = new Float32Array(inputs.length / 2);
      const second = first.map((_, i) => {
        const d = targetDerivatives(inputs[2 * i] ?? 0, inputs[2 * i + 1] ?? 0);
        first[i] = factor * (d.x * u + d.y * v);
        return factor * (d.xx * u * u + 2 * d.xy * u * v + d.yy * v * v);
      });
      return Promise.resolve([first, second]);
    },
  });

test("a network that is f has no error, and one that is 1.1 f a tenth, in every derivative", async () => {
  for (const [factor, want] of [
    [1, 0],
    [1.1, 0.1],
  ] as const)
    for (const [name, error] of Object.entries(await derivativeFigures(network(factor))))
      expect(error, name).toBeCloseTo(want, 5);
});

test("the plots have each derivative beside the true one", async () => {
  const { gradient, hessian } = await derivativePlots(network(1));
  if (gradient.kind !== "contour" || hessian.kind !== "contour") throw new Error("no contour");
  expect(gradient.layers.map(({ name }) => name)).toEqual(["∂f/∂x, true", "∂f/∂x, network", "∂f/∂y, true", "∂f/∂y, network"]);
  expect(hessian.layers).toHaveLength(6);
  for (const { layers } of [gradient, hessian])
    for (let i = 0; i < layers.length; i += 2)
      layers[i]?.z.forEach((row, r) => row.forEach((value, c) => expect(layers[i + 1]?.z[r]?.[c]).toBeCloseTo(value ?? 0, 4)));
  expect(hessian.layers[2]?.name).toBe("∂²f/∂x∂y, true");
});
