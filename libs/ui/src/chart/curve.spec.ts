import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignCurves, curvesToCsv, describeCurves, nearestStep, type Curve } from "./curve";

const curve = (id: string, steps: number[], values: (number | null)[], more: Partial<Curve> = {}): Curve => ({
  id,
  label: id,
  group: "g",
  style: 0,
  steps,
  values,
  ...more,
});

describe("alignCurves", () => {
  it("joins different steps; what is missing is undefined, what is no number a gap", () => {
    const aligned = alignCurves([curve("a", [0, 2, 10], [1, null, 3]), curve("b", [1, 2], [4, 5])], "linear");
    expect(aligned.steps).toEqual([0, 1, 2, 10]);
    expect(aligned.columns).toEqual([
      [1, undefined, null, 3],
      [undefined, 4, 5, undefined],
    ]);
  });

  it("adds a band's edges behind its line", () => {
    const aligned = alignCurves([curve("a", [1, 2], [2, 3], { band: { low: [1, 2], high: [3, null] } })], "linear");
    expect(aligned.columns).toEqual([
      [2, 3],
      [1, 2],
      [3, null],
    ]);
  });

  it("has no place for values ≤ 0 on a logarithmic axis", () => {
    expect(alignCurves([curve("a", [1, 2, 3], [0, -1, 1e-9])], "log").columns).toEqual([[null, null, 1e-9]]);
  });

  it("bins when there are more steps than pixels, and no value strays from its bin", () => {
    const n = 10_000;
    const steps = Array.from({ length: n }, (_, i) => i);
    const aligned = alignCurves([curve("a", steps, steps)], "linear", 100);
    expect(aligned.steps).toHaveLength(100);
    expect(aligned.columns[0]?.every((value) => value !== undefined)).toBe(true);
    for (const [i, step] of aligned.steps.entries())
      expect(Math.abs(Number(aligned.columns[0]?.[i]) - step)).toBeLessThan(n / 100);
  });

  it("in bins, keeps what every curve reaches, and the widest edges of its band", () => {
    const values = fc.array(fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true })), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), fc.integer({ min: 2, max: 50 }), (lists, maxSteps) => {
        const curves = lists.map((list, i) =>
          curve(
            String(i),
            list.map((_, k) => k * (i + 1)),
            list,
            { band: { low: list.map((value) => value && value - 1), high: list.map((value) => value && value + 1) } },
          ),
        );
        const aligned = alignCurves(curves, "linear", maxSteps);
        expect(aligned.steps.length).toBeLessThanOrEqual(maxSteps);
        for (let i = 1; i < aligned.steps.length; i += 1)
          expect(aligned.steps[i]).toBeGreaterThan(aligned.steps[i - 1] ?? -Infinity);
        const reach = (list: readonly (number | null | undefined)[]) => {
          const finite = list.filter((value) => typeof value === "number");
          return finite.length === 0 ? null : [Math.min(...finite), Math.max(...finite)];
        };
        lists.forEach((list, i) => {
          expect(reach(aligned.columns[3 * i] ?? [])).toEqual(reach(list));
          expect(reach(aligned.columns[3 * i + 1] ?? [])?.[0]).toBe(reach(curves[i]?.band?.low ?? [])?.[0]);
          expect(reach(aligned.columns[3 * i + 2] ?? [])?.[1]).toBe(reach(curves[i]?.band?.high ?? [])?.[1]);
        });
      }),
    );
  });

  it("draws a curve from its own points, whatever lies beside it", () => {
    const steps = Array.from({ length: 300 }, (_, i) => 10 * i);
    const own = curve("a", steps, steps.map(Math.sin));
    const others = Array.from({ length: 40 }, (_, k) =>
      curve(
        `b${k}`,
        steps.map((step) => step + k / 41),
        steps,
      ),
    );
    const [alone] = alignCurves([own], "linear", 4000).columns;
    const [crowded] = alignCurves([own, ...others], "linear", 4000).columns;
    expect(crowded?.filter((value) => value !== undefined)).toEqual(alone);
  });

  it("finds the point of a curve that a place on the axis stands for", () => {
    const a = curve("a", [0, 10, 20], [1, 2, 3]);
    expect([-5, 0, 4, 6, 14.9, 15.1, 99].map((at) => nearestStep(a, at))).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect(nearestStep(curve("b", [], []), 3)).toBe(-1);
  });

  it("takes no curves at all", () => {
    expect(alignCurves([], "log")).toEqual({ steps: [], columns: [] });
  });
});

it("writes CSV that survives commas and quotes", () => {
  const text = curvesToCsv(
    [curve('a, "b"', [1, 2], [0.5, null], { band: { low: [0.4, null], high: [0.6, null] } })],
    "epoch",
    "loss",
  );
  expect(text).toBe('series,group,epoch,loss,low,high\r\n"a, ""b""",g,1,0.5,0.4,0.6\r\n"a, ""b""",g,2,,,\r\n');
});

it("describes itself", () => {
  const x = { label: "epoch", unit: "" };
  const y = { label: "Loss", unit: "J" };
  expect(describeCurves([curve("a", [1, 9], [0.5, 0.25])], x, y)).toBe(
    "Line chart of Loss (J) over epoch: 1 lines in 1 groups, epoch 1 to 9, values from 0.2500 to 0.5000.",
  );
  expect(describeCurves([], x, y)).toContain("no values yet");
});
