import { describe, expect, test } from "vitest";
import { excessOf, namesIn, readComparison } from "./comparison";

const names = ["width", "layers", "rate"];
const excess = (text: string, values: Record<string, number>): number => {
  const { comparison, fault } = readComparison(text, names);
  if (!comparison) throw new Error(fault.message);
  return excessOf(comparison, ({ name }) => values[name] ?? Number.NaN);
};

describe("comparisons", () => {
  test.each([
    ["width * layers <= 512", { width: 64, layers: 8 }, 0],
    ["width * layers <= 512", { width: 64, layers: 9 }, 64],
    ["width * layers < 512", { width: 64, layers: 8 }, Number.MIN_VALUE],
    ["layers ≥ 2", { layers: 2 }, 0],
    ["layers ≥ 2", { layers: 1 }, 1],
    ["width > layers", { width: 3, layers: 2 }, 0],
    ["width > layers", { width: 2, layers: 2 }, Number.MIN_VALUE],
    ["3 * rate = 0.3", { rate: 0.1 }, 0],
    ["width == 2^layers", { width: 9, layers: 3 }, 1],
    ["width / (layers - 1) <= 3", { width: 3, layers: 1 }, Number.POSITIVE_INFINITY],
    ["log(rate) <= 0", { rate: -1 }, Number.POSITIVE_INFINITY],
    ["rate <= 1", {}, Number.POSITIVE_INFINITY],
  ])("%s of %o is broken by %f", (text, values, by) => {
    expect(excess(text, values)).toBe(by);
  });

  test.each([
    ["width * layers", /compares nothing/, 14],
    ["width < layers < 3", /second "<"/, 15],
    ["widht <= 3", /there is no "widht" here/, 0],
    ["width <= layes", /there is no "layes" here/, 9],
    ["width <= ", /found the end/, 9],
    ["1 < 2", /names nothing/, 0],
    ["width <= (3", /never closed/, 9],
  ])("%s is refused at its place", (text, message, at) => {
    const { fault } = readComparison(text, names);
    expect(fault?.message).toMatch(message);
    expect(fault?.at).toBe(at);
  });

  test("names are told once, without pi", () => {
    const { comparison } = readComparison("width * width + pi <= layers", names);
    expect(comparison && namesIn(comparison)).toEqual(["width", "layers"]);
  });
});
