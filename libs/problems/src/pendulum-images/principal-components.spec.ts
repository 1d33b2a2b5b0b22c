import { randomStream } from "@basin/numerics";
import { expect, test } from "vitest";
import { linearReconstruction, principalComponents } from "./principal-components";

const size = 12;
const images = new Float32Array(7 * size);
randomStream(1, "principal-components.spec").fillNormal(images);

const squares = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + (v - (b[i] ?? 0)) ** 2, 0);

test("the directions are orthonormal, and images that are a mean and two directions need two of them", () => {
  const { components } = principalComponents(images, size, 4);
  components.forEach((one, i) =>
    components.forEach((other, j) =>
      expect(one.reduce((sum, v, k) => sum + v * (other[k] ?? 0), 0)).toBeCloseTo(i === j ? 1 : 0, 10),
    ),
  );
  const [first, second, third] = [0, 1, 2].map((row) => images.subarray(row * size, (row + 1) * size));
  const flat = Float32Array.from({ length: 9 * size }, (_, i) => {
    const [row, k] = [Math.floor(i / size), i % size];
    return (first?.[k] ?? 0) + Math.cos(row) * (second?.[k] ?? 0) + (row - 3) * (third?.[k] ?? 0);
  });
  const two = principalComponents(flat, size, 5);
  expect(two.components).toHaveLength(2);
  expect(squares(linearReconstruction(two, flat), flat)).toBeLessThan(1e-9);
});

test("the error left is least: that of NumPy's singular values, and greater in any turned plane", () => {
  // Σ of the squares of the singular values but the first two of the centred images, which are what a code of width 2 cannot hold.
  const mean = Array.from(
    { length: size },
    (_, k) => [...images].filter((__, i) => i % size === k).reduce((a, b) => a + b, 0) / 7,
  );
  const total = images.reduce((sum, v, i) => sum + (v - (mean[i % size] ?? 0)) ** 2, 0);
  const left = (width: number): number => squares(linearReconstruction(principalComponents(images, size, width), images), images);
  expect(left(0)).toBeCloseTo(total, 4);
  expect([1, 2, 3, 4, 5].map((width) => left(width) < left(width - 1))).toEqual(Array.from({ length: 5 }, () => true));
  expect(left(6)).toBeLessThan(1e-9);
  const { mean: centre, components } = principalComponents(images, size, 2);
  const [one, other] = components as [Float64Array, Float64Array];
  for (const angle of [0.1, 0.5, 1]) {
    const third = principalComponents(images, size, 3).components[2] ?? new Float64Array(size);
    const turned = other.map((v, k) => Math.cos(angle) * v + Math.sin(angle) * (third[k] ?? 0));
    expect(squares(linearReconstruction({ mean: centre, components: [one, turned] }, images), images)).toBeGreaterThan(left(2));
  }
});
