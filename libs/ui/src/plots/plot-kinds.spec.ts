import { PlotKind } from "@basin/contracts";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ExperimentPicture } from "../experiment-picture";
import { drawingOfPlot, isDrawn, layerNames, plotKinds, plotSamples, withLayer } from "./plot-kinds";
import { PlotView } from "./plot-view";

const samples = plotSamples();

it("every kind of the contracts has a record, and every record a sample", () => {
  expect(Object.keys(plotKinds).sort()).toEqual([...PlotKind.options].sort());
  expect([...new Set(samples.map(({ kind }) => kind))].sort()).toEqual([...PlotKind.options].sort());
});

describe.each(samples.map((plot) => [`${plot.kind}: ${plot.title}`, plot] as const))("%s", (_, plot) => {
  it("is shown under its title, with its caption", () => {
    const markup = renderToStaticMarkup(createElement(PlotView, { plot, scheme: "light" }));
    expect(markup).toContain(plot.title);
    expect(markup).toContain(plot.caption);
    expect(renderToStaticMarkup(createElement(PlotView, { plot, scheme: "dark", titled: false }))).not.toBe(markup);
  });

  if (isDrawn(plot)) {
    it.each([340, 1200])("is drawn %d pixels wide, said in a sentence, and is a table for who does not see it", (width) => {
      for (const scheme of ["light", "dark"] as const) {
        const drawing = drawingOfPlot(plot, { scheme, width });
        expect(drawing.traces.length).toBeGreaterThan(0);
        expect(drawing.height).toBeGreaterThan(100);
        expect(drawing.summary).toMatch(/^[A-Z].*\.$/);
        const { columns, rows } = drawing.table();
        expect(rows.length).toBeGreaterThan(0);
        expect(new Set(rows.map((row) => row.length))).toEqual(new Set([columns.length]));
        if (drawing.bundle === "gl3d") expect(drawing.fallback?.bundle).toBe("cartesian");
      }
    });

    it("shows each of its parts alone", () => {
      const canvas = { scheme: "light", width: 900 } as const;
      const names = layerNames(plot);
      expect(withLayer(plot, null)).toBe(plot);
      for (const [i, name] of names.entries()) {
        const alone = withLayer(plot, i);
        expect(layerNames(alone)).toEqual([name]);
        expect(drawingOfPlot(alone, canvas).traces.length).toBeLessThanOrEqual(drawingOfPlot(plot, canvas).traces.length);
      }
    });
  }
});

describe("the picture of an experiment", () => {
  const plotOf = (kind: PlotKind) => ({ id: kind, title: "", kind });
  const pictureOf = (experiment: Parameters<typeof ExperimentPicture>[0]["experiment"]) =>
    renderToStaticMarkup(createElement(ExperimentPicture, { experiment }));

  it.each(PlotKind.options)("of the kind %s is drawn from numbers", (kind) => {
    const picture = pictureOf({ plots: [plotOf(kind)] });
    expect(picture).toMatch(/<(path|rect) [^>]*\d/);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("is that of the most telling of its plots, else of losses", () => {
    expect(pictureOf({ plots: [plotOf("scatter"), plotOf("surface"), plotOf("table")] })).toBe(
      pictureOf({ plots: [plotOf("surface")] }),
    );
    expect(pictureOf({ plots: [plotOf("curve")] })).toBe(pictureOf({ plots: [] }));
  });

  it("is the one that its descriptor names", () => {
    const orbit = pictureOf({ picture: "orbit", plots: [plotOf("surface")] });
    expect(orbit).not.toBe(pictureOf({ plots: [plotOf("surface")] }));
    expect(pictureOf({ picture: "quiver", plots: [] })).toBe(pictureOf({ plots: [plotOf("quiver")] }));
    expect(pictureOf({ picture: "losses", plots: [plotOf("surface")] })).toBe(pictureOf({ plots: [] }));
  });
});
