import { pinnActivationNames } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { doubleJet } from "../testing/double-jet";
import { derivativesAt } from "./passes";

beforeAll(async () => {
  await openBackend("wasm");
});

const points = 5;
const orders = (...coordinates: number[]): number[] => [0, 1, 2, 3].map((c) => coordinates.filter((one) => one === c).length);

describe.each(pinnActivationNames)("%s", (activation) => {
  it.each([1, 2, 3, 4])("has the derivatives that differences in double precision have, in %i coordinates", (d) => {
    const sizes = [d, 6, 7, 2];
    const parameters = sizes.slice(1).flatMap((out, layer) =>
      [(sizes[layer] ?? 1) * out, out].map((count, i) => {
        const values = new Float32Array(count);
        randomStream(11, "pinn/derivatives", 10 * d + 2 * layer + i).fillNormal(values);
        return Array.from(values, (value) => Math.fround(0.6 * value));
      }),
    );
    const x = new Float32Array(points * d);
    randomStream(12, "pinn/points", d).fillUniform(x);
    const value = (at: number[]): number[] => doubleJet(activation, sizes, parameters, at).value;
    const moved = (at: number[], i: number, by: number): number[] => at.with(i, (at[i] ?? NaN) + by);
    const h = 1e-4;
    const coordinates = Array.from({ length: d }, (_, i) => i);
    const pairs = coordinates.flatMap((i) => coordinates.slice(i).map((j) => [i, j] as const));
    const triples = pairs.flatMap(([i, j]) => coordinates.slice(j).map((k) => [i, j, k] as const));
    const asked = [
      [],
      ...coordinates.map((i) => orders(i)),
      ...pairs.map(([i, j]) => orders(i, j)),
      ...triples.map((triple) => orders(...triple)),
    ];
    const got = tf.tidy(() => {
      const network = parameters.map((values, i) =>
        tf.tensor3d(values, [1, i % 2 ? 1 : (sizes[i / 2] ?? 1), sizes[1 + (i >> 1)] ?? 1]),
      );
      return derivativesAt(activation, network, d, x, asked);
    });
    for (let p = 0; p < points; p++) {
      const at = Array.from(x.slice(p * d, (p + 1) * d));
      for (const component of [0, 1]) {
        const f = (where: number[]): number => value(where)[component] ?? NaN;
        const want = [
          f(at),
          ...coordinates.map((i) => (f(moved(at, i, h)) - f(moved(at, i, -h))) / (2 * h)),
          ...pairs.map(([i, j]) => {
            const corner = (a: number, b: number): number => f(moved(moved(at, i, a * h), j, b * h));
            return (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h * h);
          }),
          ...triples.map(([i, j, k]) => {
            const second = (where: number[]): number =>
              doubleJet(activation, sizes, parameters, where).second[i]?.[j]?.[component] ?? NaN;
            return (second(moved(at, k, h)) - second(moved(at, k, -h))) / (2 * h);
          }),
        ];
        want.forEach((one, e) => {
          const mine = got[e]?.[2 * p + component] ?? NaN;
          expect(Math.abs(mine - one), `${asked[e]?.join()} of ${component} at ${at.join()}`).toBeLessThan(
            3e-6 * Math.max(1, Math.abs(one)),
          );
        });
      }
    }
  });
});

it("says which derivative there is none of", () => {
  tf.tidy(() => {
    const network = [tf.ones<tf.Rank.R3>([1, 1, 1]), tf.zeros<tf.Rank.R3>([1, 1, 1])];
    const at = Float32Array.of(0.5, 0.7);
    expect(derivativesAt("tanh", network, 1, at, [0, 1, [2]]).map((values) => Array.from(values))).toEqual([
      [0.5, Math.fround(0.7)],
      [1, 1],
      [0, 0],
    ]);
    expect(() => derivativesAt("tanh", network, 1, at, [[0, 1]])).toThrow("no derivative of orders (0, 1) in 1 coordinates");
    expect(() => derivativesAt("tanh", network, 1, at, [4])).toThrow("is of order 4; at most 3");
  });
});
