import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import type { Formulas } from "./formula-program";
import { evaluateFormulas, formulaGradients } from "./formulas";

/** Three columns: x, y of one source, z of another. Every operation occurs. */
const formulas: Formulas = {
  sources: [2, 1],
  instructions: [
    { op: "add", a: 0, b: 2, constant: 0 }, // 3: x + z
    { op: "multiply", a: 3, b: 1, constant: 0 }, // 4: (x + z) y
    { op: "multiply", a: 1, b: 1, constant: 0 }, // 5: y²
    { op: "add-constant", a: 5, b: 0, constant: 1.5 }, // 6: y² + 1.5
    { op: "reciprocal", a: 6, b: 0, constant: 0 }, // 7: 1/(y² + 1.5)
    { op: "logarithm", a: 6, b: 0, constant: 0 }, // 8
    { op: "sine", a: 4, b: 0, constant: 0 }, // 9
    { op: "cosine", a: 8, b: 0, constant: 0 }, // 10
    { op: "tanh", a: 3, b: 0, constant: 0 }, // 11
    { op: "multiply-constant", a: 2, b: 0, constant: -0.5 }, // 12: −z/2
    { op: "exponential", a: 12, b: 0, constant: 0 }, // 13
    { op: "absolute", a: 0, b: 0, constant: 0 }, // 14
    { op: "sign", a: 1, b: 0, constant: 0 }, // 15
    { op: "constant", a: 0, b: 0, constant: 0.75 }, // 16
    { op: "multiply", a: 13, b: 14, constant: 0 }, // 17
    { op: "multiply", a: 17, b: 15, constant: 0 }, // 18
    { op: "add", a: 18, b: 16, constant: 0 }, // 19
    { op: "multiply", a: 9, b: 7, constant: 0 }, // 20
  ],
  results: [
    [20, 19],
    [10, 11, 0],
  ],
};

function inDouble([x, y, z]: readonly [number, number, number]): [number[], number[]] {
  return [
    [Math.sin((x + z) * y) / (y * y + 1.5), Math.exp(-z / 2) * Math.abs(x) * Math.sign(y) + 0.75],
    [Math.cos(Math.log(y * y + 1.5)), Math.tanh(x + z), x],
  ];
}

const rows = 7;
const drawn = (purpose: string, ...shape: [number, number, number]): tf.Tensor3D => {
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  randomStream(4, purpose).fillNormal(values);
  return tf.tensor3d(values, shape);
};

describe.each(["wasm", "cpu"] as const)("formulas on %s", (backend) => {
  beforeAll(async () => {
    await openBackend(backend);
    return async () => {
      await openBackend("wasm");
    };
  });

  it("have their values and gradients in double precision", () => {
    const runs = 3;
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      // The second source is the same for all runs; one gradient is a number for each run, the other a number for each value.
      const sources = [drawn("first", runs, rows, 2), drawn("second", 1, rows, 1)];
      const gradients = [drawn("flat", runs, 1, 2), drawn("full", runs, rows, 3)];
      const { results, registers } = evaluateFormulas(formulas, sources, runs);
      expect(results.map(({ shape }) => shape)).toEqual([
        [runs, rows, 2],
        [runs, rows, 3],
      ]);
      const found = formulaGradients(formulas, { registers, rows }, gradients, [true, true]);
      const [values, slopes] = [results.map((one) => one.dataSync()), found.map((one) => one.dataSync())];
      const [first, second] = sources.map((one) => one.dataSync());
      const [flat, full] = gradients.map((one) => one.dataSync());
      for (let run = 0; run < runs; run++)
        for (let row = 0; row < rows; row++) {
          const at = run * rows + row;
          const point: [number, number, number] = [first![2 * at]!, first![2 * at + 1]!, second![row]!];
          inDouble(point).forEach((group, g) =>
            group.forEach((want, c) => expect(Math.abs(values[g]![at * group.length + c]! - want)).toBeLessThan(2e-6)),
          );
          const total = (moved: [number, number, number]): number => {
            const [a, b] = inDouble(moved);
            return (
              a.reduce((sum, value, c) => sum + value * flat![2 * run + c]!, 0) +
              b.reduce((sum, value, c) => sum + value * full![3 * at + c]!, 0)
            );
          };
          const h = 1e-6;
          for (let i = 0; i < 3; i++) {
            const moved = (by: number): [number, number, number] => point.map((v, j) => (j === i ? v + by : v)) as typeof point;
            const want = (total(moved(h)) - total(moved(-h))) / (2 * h);
            const got = i < 2 ? slopes[0]![2 * at + i]! : slopes[1]![at]!;
            expect(Math.abs(got - want)).toBeLessThan(1e-5 * Math.max(1, Math.abs(want)));
          }
        }
      const [only, ...others] = formulaGradients(formulas, { registers, rows }, gradients, [false, true]);
      expect(others).toEqual([]);
      expect(only!.dataSync()).toEqual(slopes[1]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("formulas of a pack on wasm", () => {
  it("give a run, and a row, the same bits alone and among others", async () => {
    await openBackend("wasm");
    tf.tidy(() => {
      const runs = 5;
      const sources = [drawn("first", runs, 9, 2), drawn("second", runs, 9, 1)];
      const gradients = [drawn("flat", runs, 9, 2), drawn("full", runs, 9, 3)];
      const compute = (from: readonly tf.Tensor3D[], seeds: readonly tf.Tensor3D[]): Float32Array[] => {
        const [count, own] = [from[0]!.shape[0], from[0]!.shape[1]];
        const { results, registers } = evaluateFormulas(formulas, from, count);
        const slopes = formulaGradients(formulas, { registers, rows: own }, seeds, [true, true]);
        return [...results, ...slopes].map((one) => one.dataSync<"float32">());
      };
      const whole = compute(sources, gradients);
      for (const [run, row, count] of [
        [0, 0, 9],
        [4, 0, 9],
        [2, 3, 1],
        [3, 2, 6],
      ] as const) {
        const part = (one: tf.Tensor3D): tf.Tensor3D => tf.slice3d(one, [run, row, 0], [1, count, -1]);
        const alone = compute(sources.map(part), gradients.map(part));
        alone.forEach((values, i) => {
          const columns = values.length / count;
          const start = (run * 9 + row) * columns;
          expect(values).toEqual(whole[i]!.slice(start, start + values.length));
        });
      }
    });
  });

  it("make what is no positive number as the logarithm does, and refuse sources of other shapes", () => {
    tf.tidy(() => {
      const logarithm: Formulas = { sources: [1], instructions: [{ op: "logarithm", a: 0, b: 0, constant: 0 }], results: [[1]] };
      const { results } = evaluateFormulas(logarithm, [tf.tensor3d([0, -1, NaN, Infinity, 1], [1, 5, 1])], 1);
      expect([...results[0]!.dataSync()]).toEqual([-Infinity, NaN, NaN, Infinity, 0]);
      expect(() => evaluateFormulas(logarithm, [tf.zeros([2, 5, 1])], 3)).toThrow(
        "A source of formulas is [2, 5, 1], not [3, 5, 1].",
      );
    });
  });
});
