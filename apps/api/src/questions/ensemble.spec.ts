import { PlotData } from "@basin/contracts";
import { mean, sampleStandardDeviation } from "@basin/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensembleOf } from "./ensemble";

const axis = { label: "u" };
const curve = (series: object[]): PlotData =>
  PlotData.parse({ kind: "curve", title: "Solution", x: { label: "t" }, y: axis, series });
const surface = (layers: object[]): PlotData =>
  PlotData.parse({
    kind: "surface",
    title: "Map",
    x: [0, 1, 2],
    y: [0, 1],
    xAxis: axis,
    yAxis: axis,
    zAxis: axis,
    layers,
  });

const truth = { name: "truth", x: [0, 1, 2], y: [0, 1, 4] };

describe("runs as an ensemble", () => {
  it("what all say alike stays, what differs is its mean with a band, point by point", () => {
    // numpy: mean([1,2,6]) = 3, std(ddof=1) = 2.6457513110645907
    const runs = [1, 2, 6].map((y) => curve([truth, { name: "network", x: [0, 1, 2], y: [y, 0, null] }]));
    const { mean: mid, spread, leftOut } = ensembleOf(runs, "std") ?? {};
    expect(leftOut).toEqual([]);
    if (mid?.kind !== "curve" || spread?.kind !== "curve") throw new Error("a curve stays a curve");
    expect(mid.series[0]).toEqual({ ...truth, style: "line" });
    expect(mid.series[1]?.y).toEqual([3, 0, null]);
    expect(mid.series[1]?.low?.[0]).toBeCloseTo(3 - 2.6457513110645907, 14);
    expect(mid.series[1]?.high?.[1]).toBe(0);
    expect(mid.series[1]?.high?.[2]).toBeNull();
    expect(spread.series.map(({ name }) => name)).toEqual(["network"]);
    expect(spread.series[0]?.y[0]).toBeCloseTo(2.6457513110645907, 14);
    expect(spread.series[0]?.y.slice(1)).toEqual([0, null]);
  });

  it("the bands are those of curves over steps", () => {
    const runs = [1, 2, 3, 4, 100].map((y) => curve([{ name: "network", x: [0], y: [y] }]));
    const band = (kind: "range" | "iqr" | "ci") => {
      const plot = ensembleOf(runs, kind)?.mean;
      if (plot?.kind !== "curve") throw new Error("a curve stays a curve");
      return [plot.series[0]?.low?.[0], plot.series[0]?.high?.[0]];
    };
    expect(band("range")).toEqual([1, 100]);
    expect(band("iqr")).toEqual([2, 4]);
    // 22 ± 2.7764451 · 43.617656 / √5: Student's t for four degrees of freedom from a table
    const [low, high] = band("ci");
    expect(low).toBeCloseTo(-32.15847, 4);
    expect(high).toBeCloseTo(76.15847, 4);
  });

  it("a line that stands on another grid, or is not in every run, is left out and named", () => {
    const runs = [
      curve([
        truth,
        { name: "network", x: [0], y: [1] },
        { name: "samples", x: [0.1], y: [1] },
        { name: "spline", x: [0], y: [1] },
      ]),
      curve([truth, { name: "network", x: [0], y: [2] }, { name: "samples", x: [0.2], y: [1] }]),
    ];
    const ensemble = ensembleOf(runs, "std");
    expect(ensemble?.leftOut).toEqual(["samples", "spline"]);
    expect(ensembleOf(runs.toReversed(), "std")?.leftOut, "whichever run comes first").toEqual(["samples", "spline"]);
    expect(ensemble?.mean.kind === "curve" && ensemble.mean.series.map(({ name }) => name)).toEqual(["truth", "network"]);
  });

  it("maps are averaged cell by cell", () => {
    const known = {
      name: "true",
      z: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    };
    const runs = [0, 2].map((shift) =>
      surface([known, { name: "network", z: known.z.map((row) => row.map((z) => z + shift * z)) }]),
    );
    const ensemble = ensembleOf(runs, "std");
    if (ensemble?.mean.kind !== "surface" || ensemble.spread?.kind !== "surface") throw new Error("a surface stays a surface");
    expect(ensemble.mean.layers).toEqual([
      known,
      {
        name: "network",
        z: [
          [2, 4, 6],
          [8, 10, 12],
        ],
      },
    ]);
    expect(ensemble.spread.layers[0]?.z[1]?.[2]).toBeCloseTo(Math.SQRT2 * 6, 12);
  });

  it("one run is its own mean, without a spread; equal runs have none", () => {
    const one = curve([truth]);
    expect(ensembleOf([one], "ci")).toEqual({ mean: one, spread: null, leftOut: [] });
    expect(ensembleOf([one, one], "ci")).toEqual({ mean: one, spread: null, leftOut: [] });
    expect(ensembleOf([], "ci")).toBeNull();
  });

  it("mean and spread are those of the values at each point", () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 6 }), (runs) => {
        const ensemble = ensembleOf(
          runs.map((y) => curve([{ name: "network", x: [0, 1, 2], y }])),
          "std",
        );
        if (ensemble?.mean.kind !== "curve") throw new Error("a curve stays a curve");
        const [line] = ensemble.mean.series;
        const [spread] = ensemble.spread?.kind === "curve" ? ensemble.spread.series : [];
        [0, 1, 2].forEach((i) => {
          const column = runs.map((y) => y[i] ?? 0);
          expect(line?.y[i]).toBeCloseTo(mean(column), 9);
          if (spread) expect(spread.y[i]).toBeCloseTo(sampleStandardDeviation(column), 9);
        });
      }),
    );
  });
});
