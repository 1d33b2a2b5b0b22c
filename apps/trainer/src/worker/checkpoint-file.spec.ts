import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCheckpoint, writeCheckpoint } from "./checkpoint-file";

const build = "3fa94c1b20de";

describe("a checkpoint file", () => {
  it("gives back what was written, to the bit", () => {
    const metric = fc.constantFrom("loss", "val/loss", "r2");
    const series = fc.tuple(metric, fc.array(fc.double(), { maxLength: 20 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 50 }),
        fc.nat(),
        fc.uniqueArray(series, { selector: ([name]) => name }),
        (program, step, all) => {
          const history = all.map(([name, values]) => ({
            metric: name,
            steps: Int32Array.from(values, (_, i) => i * 3),
            values: Float64Array.from(values),
          }));
          const read = readCheckpoint(writeCheckpoint({ build, step, trainSeconds: 0.1, program, history }), build);
          expect(read.step).toBe(step);
          expect(read.trainSeconds).toBe(0.1);
          expect([...read.program]).toEqual([...program]);
          const byName = (a: { metric: string }, b: { metric: string }): number => a.metric.localeCompare(b.metric);
          expect(read.history.toSorted(byName)).toEqual(history.toSorted(byName));
        },
      ),
    );
  });

  it("says what is wrong with bytes that are none", () => {
    const file = writeCheckpoint({ build, step: 7, trainSeconds: 1, program: Uint8Array.of(1, 2, 3), history: [] });
    expect(() => readCheckpoint(file.subarray(0, 40), build)).toThrow(RangeError);
    expect(() => readCheckpoint(file.subarray(0, file.length - 2), build)).toThrow(RangeError);
    const other = Buffer.from(Buffer.from(file).toString("latin1").replace("basin-checkpoint-2", "basin-checkpoint-9"), "latin1");
    expect(() => readCheckpoint(other, build)).toThrow('the file\'s format is "basin-checkpoint-9", not "basin-checkpoint-2"');
  });

  it("is of one build, extensions included", () => {
    const file = writeCheckpoint({ build, step: 7, trainSeconds: 1, program: Uint8Array.of(1, 2, 3), history: [] });
    expect(readCheckpoint(file, build).build).toBe(build);
    for (const other of ["fedcba987654", `${build}-0a1b2c3d`])
      expect(() => readCheckpoint(file, other)).toThrow(`the file is of build ${build}, this trainer of ${other}`);
  });
});
