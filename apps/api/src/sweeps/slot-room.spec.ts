import { wasmSlotBytes } from "@basin/contracts";
import { expect, test } from "vitest";
import { largestRoom } from "./slot-room";

const slot = (name: string, slotBytes: number | null, backend = "wasm") => ({ name, slotBytes, backend });

test("the largest slot counts, one that says nothing as large as can be", () => {
  expect(largestRoom("lab", [])).toEqual({ bytes: wasmSlotBytes, whose: "a slot" });
  expect(largestRoom("lab", [slot("small", 1e9), slot("large", 2e9)])).toEqual({
    bytes: 2e9,
    whose: "the largest slot in pool lab, of trainer large,",
  });
  expect(largestRoom("lab", [slot("small", 1e9), slot("silent", null)])?.bytes).toBe(wasmSlotBytes);
});

test("nothing is known of the memory of other backends", () => {
  expect(largestRoom("lab", [slot("small", 1e9), slot("gpu", 1e9, "webgpu")])).toBeNull();
});
