import { expect, it } from "vitest";
import { firstNotFinite } from "./first-not-finite";

it("finds the first value that is not finite", () => {
  expect(firstNotFinite(Float32Array.of(1, -2, 0))).toBeUndefined();
  expect(firstNotFinite(new Float64Array())).toBeUndefined();
  expect(firstNotFinite(Float32Array.of(1, -Infinity, NaN))).toBe(-Infinity);
  expect(firstNotFinite(Float64Array.of(NaN, Infinity))).toBeNaN();
});
