import { expect, it } from "vitest";
import { conditionValue, placeColumns, turned } from "./column-layout";

const columns = [
  { id: "a", width: 100 },
  { id: "b", width: 50 },
  { id: "c", width: 70 },
  { id: "d", width: 10 },
];

it("pinned columns stick one after the other, before the rest", () => {
  expect(placeColumns(columns, ["a", "b", "c"], ["c", "a", "d"], 40).map(({ column, left }) => [column.id, left])).toEqual([
    ["a", 40],
    ["c", 140],
    ["b", null],
  ]);
});

it("a heading turns from ascending to descending and back to the order of creation", () => {
  expect([turned("index", "seed"), turned("seed", "seed"), turned("-seed", "seed"), turned("-index", "index")]).toEqual([
    "seed",
    "-seed",
    "index",
    "index",
  ]);
});

it("values are JSON where they can be", () => {
  expect(["0.01", "[16, 8]", "true", "tanh", " null "].map(conditionValue)).toEqual([0.01, [16, 8], true, "tanh", null]);
});
