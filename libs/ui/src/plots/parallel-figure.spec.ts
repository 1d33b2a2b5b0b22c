import { expect, it } from "vitest";
import { keptLines, parallelFigure } from "./parallel-figure";

const loss = { label: "loss", unit: "", scale: "log" } as const;
const space = { scheme: "light", width: 900 } as const;

it("places words by the alphabet and numbers by their logarithm between both ends of an axis", () => {
  const figure = parallelFigure(
    [
      { axis: { ...loss, label: "activation" }, values: ["tanh", "relu", null] },
      { axis: loss, values: [0.01, 0.1, 1] },
    ],
    space,
  );
  expect(figure?.parallel?.heights.map((heights) => [...heights])).toEqual([
    [1, 0, Number.NaN],
    [0, 0.5, 1],
  ]);
  expect(figure?.traces.at(-1)).toMatchObject({ mode: "text", text: ["  relu", "  tanh", "  0.01", "  0.1", "  1"] });
});

it("draws a brushed line in its colour and the others faded", () => {
  const values = Array.from({ length: 50 }, (_, i) => i);
  const figure = parallelFigure(
    [
      { axis: { ...loss, scale: "linear" }, values },
      { axis: { ...loss, scale: "linear" }, values },
    ],
    space,
  );
  const lengths = (traces: readonly { [option: string]: unknown }[] | undefined) =>
    (traces ?? []).filter(({ mode }) => mode === "lines").map(({ x }) => (x as unknown[]).length / 3);
  expect(lengths(figure?.traces).reduce((a, b) => a + b, 0)).toBe(50);
  expect(lengths(figure?.parallel?.traces([7]))).toEqual([50, 1]);
});

it("brushing keeps the lines that pass every axis' part", () => {
  const heights = [
    [0, 0.5, 1],
    [1, 0.5, 0],
  ];
  expect(keptLines(heights, [null, null])).toBeNull();
  expect(keptLines(heights, [[0.4, 1], null])).toEqual([1, 2]);
  expect(
    keptLines(heights, [
      [0.4, 1],
      [0, 0.2],
    ]),
  ).toEqual([2]);
  expect(keptLines([[Number.NaN]], [[0, 1]])).toEqual([]);
});
