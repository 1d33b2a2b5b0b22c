import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { meanPerRun, sumPerRun, sumRows } from "./reduce";

beforeAll(async () => {
  await openBackend("wasm");
});

function random(runs: number, rows: number, columns: number): tf.Tensor3D {
  const values = new Float32Array(runs * rows * columns);
  randomStream(5, "reduce.spec", runs * rows + columns).fillNormal(values);
  return tf.tensor3d(values, [runs, rows, columns]);
}

describe.each(["wasm", "cpu"] as const)("reductions on %s", (backend) => {
  beforeAll(async () => {
    await openBackend(backend);
    return async () => {
      await openBackend("wasm");
    };
  });

  it.each([
    [1, 1, 1],
    [3, 5, 17],
    [17, 128, 5],
    [2, 3, 4],
  ])("%i runs of %i by %i", (runs, rows, columns) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const x = random(runs, rows, columns);
      const values = x.dataSync();
      const [columnSums, sums] = [new Float64Array(runs * columns), new Float64Array(runs)];
      values.forEach((value, i) => {
        const run = Math.floor(i / (rows * columns));
        columnSums[run * columns + (i % columns)]! += value;
        sums[run]! += value;
      });
      const [byRow, whole, mean] = [sumRows(x), sumPerRun(x), meanPerRun(x)];
      expect(byRow.shape).toEqual([runs, 1, columns]);
      expect(whole.shape).toEqual([runs]);
      byRow.dataSync().forEach((value, i) => expect(Math.abs(value - (columnSums[i] ?? NaN))).toBeLessThan(1e-5 * rows));
      whole.dataSync().forEach((value, r) => expect(Math.abs(value - (sums[r] ?? NaN))).toBeLessThan(1e-5 * rows * columns));
      mean.dataSync().forEach((value, r) => expect(Math.abs(value - (sums[r] ?? NaN) / (rows * columns))).toBeLessThan(1e-5));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("reductions of a pack on wasm", () => {
  it("give a run the same bits alone and in packs of any width", () => {
    tf.tidy(() => {
      const x = random(17, 33, 7);
      const [rows, wholes, means] = [sumRows(x).dataSync(), sumPerRun(x).dataSync(), meanPerRun(x).dataSync()];
      for (const [first, width] of [
        [0, 1],
        [16, 1],
        [3, 2],
        [5, 12],
      ] as const) {
        const part = tf.slice(x, first, width);
        expect(sumRows(part).dataSync()).toEqual(rows.slice(first * 7, (first + width) * 7));
        expect(sumPerRun(part).dataSync()).toEqual(wholes.slice(first, first + width));
        expect(meanPerRun(part).dataSync()).toEqual(means.slice(first, first + width));
      }
    });
  });
});
