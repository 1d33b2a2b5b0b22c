import { expect, it } from "vitest";
import { alignCurves } from "../chart/curve";
import type { Canvas } from "./drawing";
import { boxStripDrawing, pairsDrawing, stepDistributionDrawing } from "./group-drawings";
import { historyDrawing, throughputDrawing } from "./progress-drawings";
import { termPathsDrawing } from "./term-paths-drawing";

const wide: Canvas = { scheme: "light", width: 1000 };
const narrow: Canvas = { scheme: "dark", width: 360 };
const loss = { label: "loss", unit: "", scale: "linear" as const };
const groups = [
  {
    name: "tanh",
    style: 0,
    box: { whiskerLow: 1, q1: 2, median: 3, q3: 4, whiskerHigh: 5 },
    rate: { rate: 0.5, low: 0.25, high: 0.75, met: 2, of: 4 },
    runs: [
      { id: "a", value: 2 },
      { id: "b", value: 4 },
    ],
  },
  { name: "relu", style: 1, box: null, rate: null, runs: [] },
];

it("draws the given quartiles, every listed run in its row, and the rate with its interval", () => {
  const [box, points, rates] = boxStripDrawing(groups, loss, wide)?.traces ?? [];
  expect(box).toMatchObject({ y: [0], q1: [2], median: [3], q3: [4], lowerfence: [1], upperfence: [5] });
  expect(points).toMatchObject({ x: [2, 4], customdata: ["a", "b"] });
  for (const y of points?.y as number[]) expect(Math.abs(y)).toBeLessThan(0.25);
  expect(rates).toMatchObject({ x: [50], y: [0], yaxis: "y", error_x: { array: [25], arrayminus: [25] } });
});

it("lays rates below the boxes and names above the rows where there is little room", () => {
  const drawing = boxStripDrawing(groups, loss, narrow);
  expect(drawing?.traces[2]).toMatchObject({ yaxis: "y2" });
  expect((drawing?.layout.annotations as { text: string; yref: string }[]).map(({ text, yref }) => `${text} ${yref}`)).toEqual([
    "tanh y",
    "relu y",
    "tanh y2",
    "relu y2",
  ]);
  expect(boxStripDrawing([], loss, wide)).toBeNull();
});

it("has no second panel without a criterion", () => {
  const drawing = boxStripDrawing(
    groups.map((group) => ({ ...group, rate: null })),
    loss,
    wide,
  );
  expect(drawing?.traces).toHaveLength(2);
  expect(drawing?.layout.xaxis2).toBeUndefined();
});

it("steps rise as given from the share before them, and empty groups are not drawn", () => {
  const steps = { name: "g", style: 0, of: 4, start: 0, x: [1, 2], y: [0.25, 0.5] };
  const drawing = stepDistributionDrawing([steps, { ...steps, name: "h", x: [], y: [] }], loss, wide);
  expect(drawing?.traces).toMatchObject([{ x: [0.97, 1, 2, 2.03], y: [0, 0.25, 0.5, 0.5], line: { shape: "hv" } }]);
  expect(stepDistributionDrawing([], loss, wide)).toBeNull();
  const higher = stepDistributionDrawing([{ ...steps, start: 0.5, y: [0.75, 1] }], loss, wide);
  expect(higher?.traces).toMatchObject([{ y: [0.5, 0.75, 1, 1] }]);
});

it("a figure that is the same in all runs is one step, from 0 to 1 at its value", () => {
  for (const value of [0.925, 0, -3, 1e-300, 1e300]) {
    const drawing = stepDistributionDrawing([{ name: "g", style: 0, of: 30, start: 0, x: [value], y: [1] }], loss, wide);
    const [{ x, y } = { x: [], y: [] }] = (drawing?.traces ?? []) as unknown as { x: number[]; y: number[] }[];
    expect(y).toEqual([0, 1, 1]);
    expect(x[1]).toBe(value);
    expect(x[0]).toBeLessThan(value);
    expect(x[2]).toBeGreaterThan(value);
  }
  const logarithmic = stepDistributionDrawing(
    [{ name: "g", style: 0, of: 30, start: 0, x: [1e-9], y: [1] }],
    { ...loss, scale: "log" },
    wide,
  );
  expect((logarithmic?.traces[0] as { x: number[] } | undefined)?.x.every((x) => x > 0)).toBe(true);
});

it("pairs tell runs that met the criterion by a filled point", () => {
  const runs = [
    { id: "a", x: 1, y: 2, met: true },
    { id: "b", x: 2, y: 3, met: false },
  ];
  const traces = pairsDrawing([{ name: "g", style: 0, runs }], { x: loss, y: loss }, wide)?.traces;
  expect(traces).toMatchObject([
    { customdata: ["a"], marker: { symbol: "circle" } },
    { customdata: ["b"], marker: { symbol: "circle-open" } },
  ]);
});

it("counts runs from one and keeps the best so far", () => {
  const drawing = historyDrawing({ runs: ["a", "b"], order: [0, 1], values: [3, 5], best: [3, 3] }, loss, wide);
  expect(drawing?.traces).toMatchObject([
    { x: [1, 2], y: [3, 5] },
    { x: [1, 2], y: [3, 3] },
  ]);
});

it("stacks only the ways in which runs ended", () => {
  const time = "2026-01-01T00:00:00.000Z";
  const drawing = throughputDrawing({ binSeconds: 2, starts: [time], succeeded: [4], diverged: [0], failed: [1] }, wide);
  expect(drawing?.traces.map(({ name }) => name)).toEqual(["finished", "failed"]);
  expect(throughputDrawing({ binSeconds: 2, starts: [time], succeeded: [0], diverged: [0], failed: [0] }, wide)).toBeNull();
});

it("draws a panel per term that any run held", () => {
  const run = { id: "a", seed: 3, met: true, steps: [0, 1] };
  const drawing = termPathsDrawing(
    [
      { term: "z", runs: [{ ...run, values: [1, null] }] },
      { term: "z²", runs: [{ ...run, values: [null, null] }] },
    ],
    wide,
  );
  expect(drawing?.traces).toHaveLength(1);
  expect(drawing?.table().rows).toEqual([
    ["z", "a", 3, 0, 1],
    ["z", "a", 3, 1, null],
  ]);
});

it("the legend of outcomes stands above the names of the first panels", () => {
  const of = (met: boolean) => ({ id: String(met), seed: 3, met, steps: [0, 1], values: [1, 2] });
  const drawing = termPathsDrawing([{ term: "z", runs: [of(true), of(false)] }], narrow);
  const { legend, margin } = drawing?.layout ?? {};
  const { y } = legend as { y: number };
  const { t, b } = margin as { t: number; b: number };
  // A name of 13 px stands 4 px above its panel.
  expect((y - 1) * ((drawing?.height ?? 0) - t - b)).toBeGreaterThanOrEqual(24);
});

it("a logarithmic common axis has no place for step 0 and bins evenly in the logarithm", () => {
  const curve = { id: "a", label: "a", group: "", style: 0, steps: [0, 1, 10, 100, 1000], values: [9, 8, 7, 6, 5] };
  expect(alignCurves([curve], "linear", 4000, "log")).toEqual({ steps: [1, 10, 100, 1000], columns: [[8, 7, 6, 5]] });
  const three = { ...curve, steps: [0, 1, 10, 100, 300, 400, 1000], values: [9, 8, 7, 6, 60, 0.6, 5] };
  const binned = alignCurves([three], "linear", 5, "log");
  expect(binned.steps.map((step) => Math.round(Math.log10(step) * 1000) / 1000)).toEqual([0.375, 1.125, 1.875, 2.625]);
  expect(binned.columns).toEqual([[8, 7, 60, 0.6]]);
});
