import { expect, it } from "vitest";
import { keptLines, parallelDrawing } from "./parallel-drawing";

const loss = { label: "loss", unit: "", scale: "log" } as const;
const canvas = { scheme: "light", width: 900 } as const;

it("places words by the alphabet and numbers by their logarithm between both ends of an axis", () => {
  const drawing = parallelDrawing(
    [
      { axis: { ...loss, label: "activation" }, values: ["tanh", "relu", null] },
      { axis: loss, values: [0.01, 0.1, 1] },
    ],
    canvas,
  );
  expect(drawing?.parallel?.heights.map((heights) => [...heights])).toEqual([
    [1, 0, Number.NaN],
    [0, 0.5, 1],
  ]);
  expect(drawing?.traces.at(-1)).toMatchObject({ mode: "text", text: ["  relu", "  tanh", "  0.01", "  0.1", "  1"] });
});

it("gives values that do not apply a place of their own, below all others", () => {
  const drawing = parallelDrawing(
    [
      { axis: { ...loss, label: "optimizer" }, values: ["sgd", "momentum", "momentum"], absent: "does not apply" },
      { axis: { ...loss, label: "momentum", scale: "linear" }, values: [null, 0.5, 0.9], absent: "does not apply" },
      { axis: loss, values: [0.01, 0.1, 1] },
    ],
    canvas,
  );
  expect(drawing?.parallel?.heights.map((heights) => [...heights])).toEqual([
    [1, 0, 0],
    [0, 0.14, 1],
    [0, 0.5, 1],
  ]);
  expect(namesAt(drawing, 1)).toEqual([
    { name: "does not apply", at: 0 },
    { name: "0.5", at: 0.14 },
    { name: "0.9", at: 1 },
  ]);
});

/** Texts that stand at one of the axes, from below. */
const namesAt = (drawing: ReturnType<typeof parallelDrawing>, axis: number) => {
  const trace = drawing?.traces.at(-1);
  const [x, y, text] = [trace?.x as number[], trace?.y as number[], trace?.text as string[]];
  return text.flatMap((name, i) => (x[i] === axis ? [{ name: name.trim(), at: y[i] ?? Number.NaN }] : []));
};

it("leaves out names that would lie on one another, and keeps both ends", () => {
  const words = Array.from({ length: 60 }, (_, i) => `setting ${String(i).padStart(2, "0")} with a long name`);
  const numbers = [0.1, 0.1001, 0.1002, 0.5, 0.5003, 0.9, 0.8999, 0.9001];
  const coordinates = [
    { axis: { ...loss, scale: "linear" }, values: words },
    { axis: { ...loss, scale: "linear" }, values: words.map((_, i) => numbers[i % numbers.length] ?? null) },
    { axis: loss, values: words.map((_, i) => [1e-5, 1.02e-5, 1e-2, 1e-1, 1][i % 5] ?? null) },
  ] as const;
  const wide = parallelDrawing(coordinates, canvas);
  expect(namesAt(wide, 1).map(({ name }) => name)).toEqual(["0.1", "0.5", "0.9"]);
  expect(namesAt(wide, 2).map(({ name }) => name)).toEqual(["1×10⁻⁵", "0.01", "0.1", "1"]);
  for (const width of [390, 1440]) {
    const drawing = parallelDrawing(coordinates, { scheme: "dark", width });
    const { t = 0, b = 0 } = drawing?.parallel?.margin ?? {};
    const gap = (width - (drawing?.parallel?.margin.l ?? 0) - (drawing?.parallel?.margin.r ?? 0)) / 2;
    for (const axis of [0, 1, 2]) {
      const names = namesAt(drawing, axis);
      expect([names[0]?.at, names.at(-1)?.at]).toEqual([0, 1]);
      const places = names.map(({ at }) => at * ((drawing?.height ?? 0) - t - b));
      expect(Math.min(...places.slice(1).map((place, i) => place - (places[i] ?? 0)))).toBeGreaterThanOrEqual(16);
      for (const { name } of names) expect(name.length * 6).toBeLessThan(axis === 2 ? 96 : gap);
    }
  }
});

it("draws a brushed line in its colour and the others faded", () => {
  const values = Array.from({ length: 50 }, (_, i) => i);
  const drawing = parallelDrawing(
    [
      { axis: { ...loss, scale: "linear" }, values },
      { axis: { ...loss, scale: "linear" }, values },
    ],
    canvas,
  );
  const lengths = (traces: readonly { [option: string]: unknown }[] | undefined) =>
    (traces ?? []).filter(({ mode }) => mode === "lines").map(({ x }) => (x as unknown[]).length / 3);
  expect(lengths(drawing?.traces).reduce((a, b) => a + b, 0)).toBe(50);
  expect(lengths(drawing?.parallel?.traces([7]))).toEqual([50, 1]);
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
