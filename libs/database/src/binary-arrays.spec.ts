import fc from "fast-check";
import { expect, it } from "vitest";
import { float64ArrayOf, float8Array, int32ArrayOf, int4Array } from "./binary-arrays";

it("reads PostgreSQL's binary arrays exact to the bit", () => {
  fc.assert(
    fc.property(fc.float64Array({ minLength: 1 }), fc.int32Array({ minLength: 1 }), (values, steps) => {
      expect(float64ArrayOf(float8Array(values))).toEqual(values);
      expect(int32ArrayOf(int4Array(steps))).toEqual(steps);
    }),
  );
});

it("reads an empty array, which has no dimensions", () => {
  expect(int32ArrayOf(Buffer.from("000000000000000000000017", "hex"))).toEqual(new Int32Array(0));
});

it("reads from a buffer that lies inside a larger one", () => {
  const packed = float8Array(Float64Array.of(0.1, Number.NaN));
  const pool = Buffer.concat([Buffer.from([1, 2, 3]), packed, Buffer.from([4])]);
  expect(float64ArrayOf(pool.subarray(3, 3 + packed.length))).toEqual(Float64Array.of(0.1, Number.NaN));
});
