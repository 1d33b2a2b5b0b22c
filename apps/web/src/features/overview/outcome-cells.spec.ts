import { expect, it } from "vitest";
import { cellLooks, lettersOf, placeAfter, seedPlaces } from "./outcome-cells";

it("the legend names what is there, in one order", () => {
  expect(lettersOf({ rows: [] })).toEqual([]);
  const row = { group: {}, trial: 0, success: null, median: null, low: null, high: null, best: null };
  const counts = { total: 3, succeeded: 0, diverged: 0, failed: 0, cancelled: 0, pruned: 0, unfinished: 3 };
  expect(lettersOf({ rows: ["ux m", "d", "xx"].map((cells) => ({ ...row, counts, cells })) })).toEqual(["m", "x", "d", "u"]);
});

it("only what met its criterion is green", () => {
  const green = Object.entries(cellLooks).filter(([, { color }]) => color.light === cellLooks["m"]?.color.light);
  expect(green.map(([letter]) => letter)).toEqual(["m"]);
  expect(new Set(Object.values(cellLooks).map(({ mark }) => mark)).size).toBe(Object.keys(cellLooks).length);
});

const cells = ["mx m", "d", "mmmm"];

it.each([
  ["ArrowRight", [0, 1], [0, 3]],
  ["ArrowRight", [0, 3], [0, 3]],
  ["ArrowLeft", [0, 3], [0, 1]],
  ["ArrowDown", [0, 1], [2, 1]],
  ["ArrowDown", [2, 1], [2, 1]],
  ["ArrowUp", [2, 0], [1, 0]],
  ["Home", [2, 3], [2, 0]],
  ["End", [1, 0], [1, 0]],
  ["End", [0, 0], [0, 3]],
])("%s leads from %j to %j, over places without a run", (key, [row = 0, column = 0], [toRow, toColumn]) => {
  expect(placeAfter(key, { row, column }, cells)).toEqual({ row: toRow, column: toColumn });
});

it("other keys are left alone", () => {
  expect(placeAfter("Enter", { row: 0, column: 0 }, cells)).toBeNull();
});

it("orders initializations by seed, or those first that succeed in the fewest configurations", () => {
  const answer = { seeds: [4, 5, 6], rows: ["mxm", "mxx", "mm"].map((cells) => ({ cells })) } as unknown as Parameters<
    typeof seedPlaces
  >[0];
  expect(seedPlaces(answer, "seed")).toEqual([0, 1, 2]);
  // Seed 5 and 6 once each, seed 4 three times.
  expect(seedPlaces(answer, "hardest")).toEqual([1, 2, 0]);
});
