import { describe, expect, it } from "vitest";
import { fitLine } from "./linear-algebra";
import { medianRegression } from "./median-regression";
import { randomStream } from "./random-stream";

/** Fifty points of y = 2x + 1 with a little noise, and some rows 10 too high. */
const x = Array.from({ length: 50 }, (_, i) => (10 * i) / 49);
const line = (high: number[]): number[] =>
  x.map((v, i) => 2 * v + 1 + 0.15 * Math.sin(12.9898 * i + 4.1) + (high.includes(i) ? 10 : 0));
const design = x.flatMap((v) => [v, 1]);

describe("medianRegression", () => {
  // numpy.linalg.lstsq, and scipy 1.17.1's linprog (HiGHS, dual simplex) on Σ|r| as a linear program.
  it.each<[string, number[], [number, number], [number, number], number]>([
    [
      "spread",
      [5, 15, 25, 35, 45],
      [2.0108955984462136, 1.9331637835638495],
      [1.9896286871649937, 1.0615825055243586],
      54.277289512902506,
    ],
    [
      "at the right end",
      [45, 46, 47, 48, 49],
      [2.5285426572697434, -0.6550715105537962],
      [2.0298962387667885, 0.8783071001419137],
      53.094309764982164,
    ],
    ["absent", [], [1.999130892563861, 0.9919873129756156], [1.9979168052106342, 0.9787013250679525], 4.762193268382654],
  ])("and least squares with outliers that are %s", (_, high, squares, absolutes, total) => {
    const y = line(high);
    const { slope, intercept } = fitLine(x, y);
    expect(slope).toBeCloseTo(squares[0], 11);
    expect(intercept).toBeCloseTo(squares[1], 11);
    const [median = NaN, constant = NaN] = medianRegression(design, y, 2);
    expect(median).toBeCloseTo(absolutes[0], 11);
    expect(constant).toBeCloseTo(absolutes[1], 11);
    const sum = y.reduce((all, v, i) => all + Math.abs(v - median * x[i]! - constant), 0);
    expect(Math.abs(sum / total - 1)).toBeLessThan(1e-12);
  });

  it("of a constant is the median, of points on a line the line", () => {
    expect(medianRegression([1, 1, 1, 1, 1], [7, -3, 2, 100, 1], 1)[0]).toBe(2);
    const [slope, intercept] = medianRegression(
      design,
      x.map((v) => 4 - v),
      2,
    );
    expect(slope).toBeCloseTo(-1, 10);
    expect(intercept).toBeCloseTo(4, 10);
  });

  it("of normal noise varies π/2 times as much as least squares (1,000 data seeds)", () => {
    const squares: number[] = [];
    const absolutes: number[] = [];
    const noise = new Float64Array(50);
    for (let seed = 0; seed < 1000; seed++) {
      randomStream(seed, "median-regression-spec").fillNormal(noise);
      const y = x.map((v, i) => 2 * v + 1 + 0.1 * noise[i]!);
      squares.push(fitLine(x, y).slope);
      absolutes.push(medianRegression(design, y, 2)[0]!);
    }
    const variance = (values: number[]): number => values.reduce((sum, v) => sum + (v - 2) ** 2, 0) / values.length;
    const ratio = variance(absolutes) / variance(squares);
    expect(Math.abs(ratio - Math.PI / 2)).toBeLessThan(0.2);
  }, 30_000);

  it("of ten coefficients has no neighbour with a smaller sum, also where rows are repeated", () => {
    const [rows, columns] = [80, 10];
    const a = new Float64Array(rows * columns);
    const b = new Float64Array(rows);
    const stream = randomStream(4, "median-regression-spec");
    stream.fillNormal(a);
    stream.fillNormal(b, 10_000);
    // Whole numbers and twins: many rows meet a vertex at once.
    for (let i = 0; i < rows; i++) b[i] = Math.round(2 * b[i]!);
    a.copyWithin(40 * columns, 0, 20 * columns);
    b.copyWithin(40, 0, 20);
    const total = (x: Float64Array): number =>
      b.reduce((sum, v, i) => sum + Math.abs(v - x.reduce((s, w, j) => s + w * a[i * columns + j]!, 0)), 0);
    const best = medianRegression(a, b, columns);
    const moved = new Float64Array(columns);
    for (let trial = 0; trial < 500; trial++) {
      stream.fillNormal(moved, 100_000 + trial * columns);
      const size = 10 ** -(trial % 6);
      expect(total(best.map((v, j) => v + size * moved[j]!))).toBeGreaterThan(total(best) - 1e-11);
    }
  });

  it("keeps NaN, and says when the rows do not determine the coefficients", () => {
    expect(medianRegression([1, 1], [NaN, 1], 1)[0]).toBeNaN();
    expect(() => medianRegression([1, 2, 2, 4, 3, 6], [1, 2, 3], 2)).toThrow("rows of rank 1 do not determine 2 coefficients");
  });
});
