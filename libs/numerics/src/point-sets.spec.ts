import { describe, expect, it } from "vitest";
import { gridPoints, latinHypercubePoints, pointSet, pointSetKinds, sobolPoints, uniformPoints, type Box } from "./point-sets";

const unit = (d: number): Box => Array.from({ length: d }, () => [0, 1] as const);
const draw = { seed: 5, purpose: "point-sets-spec" };
const row = (points: Float64Array, d: number, i: number): number[] => Array.from(points.subarray(i * d, (i + 1) * d));
const column = (points: Float64Array, d: number, j: number): number[] => Array.from(points).filter((_, i) => i % d === j);

describe("sobolPoints", () => {
  // scipy 1.17.1, scipy.stats.qmc.Sobol(4, scramble=False).random(4096), which uses the same direction numbers.
  const points = sobolPoints(unit(4), 4096);

  it("are scipy's", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((i) => row(points, 4, i))).toEqual([
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
      [0.875, 0.875, 0.125, 0.375],
      [0.625, 0.125, 0.875, 0.625],
      [0.125, 0.625, 0.375, 0.125],
    ]);
    expect(row(points, 4, 1003)).toEqual([0.4697265625, 0.8466796875, 0.2685546875, 0.4267578125]);
    expect(row(points, 4, 4095)).toEqual([0.000244140625, 0.941162109375, 0.334228515625, 0.901611328125]);
    // Σ (i + 1)·x_i over all 4096: exact sums of binary fractions.
    const weighted = [0, 1, 2, 3].map((j) => column(points, 4, j).reduce((sum, x, i) => sum + (i + 1) * x, 0));
    expect(weighted).toEqual([4194815.75, 4196351.75, 4194815.75, 4195327.75]);
  });

  it("are scipy's with 32 digits where all of them are used, from any place on", () => {
    const far = sobolPoints(unit(4), 4, { first: 2 ** 31 - 2 }).map((x) => x * 2 ** 32);
    expect([0, 1, 2, 3].map((i) => row(far, 4, i))).toEqual([
      [2147483650, 715827882, 234942190, 2684485794],
      [2, 2863311530, 2382425838, 537002146],
      [3, 1431655765, 1258339259, 1879506993],
      [2147483651, 3579139413, 3405822907, 4026990641],
    ]);
    expect(sobolPoints(unit(4), 96, { first: 4000 })).toEqual(points.subarray(4 * 4000));
  });

  it("have the centred discrepancy that scipy.stats.qmc.discrepancy finds, and a tenth of it at most is what random points have", () => {
    // scipy 1.17.1, qmc.discrepancy(points[:256]).
    expect(centredDiscrepancy(points.subarray(0, 256 * 4), 4)).toBeCloseTo(0.00012570491511532111, 15);
    expect(centredDiscrepancy(uniformPoints(unit(4), 256, draw), 4)).toBeGreaterThan(10 * 0.000125705);
  });

  it("shifted, are other points for another seed, purpose or index, and each part of the range still has as many", () => {
    const shifted = sobolPoints(unit(4), 1024, { shift: draw });
    for (let j = 0; j < 4; j++) {
      const counts = new Array<number>(256).fill(0);
      for (const x of column(shifted, 4, j)) counts[Math.floor(x * 256)]! += 1;
      expect(new Set(counts)).toEqual(new Set([4]));
    }
    const others = [
      { ...draw, seed: 6 },
      { ...draw, purpose: "other" },
      { ...draw, index: 1 },
    ];
    for (const shift of others) expect(sobolPoints(unit(4), 1, { shift })).not.toEqual(shifted.subarray(0, 4));
  });

  it("refuse more points than there are", () => {
    expect(() => sobolPoints(unit(2), 2, { first: 2 ** 32 - 1 })).toThrow("points 0 to 2^32");
    expect(() => sobolPoints(unit(2), 2, { first: -1 })).toThrow("points 0 to 2^32");
  });
});

describe("uniformPoints", () => {
  it("have the mean, variance and (no) correlation of the box's uniform distribution, within 4 standard errors", () => {
    const n = 20_000;
    const points = uniformPoints(
      [
        [-1, 3],
        [10, 11],
        [0, 1e-3],
      ],
      n,
      draw,
    );
    const [x, y] = [column(points, 3, 0).map((v) => (v + 1) / 4), column(points, 3, 1).map((v) => v - 10)];
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    for (const values of [x, y]) {
      expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(4 / Math.sqrt(12 * n));
      // Var (u − ½)² = 1/80 − 1/144.
      expect(Math.abs(mean(values.map((v) => (v - 0.5) ** 2)) - 1 / 12)).toBeLessThan(4 * Math.sqrt((1 / 80 - 1 / 144) / n));
    }
    expect(Math.abs(mean(x.map((v, i) => (v - 0.5) * ((y[i] ?? 0) - 0.5))))).toBeLessThan(4 / 12 / Math.sqrt(n));
    expect(Math.max(...column(points, 3, 2))).toBeLessThan(1e-3);
  });
});

describe("latinHypercubePoints", () => {
  it("hold one point in each of the equal parts of every coordinate, joined at random", () => {
    const n = 500;
    const points = latinHypercubePoints(
      [
        [-2, 2],
        [0, 1],
        [5, 6],
        [0, 10],
      ],
      n,
      draw,
    );
    const parts = [
      column(points, 4, 0).map((v) => Math.floor(((v + 2) / 4) * n)),
      column(points, 4, 1).map((v) => Math.floor(v * n)),
      column(points, 4, 2).map((v) => Math.floor((v - 5) * n)),
      column(points, 4, 3).map((v) => Math.floor((v / 10) * n)),
    ];
    for (const part of parts) expect(new Set(part).size).toBe(n);
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ] as const) {
      const covariance = parts[a]!.reduce((sum, p, i) => sum + (p / n - 0.5) * (parts[b]![i]! / n - 0.5), 0) / n;
      expect(Math.abs(covariance)).toBeLessThan(4 / 12 / Math.sqrt(n));
    }
  });
});

describe("gridPoints", () => {
  it("meet both ends to the bit, the last coordinate fastest", () => {
    expect(
      Array.from(
        gridPoints(
          [
            [0, 1],
            [-1, 1],
          ],
          [2, 3],
        ),
      ),
    ).toEqual([0, -1, 0, 0, 0, 1, 1, -1, 1, 0, 1, 1]);
    expect(
      Array.from(
        gridPoints(
          [
            [0.25, 0.75],
            [2, 4],
          ],
          [1, 2],
        ),
      ),
    ).toEqual([0.5, 2, 0.5, 4]);
    expect(gridPoints([[0.1, 0.7]], [11]).at(-1)).toBe(0.7);
  });

  it("needs a count for every coordinate", () => {
    expect(() => gridPoints(unit(2), [3])).toThrow("needs 2 counts");
    expect(() => gridPoints(unit(2), [3, 0])).toThrow("from 1 to 2^31, not 0");
    expect(() => gridPoints(unit(2), [2 ** 20, 2 ** 20])).toThrow("from 1 to 2^31");
  });
});

describe("pointSet", () => {
  it.each(pointSetKinds)("of kind %s stays in its box and is the same for the same draw", (kind) => {
    const box: Box = [
      [-3, -1],
      [0, 0.5],
      [7, 9],
    ];
    const points = pointSet(kind, box, 343, draw);
    expect(points).toEqual(pointSet(kind, box, 343, draw));
    expect(points).toHaveLength(343 * 3);
    points.forEach((x, at) => {
      const [lower, upper] = box[at % 3]!;
      expect(x >= lower && x <= upper).toBe(true);
    });
  });

  it("is frozen: a change here changes runs that are stored", () => {
    const first = (kind: "uniform" | "latin-hypercube" | "sobol"): number[] => Array.from(pointSet(kind, unit(2), 4, draw));
    expect([first("uniform"), first("latin-hypercube"), first("sobol")]).toMatchInlineSnapshot(`
      [
        [
          0.04385555032036392,
          0.6093979501959828,
          0.3977885795408471,
          0.793535630171209,
          0.4429576332513272,
          0.010826766422170508,
          0.2563558997093154,
          0.5660588554907697,
        ],
        [
          0.01096388758009098,
          0.6523494875489957,
          0.3494471448852118,
          0.9483839075428022,
          0.6107394083128318,
          0.2527066916055426,
          0.8140889749273288,
          0.14151471387269243,
        ],
        [
          0.028705739649012685,
          0.5965677408967167,
          0.5287057396490127,
          0.09656774089671671,
          0.7787057396490127,
          0.8465677408967167,
          0.2787057396490127,
          0.3465677408967167,
        ],
      ]
    `);
  });

  it("says which counts a grid can have", () => {
    expect(() => pointSet("grid", unit(2), 1000, draw)).toThrow("a grid in 2 coordinates has 961 or 1024 points, not 1000");
    expect(() => pointSet("grid", unit(3), 63, draw)).toThrow("has 27 or 64 points");
    expect(pointSet("grid", unit(3), 64, draw)).toEqual(gridPoints(unit(3), [4, 4, 4]));
  });

  it.each(pointSetKinds)("of kind %s refuses what is no box or no count", (kind) => {
    expect(() => pointSet(kind, [[1, 1]], 4, draw)).toThrow("range of coordinate 0");
    expect(() =>
      pointSet(
        kind,
        [
          [0, 1],
          [0, NaN],
        ],
        4,
        draw,
      ),
    ).toThrow("range of coordinate 1");
    expect(() => pointSet(kind, [], 1, draw)).toThrow("1 to 4 coordinates, not 0");
    expect(() => pointSet(kind, unit(5), 1, draw)).toThrow("1 to 4 coordinates, not 5");
    for (const count of [0, 1.5, NaN]) expect(() => pointSet(kind, unit(1), count, draw)).toThrow("number of points");
  });
});

/** F. J. Hickernell's centred L2 discrepancy, squared (Math. Comp. 67 (1998), formula 5.4c). */
function centredDiscrepancy(points: Float64Array, d: number): number {
  const n = points.length / d;
  let single = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    const a = row(points, d, i).map((x) => x - 0.5);
    single += a.reduce((product, z) => product * (1 + Math.abs(z) / 2 - (z * z) / 2), 1);
    for (let k = 0; k < n; k++) {
      const b = row(points, d, k).map((x) => x - 0.5);
      pairs += a.reduce((product, z, j) => product * (1 + (Math.abs(z) + Math.abs(b[j]!) - Math.abs(z - b[j]!)) / 2), 1);
    }
  }
  return (13 / 12) ** d - (2 * single) / n + pairs / (n * n);
}
