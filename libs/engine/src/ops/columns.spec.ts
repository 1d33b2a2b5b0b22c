import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { joinColumns, takeColumns } from "./columns";

function random(runs: number, rows: number, columns: number): tf.Tensor3D {
  const values = new Float32Array(runs * rows * columns);
  randomStream(5, "columns.spec", runs * rows + columns).fillNormal(values);
  return tf.tensor3d(values, [runs, rows, columns]);
}

describe.each(["wasm", "cpu"] as const)("columns on %s", (backend) => {
  beforeAll(async () => {
    await openBackend(backend);
    return async () => {
      await openBackend("wasm");
    };
  });

  it.each([
    [1, 1, [1]],
    [3, 5, [1, 7, 2]],
    [4, 33, [32, 1, 5, 4]],
  ])("%i runs of %i rows, widths %j: joined and taken apart again", (runs, rows, widths) => {
    tf.tidy(() => {
      // Every second part is the same for all runs.
      const parts = widths.map((width, i) => random(i % 2 === 0 ? runs : 1, rows, width));
      const all = joinColumns(parts, runs);
      const width = widths.reduce((a, b) => a + b, 0);
      expect(all.shape).toEqual([runs, rows, width]);
      let start = 0;
      parts.forEach((part, i) => {
        const own = widths[i] ?? 0;
        const taken = takeColumns(all, start, own);
        start += own;
        expect(taken.shape).toEqual([runs, rows, own]);
        const [want, got] = [part.dataSync(), taken.dataSync()];
        got.forEach((value, at) => expect(value).toBe(want[at % want.length]));
        // Read by its place, not by what joins it.
        const whole = all.dataSync();
        for (let r = 0; r < runs * rows; r++)
          for (let j = 0; j < own; j++) expect(whole[r * width + start - own + j]).toBe(want[(r * own + j) % want.length]);
      });
    });
  });
});

it("refuses columns that do not stand side by side, or that are not there", async () => {
  await openBackend("wasm");
  tf.tidy(() => {
    expect(() => joinColumns([], 2)).toThrow("no columns to join");
    expect(() => joinColumns([random(2, 3, 1), random(2, 4, 1)], 2)).toThrow("do not stand beside [2, 3, …]");
    expect(() => joinColumns([random(3, 3, 1)], 2)).toThrow("do not stand beside");
    expect(() => takeColumns(random(2, 3, 4), 3, 2)).toThrow("no columns 3 to 4 among 4");
  });
});
