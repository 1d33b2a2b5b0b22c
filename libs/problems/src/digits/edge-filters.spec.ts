import { expect, test } from "vitest";
import { edgeLikeness, edgePlot, filtered, learnedFilters, sobelFilters } from "./edge-filters";

/** A ramp to the right: value 2 per column, 4 × 5 pixels. */
const ramp = Float32Array.from({ length: 20 }, (_, i) => 2 * (i % 5));

test("within the image Sobel's filter answers to a ramp with eight times its slope, and the other with nothing", () => {
  const [right, down] = [filtered(ramp, 5, sobelFilters.right), filtered(ramp, 5, sobelFilters.down)];
  for (const row of [1, 2])
    for (const column of [1, 2, 3]) {
      expect(right[row * 5 + column]).toBe(8 * 2);
      expect(down[row * 5 + column]).toBe(0);
    }
  // Beyond the edge there is 0: at the first pixel 2·(2·1) + 2·1.
  expect(right[0]).toBe(6);
});

test("likeness is 1 for an edge of any direction, and 0 for a constant or a line", () => {
  const { right, down } = sobelFilters;
  expect(edgeLikeness(right)).toBeCloseTo(1, 12);
  expect(edgeLikeness(right.map((value, k) => 0.3 * value - 2 * (down[k] ?? 0)))).toBeCloseTo(1, 12);
  expect(edgeLikeness(new Array<number>(9).fill(1))).toBeCloseTo(0, 12);
  expect(edgeLikeness([-1, 2, -1, -1, 2, -1, -1, 2, -1])).toBeCloseTo(0, 12);
  expect(edgeLikeness(new Array<number>(9).fill(0))).toBe(0);
});

test("filters are taken out of the convolution's array, where they are of 3 × 3 on one channel", () => {
  const values = Float32Array.from({ length: 18 }, (_, i) => i);
  expect(learnedFilters({ shape: [3, 3, 1, 2], values })[1]).toEqual(Float64Array.from({ length: 9 }, (_, k) => 2 * k + 1));
  expect(learnedFilters({ shape: [3, 3, 2, 1], values })).toEqual([]);
  expect(learnedFilters(null)).toEqual([]);
});

test("the plot has the image, Sobel's answers and the learned ones, for one image of each class", () => {
  const images = { samples: 2, images: Float32Array.of(...ramp, ...ramp), labels: Int32Array.of(1, 0) };
  const plot = edgePlot(images, ["a", "b", "c"], 5, [Float64Array.from(sobelFilters.right)]);
  if (plot.kind !== "image-grid") throw new Error("no images");
  expect(plot.frames).toEqual(["a", "b"]);
  expect(plot.rows.map(({ name }) => name)).toHaveLength(5);
  expect(plot.rows[4]?.frames).toEqual(plot.rows[1]?.frames);
});
