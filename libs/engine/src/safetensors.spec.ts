import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSafetensors, writeSafetensors, type SafetensorsFile } from "./safetensors";

const tensor = fc.oneof(
  fc.float32Array({ maxLength: 9 }).map((values) => ({ shape: [values.length], values })),
  fc.float64Array({ maxLength: 9 }).map((values) => ({ shape: [1, values.length], values })),
  fc.int32Array({ maxLength: 9 }).map((values) => ({ shape: [values.length, 1], values })),
);
const file: fc.Arbitrary<SafetensorsFile> = fc.record({
  metadata: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
  tensors: fc.dictionary(
    fc.string().filter((name) => name !== "__metadata__"),
    tensor,
    { noNullPrototype: true },
  ),
});

describe("safetensors", () => {
  it("returns what was written, bit by bit", () => {
    fc.assert(
      fc.property(file, (written) => {
        const read = readSafetensors(writeSafetensors(written));
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(written.metadata).sort());
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(written.tensors).sort());
        for (const [name, { shape, values }] of Object.entries(written.tensors)) {
          const found = read.tensors[name];
          expect(found?.shape).toEqual(shape);
          expect(found?.values.constructor).toBe(values.constructor);
          expect(Buffer.from(found?.values.buffer ?? new ArrayBuffer())).toEqual(
            Buffer.from(values.buffer, values.byteOffset, values.byteLength),
          );
        }
      }),
    );
  });

  it("lays the file out as the format says, each tensor at a multiple of its element size", () => {
    const bytes = writeSafetensors({
      metadata: { note: "é" },
      tensors: {
        a: { shape: [3], values: Float32Array.of(1, 2, 3) },
        b: { shape: [1], values: Float64Array.of(0.5) },
        c: { shape: [], values: Int32Array.of(-7) },
      },
    });
    const view = new DataView(bytes.buffer);
    const headerBytes = Number(view.getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
    expect(header).toEqual({
      __metadata__: { note: "é" },
      b: { dtype: "F64", shape: [1], data_offsets: [0, 8] },
      a: { dtype: "F32", shape: [3], data_offsets: [8, 20] },
      c: { dtype: "I32", shape: [], data_offsets: [20, 24] },
    });
    expect(bytes.length).toBe(8 + headerBytes + 24);
    expect(view.getFloat64(8 + headerBytes, true)).toBe(0.5);
    expect(view.getInt32(8 + headerBytes + 20, true)).toBe(-7);
  });

  it("reads a file at any offset of a larger buffer", () => {
    const bytes = writeSafetensors({ metadata: {}, tensors: { w: { shape: [2], values: Float64Array.of(1, Number.NaN) } } });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(readSafetensors(shifted.subarray(3)).tensors["w"]?.values).toEqual(Float64Array.of(1, Number.NaN));
  });

  it("refuses what is no safetensors file", () => {
    const good = writeSafetensors({ metadata: {}, tensors: { w: { shape: [2], values: Float32Array.of(1, 2) } } });
    expect(() => readSafetensors(good.subarray(0, 5))).toThrow("at least 8 bytes");
    expect(() => readSafetensors(good.subarray(0, 20))).toThrow("header claims");
    expect(() => readSafetensors(good.subarray(0, good.length - 1))).toThrow(/tensor "w" .* does not fit/);
    const broken = good.slice();
    broken[8] = 0x20;
    expect(() => readSafetensors(broken)).toThrow("no JSON");
    expect(() => writeSafetensors({ metadata: {}, tensors: { w: { shape: [3], values: Float32Array.of(1) } } })).toThrow(
      "needs 3 values, not 1",
    );
  });
});
