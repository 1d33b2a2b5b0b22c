import { expect, it } from "vitest";
import type { Canvas } from "./drawing";
import { classBarsDrawing, importanceDrawing } from "./statistics-drawings";
import { parameterContourDrawing, rankDrawing } from "./parameter-drawings";

const canvas: Canvas = { scheme: "dark", width: 800 };
const loss = { label: "loss", unit: "", scale: "log" as const };
const placed = [
  { id: "a", x: 1, y: 1, value: 3 },
  { id: "b", x: 2, y: 1, value: 1 },
  { id: "c", x: 1, y: 2, value: 1 },
  { id: "d", x: 1, y: 1, value: 5 },
];
const axes = { x: loss, y: loss, value: loss };

it("ranks from 0 to 1, ties alike", () => {
  const marker = rankDrawing(placed, axes, canvas)?.traces[0]?.marker as { color: number[] };
  expect(marker.color.map((rank) => Math.round(rank * 100))).toEqual([67, 17, 17, 100]);
});

it("a contour holds the mean of runs at the same place and leaves empty places empty", () => {
  const linear = { ...axes, value: { ...loss, scale: "linear" as const } };
  expect(parameterContourDrawing(placed, linear, canvas)?.traces[0]).toMatchObject({
    x: [1, 2],
    y: [1, 2],
    z: [
      [4, 1],
      [1, null],
    ],
  });
  expect(parameterContourDrawing(placed.slice(0, 1), axes, canvas)).toBeNull();
});

it("colours a logarithmic figure by its decades and names the values, and draws nothing between categories", () => {
  const decades = placed.map((place, i) => ({ ...place, id: String(i), value: 10 ** -(2 * place.x + place.y) }));
  const trace = parameterContourDrawing(decades, axes, canvas)?.traces[0];
  // Of x + y: 10⁻³ in the corner, 10⁻⁵ right of it, 10⁻⁴ above; shades are decades.
  const shades = trace?.z as (number | null)[][];
  expect(shades.map((row) => row.map((shade) => (shade === null ? null : Math.round(shade))))).toEqual([
    [-3, -5],
    [-4, null],
  ]);
  expect(trace?.colorbar).toMatchObject({ tickvals: [-5, -4, -3], ticktext: ["10⁻⁵", "0.0001", "0.001"] });
  const named = decades.map((place) => ({ ...place, x: place.x === 1 ? "relu" : "tanh" }));
  expect(parameterContourDrawing(named, axes, canvas)).toBeNull();
});

it("a contour's dot says of how many runs it is the mean", () => {
  const [, dots] = parameterContourDrawing(placed, axes, canvas)?.traces ?? [];
  expect(dots?.text).toEqual(["mean of 2 at this place<br>loss 4 ", "run b<br>loss 1 ", "run c<br>loss 1 "]);
});

it("classes are shares of their group", () => {
  const drawing = classBarsDrawing([{ name: "g", counts: [1, 3] }], ["true", "wrong"], canvas);
  expect(drawing?.traces.slice(0, 2).map(({ x }) => x)).toEqual([[25], [75]]);
  expect(drawing?.traces[2]).toMatchObject({ mode: "text", x: [12.5, 62.5], y: [0, 0], text: ["1", "3"] });
  const few = classBarsDrawing([{ name: "g", counts: [1, 999, 0] }], ["true", "wrong", "none"], canvas);
  expect(few?.traces[3], "a count that has no room is left to the hover").toMatchObject({ text: ["999"] });
});

it("no two of sixteen classes look alike", () => {
  const classes = Array.from({ length: 16 }, (_, i) => `class ${i}`);
  const bars = classBarsDrawing([{ name: "g", counts: classes.map(() => 1) }], classes, canvas)?.traces.slice(0, 16) ?? [];
  const looks = bars.map(({ marker }) => {
    const { color, pattern } = marker as { color: string; pattern: { shape: string } };
    return `${color} ${pattern.shape}`;
  });
  expect(new Set(looks).size).toBe(16);
});

it("importances are sorted and nothing is drawn without any", () => {
  expect(
    importanceDrawing(
      [
        { name: "a", share: 0.1 },
        { name: "b", share: 0.9 },
      ],
      "fANOVA",
      canvas,
    )?.table().rows,
  ).toEqual([
    ["b", 0.9],
    ["a", 0.1],
  ]);
  expect(importanceDrawing([], "fANOVA", canvas)).toBeNull();
});
