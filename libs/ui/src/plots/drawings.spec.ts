import { PlotData, type PlotDataInput } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { coefficientCurves, plainLatex } from "./coefficient-curves";
import { tableToCsv } from "./data-table";
import type { PlotOf, Canvas } from "./drawing";
import { type DrawnKindName, drawingOfPlot, layerNames, withLayer } from "./plot-kinds";
import { greyPixels, greyValues } from "./image-pixels";
import { layPanels } from "./panels";
import { arrowsOf } from "./quiver-drawing";

const canvas: Canvas = { scheme: "light", width: 900 };
const plotOf = <K extends PlotData["kind"]>(kind: K, plot: Omit<Extract<PlotDataInput, { kind: K }>, "kind">): PlotOf<K> =>
  PlotData.parse({ kind, ...plot }) as PlotOf<K>;
const axis = (label: string, unit = "") => ({ label, unit });
const drawingOf = (plot: PlotOf<DrawnKindName>) => drawingOfPlot(plot, canvas);

describe("curve", () => {
  it("closes a band over the values that both edges have, and dashes what is dashed", () => {
    const { traces, table } = drawingOf(
      plotOf("curve", {
        title: "c",
        x: axis("time", "s"),
        y: axis("angle", "rad"),
        series: [{ name: "a", x: [0, 1, 2], y: [5, 6, 7], low: [4, null, 6], high: [6, 8, 8], style: "dashed" }],
      }),
    );
    expect(traces[0]).toMatchObject({ x: [0, 2, 2, 0], y: [6, 8, 6, 4], fill: "toself" });
    expect(traces[1]).toMatchObject({ x: [0, 1, 2], y: [5, 6, 7], line: { dash: "6px,4px" } });
    expect(tableToCsv(table())).toBe("series,time (s),angle (rad),low,high\r\na,0,5,4,6\r\na,1,6,,8\r\na,2,7,6,8\r\n");
  });
});

describe("a logarithmic axis without a positive value", () => {
  const log = (label: string) => ({ ...axis(label), scale: "log" as const });
  const typeOf = (plot: PlotOf<DrawnKindName>) => (drawingOf(plot).layout["yaxis"] as { type: string }).type;

  it.each([
    [[0, 0], "linear"],
    [[0, 1], "log"],
    [[null, null], "linear"],
    [[], "log"],
  ])("%j: %s", (y, type) => {
    const x = y.map((_, i) => i);
    expect(typeOf(plotOf("curve", { title: "c", x: axis("x"), y: log("y"), series: [{ name: "a", x, y }] }))).toBe(type);
    expect(typeOf(plotOf("scatter", { title: "s", x: axis("x"), y: log("y"), series: [{ name: "a", x, y }] }))).toBe(type);
    const bars = { title: "b", y: log("y"), categoryTitle: "c", categories: x.map(String), series: [{ name: "a", values: y }] };
    expect(typeOf(plotOf("bars", bars))).toBe(type);
  });
});

describe("scatter", () => {
  it("in space has a flat fallback", () => {
    const drawing = drawingOf(
      plotOf("scatter", {
        title: "s",
        x: axis("x"),
        y: axis("y"),
        z: axis("z"),
        series: [{ name: "a", x: [1], y: [2], z: [3] }],
      }),
    );
    expect(drawing.bundle).toBe("gl3d");
    expect(drawing.traces[0]).toMatchObject({ type: "scatter3d", z: [3] });
    expect(drawing.fallback).toMatchObject({ bundle: "cartesian", traces: [{ type: "scatter", x: [1], y: [2] }] });
  });
});

describe("layers", () => {
  const surface = plotOf("surface", {
    title: "s",
    x: [0, 1],
    y: [0, 1],
    xAxis: axis("x"),
    yAxis: axis("y"),
    zAxis: axis("z"),
    layers: [
      {
        name: "true",
        z: [
          [0, 1],
          [2, 3],
        ],
      },
      {
        name: "predicted",
        z: [
          [0, 1],
          [2, 5],
        ],
      },
      {
        name: "error",
        z: [
          [0, 0],
          [-1, 2],
        ],
      },
    ],
  });

  it("of one quantity share a range; an error with both signs is symmetric", () => {
    const ranges = drawingOf(surface).traces.map(({ cmin, cmax }) => [cmin, cmax]);
    expect(ranges).toEqual([
      [0, 5],
      [0, 5],
      [-2, 2],
    ]);
    expect(drawingOf(surface).fallback?.traces.map(({ type }) => type)).toEqual(["heatmap", "heatmap", "heatmap"]);
  });

  it("can be shown alone", () => {
    expect(layerNames(surface)).toEqual(["true", "predicted", "error"]);
    expect(drawingOf(withLayer(surface, 2)).traces).toHaveLength(1);
    expect(withLayer(surface, null)).toBe(surface);
  });
});

describe("quiver", () => {
  it("draws shaft and two barbs of equal length per arrow, as long as the field is fast", () => {
    const field = { name: "f", x: [0, 1, 0, 1], y: [0, 0, 1, 1], u: [1, 0.5, 0, null], v: [0, 0, 0, 1] };
    const sets = arrowsOf(field, [1, 0.5, 0, null], [0, 1]);
    const fast = sets[7];
    expect(fast?.x).toHaveLength(7);
    expect(fast?.x[1]).toBeCloseTo(0.475, 12);
    const length = (i: number) => Math.hypot((fast?.x[1] ?? 0) - (fast?.x[i] ?? 0), (fast?.y[1] ?? 0) - (fast?.y[i] ?? 0));
    expect(length(3)).toBeCloseTo(0.33 * 0.475, 12);
    expect(length(5)).toBeCloseTo(length(3), 12);
    expect(sets.reduce((sum, { x }) => sum + x.length, 0)).toBe(21);
  });
});

describe("decision map", () => {
  it("marks every class' samples alike and draws the border of two classes", () => {
    const { traces } = drawingOf(
      plotOf("decision-map", {
        title: "d",
        classes: ["no", "yes"],
        maps: [
          {
            name: "AND",
            xAxis: axis("a"),
            yAxis: axis("b"),
            x: [0, 1],
            y: [0, 1],
            z: [
              [0, 0.2],
              [0.2, 0.9],
            ],
            samples: { x: [0, 1], y: [0, 1], class: [0, 1] },
          },
        ],
      }),
    );
    expect(traces.map(({ type }) => type)).toEqual(["heatmap", "contour", "scatter", "scatter"]);
    expect(traces[3]).toMatchObject({ name: "yes", x: [1], y: [1] });
  });
});

it("bars measure their errors from the top of the bar", () => {
  const { traces } = drawingOf(
    plotOf("bars", {
      title: "b",
      categories: ["k"],
      categoryTitle: "fold",
      y: axis("e"),
      series: [{ name: "a", values: [2], low: [1.5], high: [3] }],
    }),
  );
  expect(traces[0]).toMatchObject({ error_y: { array: [1], arrayminus: [0.5] } });
});

it("text of data is no markup", () => {
  const { traces } = drawingOf(
    plotOf("bars", {
      title: "b",
      categories: ["k"],
      categoryTitle: "c",
      y: axis("e"),
      series: [{ name: "<a href='x'>", values: [1] }],
    }),
  );
  expect(traces[0]?.name).toBe("&lt;a href='x'&gt;");
});

it("names of columns stand level with a letter's room between them, or rise", () => {
  const angleOf = (letters: number) => {
    const columns = Array.from({ length: 10 }, (_, i) => String(i).padStart(letters, "0"));
    const shared = {
      title: "",
      rows: ["a"],
      columns,
      rowTitle: "",
      columnTitle: "",
      value: axis("v"),
      z: [columns.map(() => 1)],
    };
    return drawingOf(plotOf("heat-map", shared)).layout.xaxis as { tickangle: number };
  };
  // 900 px leave 72 for each column.
  expect(angleOf(9).tickangle).toBe(0);
  expect(angleOf(10).tickangle).toBe(-40);
});

it.each([
  ["\\ddot z", "d²/dt² z"],
  ["\\dot{z}_1", "d/dt z1"],
])("%s is %s where a chart can show no formula", (latex, text) => {
  expect(plainLatex(latex)).toBe(text);
});

it("coefficients end where they are pruned, and each pruning is marked", () => {
  const equation = plotOf("equation", {
    title: "e",
    text: "",
    latex: "",
    terms: [
      { text: "z", latex: "z" },
      { text: "1", latex: "1" },
      { text: "never", latex: "n" },
    ],
    rows: [
      {
        name: "\\dot{z}_1",
        coefficients: [1, 0, 0],
        active: [true, false, false],
        history: [
          { step: 0, coefficients: [0.5, 0.2, 0], active: [true, true, false] },
          { step: 10, coefficients: [1, 0, 0], active: [true, false, false] },
        ],
      },
    ],
  });
  expect(coefficientCurves(equation, 0)).toMatchObject({
    title: "Coefficients of d/dt z1",
    series: [
      { name: "z", y: [0.5, 1] },
      { name: "1", y: [0.2, null] },
    ],
    marks: [{ x: 10, label: "−1" }],
  });
});

it("panels wrap and stay inside the drawing", () => {
  const wide = layPanels(3, 1200);
  expect([wide.columns, wide.rows]).toEqual([3, 1]);
  const narrow = layPanels(3, 340);
  expect([narrow.columns, narrow.rows]).toEqual([1, 3]);
  for (const { x, y } of [0, 1, 2].map((i) => narrow.at(i))) {
    expect(x[0]).toBeLessThan(x[1]);
    expect(y[0]).toBeLessThan(y[1]);
    expect(Math.min(...x, ...y)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...x, ...y)).toBeLessThanOrEqual(1);
  }
  expect(narrow.at(0).y[0]).toBeGreaterThan(narrow.at(1).y[1]);
});

it("image bytes become grey pixels and values", () => {
  const bytes = btoa(String.fromCharCode(0, 255));
  expect([...greyPixels(bytes, 2, 1)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  expect(greyValues(bytes, [-1, 1])).toEqual([-1, 1]);
});
