import { expect, it } from "vitest";
import { figureLabels, legendHeight, legendRows, pixelsOf, printedFigure, withDensity, type FigureChoices } from "./figure";

const choices: FigureChoices = {
  width: 80,
  height: 60,
  points: 8,
  title: "",
  axes: { xaxis: "Epoch" },
  names: { tanh: "tanh (ours)" },
};
const drawing = {
  traces: [
    { type: "scatter", name: "tanh", line: { width: 2 }, marker: { size: 6 } },
    { type: "scatter", name: "band", showlegend: false },
  ],
  layout: {
    font: { size: 12, family: "x" },
    xaxis: { title: { text: "epoch", font: { size: 12.5 } } },
    yaxis: { title: { text: "" } },
    margin: { l: 80, r: 24, t: 14, b: 54 },
    showlegend: true,
  },
};

it("prints text in points, whatever the width, and lines in proportion", () => {
  const { layout, traces } = printedFigure(drawing, choices);
  // 8 pt are 10.67 CSS pixels; 80 mm are 302.4.
  expect(layout["font"]).toMatchObject({ size: (8 * 96) / 72 });
  expect(layout["width"]).toBeCloseTo(302.36, 2);
  expect(pixelsOf(25.4)).toBeCloseTo(96, 9);
  expect(traces[0]).toMatchObject({ name: "tanh (ours)", line: { width: (0.75 * 2 * 8 * 96) / 72 / 12 } });
  expect(layout["xaxis"]).toMatchObject({ title: { text: "Epoch" } });
});

it("names what can be renamed: axes with a name, and entries of the legend", () => {
  expect(figureLabels(drawing)).toEqual({ axes: [["xaxis", "epoch"]], names: ["tanh"] });
});

it("gives a legend the rows that it takes, and its room above the axes", () => {
  // 20 letters of 10.7 px take about 124 px, with the line 166: one beside another in 302 px, three in 642.
  const names = Array.from({ length: 6 }, (_, i) => `a configuration no ${i + 1}`.slice(0, 20));
  expect([legendRows([], 80, 8), legendRows(names, 80, 8), legendRows(names, 170, 8)]).toEqual([0, 6, 2]);
  expect(legendHeight(6, 8)).toBeCloseTo((6 * 1.55 * 8 * 25.4) / 72, 9);
  const { layout } = printedFigure(drawing, choices);
  expect((layout["margin"] as { t: number }).t).toBeGreaterThan((8 * 96) / 72);
});

it("says the density of a PNG in pixels per metre, with the checksum that readers compare", () => {
  // The smallest PNG: signature, IHDR, then the rest.
  const png = new Uint8Array(40).fill(7);
  const dense = withDensity(png, 300);
  expect(dense.length).toBe(61);
  const view = new DataView(dense.buffer, 33);
  expect([view.getUint32(0), view.getUint32(8), view.getUint32(12), view.getUint8(16)]).toEqual([9, 11811, 11811, 1]);
  // Computed with Python: zlib.crc32(b"pHYs" + struct.pack(">IIB", 11811, 11811, 1)).
  expect(view.getUint32(17)).toBe(2024095606);
  expect([...dense.subarray(54)]).toEqual([...png.subarray(33)]);
});
