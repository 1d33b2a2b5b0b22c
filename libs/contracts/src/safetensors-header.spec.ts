import { describe, expect, it } from "vitest";
import { readSafetensorsHeader, safetensorsHeaderBytes } from "./safetensors-header";

/** A file as the format's own page describes it, written by hand. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const read = (header: unknown, dataBytes: number) => {
  const file = fileOf(header, dataBytes);
  return readSafetensorsHeader(file, file.length);
};

describe("the head of a safetensors file", () => {
  it("tells types, shapes and places, from its first bytes alone", () => {
    const file = fileOf(
      {
        __metadata__: { format: "pt" },
        bias: { dtype: "F32", shape: [3], data_offsets: [0, 12] },
        scale: { dtype: "BF16", shape: [], data_offsets: [12, 14] },
        none: { dtype: "I64", shape: [0, 7], data_offsets: [14, 14] },
        weight: { dtype: "F64", shape: [2, 3], data_offsets: [14, 62] },
      },
      62,
    );
    const head = file.subarray(0, safetensorsHeaderBytes(file, file.length));
    expect(head.length).toBe(file.length - 62);
    const { metadata, tensors, body } = readSafetensorsHeader(head, file.length);
    expect(metadata).toEqual({ format: "pt" });
    expect(body).toBe(head.length);
    expect(tensors["weight"]).toEqual({ dtype: "F64", shape: [2, 3], begin: 14, end: 62 });
    expect(Object.keys(tensors)).toHaveLength(4);
  });

  it.each([
    ["too long a header", () => readSafetensorsHeader(fileOf({}, 0), 9), "the safetensors header claims 2 bytes; the file has 1"],
    ["no header", () => safetensorsHeaderBytes(new Uint8Array(3), 3), "at least 8 bytes, not 3"],
    [
      "JSON of a plot in place of it",
      () => safetensorsHeaderBytes(new TextEncoder().encode('{"kind":"curve"}'), 16),
      "header claims",
    ],
    ["no JSON", () => read("{nonsense", 0), "the safetensors header is no JSON"],
    ["a list", () => read([], 0), "the safetensors header is no JSON object"],
    ["an unknown type", () => read({ w: { dtype: "F33", shape: [1], data_offsets: [0, 4] } }, 4), 'tensor "w" is of type F33'],
    ["no offsets", () => read({ w: { dtype: "F32", shape: [1] } }, 4), "no proper shape and data_offsets"],
    [
      "a shape that needs other bytes",
      () => read({ w: { dtype: "F32", shape: [2, 2], data_offsets: [0, 12] } }, 12),
      'tensor "w" (F32, [2, 2]) does not fit bytes 0 to 12 of 12',
    ],
    [
      "a tensor beyond the file",
      () => read({ w: { dtype: "F32", shape: [4], data_offsets: [0, 16] } }, 12),
      'tensor "w" (F32, [4]) does not fit bytes 0 to 16 of 12',
    ],
    [
      "a negative offset",
      () => read({ w: { dtype: "U8", shape: [4], data_offsets: [-4, 0] } }, 4),
      "no proper shape and data_offsets",
    ],
    [
      "a hole",
      () =>
        read({ a: { dtype: "U8", shape: [2], data_offsets: [0, 2] }, b: { dtype: "U8", shape: [2], data_offsets: [3, 5] } }, 5),
      'tensor "b" begins at byte 3; the one before it ends at 2',
    ],
    [
      "tensors that overlap",
      () =>
        read({ a: { dtype: "U8", shape: [4], data_offsets: [0, 4] }, b: { dtype: "U8", shape: [2], data_offsets: [2, 4] } }, 4),
      'tensor "b" begins at byte 2; the one before it ends at 4',
    ],
    [
      "bytes behind the last",
      () => read({ a: { dtype: "U8", shape: [2], data_offsets: [0, 2] } }, 3),
      "the tensors end at byte 2 of 3",
    ],
  ])("is refused with the place when it has %s", (_, reading, message) => {
    expect(reading).toThrow(message);
    expect(reading).toThrow(RangeError);
  });
});
