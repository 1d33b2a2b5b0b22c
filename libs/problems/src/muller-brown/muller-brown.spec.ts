import { expect, test } from "vitest";
import { basinOf, minima, minimumAt, region, surfaceGradient, surfaceValue } from "./muller-brown-surface";

test("the gradient is that of the surface by central differences", () => {
  const h = 1e-5;
  for (const [x, y] of [
    [0.3, 0.7],
    [-1.2, 1.9],
    [1.1, -0.1],
  ] as const) {
    const [gx, gy] = surfaceGradient(x, y);
    const along = (dx: number, dy: number): number => (surfaceValue(x + dx, y + dy) - surfaceValue(x - dx, y - dy)) / (2 * h);
    expect(Math.abs(gx - along(h, 0))).toBeLessThan(1e-5 * Math.max(1, Math.abs(gx)));
    expect(Math.abs(gy - along(0, h))).toBeLessThan(1e-5 * Math.max(1, Math.abs(gy)));
  }
});

test("the minima are where the gradient vanishes and rises all around, with the published energies", () => {
  // K. Müller and L. D. Brown, 1979: −146.700, −108.167 and −80.768.
  expect(minima.map(({ value }) => Number(value.toFixed(3)))).toEqual([-146.7, -108.167, -80.768]);
  for (const { x, y, value } of minima) {
    expect(Math.hypot(...surfaceGradient(x, y))).toBeLessThan(1e-9);
    expect(surfaceValue(x, y)).toBeCloseTo(value, 9);
    for (let i = 0; i < 16; i++) {
      const [dx, dy] = [0.01 * Math.cos((i * Math.PI) / 8), 0.01 * Math.sin((i * Math.PI) / 8)];
      expect(surfaceValue(x + dx, y + dy)).toBeGreaterThan(value + 0.005);
    }
  }
});

test("on both sides of a saddle, along the direction that falls, lie the basins of its two minima", () => {
  // Saddles by Newton's method in Python, with the direction of the negative eigenvalue (−750.9 and −735.2) from there.
  const saddles = [
    { x: -0.8220015587327322, y: 0.6243128028148713, value: -40.6648435086574, between: [0, 2] },
    { x: 0.21248658200066206, y: 0.2929883251073677, value: -72.24894011232523, between: [1, 2] },
  ];
  for (const { x, y, value, between } of saddles) {
    expect(surfaceValue(x, y)).toBeCloseTo(value, 9);
    expect(Math.hypot(...surfaceGradient(x, y))).toBeLessThan(1e-9);
    const around = Array.from({ length: 32 }, (_, i) => {
      const angle = (i * Math.PI) / 16;
      return { fall: surfaceValue(x + 0.02 * Math.cos(angle), y + 0.02 * Math.sin(angle)), angle };
    });
    const { angle } = around.reduce((a, b) => (b.fall < a.fall ? b : a));
    const found = [angle, angle + Math.PI].map((one) => basinOf(x + 0.02 * Math.cos(one), y + 0.02 * Math.sin(one), 5e-5, 5000));
    expect(found.sort()).toEqual(between);
  }
});

test("every start of the region comes to a minimum, and a start beside one to that", () => {
  minima.forEach(({ x, y }, i) => {
    expect(basinOf(x + 0.05, y - 0.05, 5e-5, 5000)).toBe(i);
    expect(minimumAt(x + 1e-4, y, 1e-3)).toBe(i);
  });
  expect(minimumAt(0, 0, 1e-3)).toBe(-1);
  const counts = [0, 0, 0];
  for (let i = 0; i <= 10; i++)
    for (let j = 0; j <= 10; j++) {
      const at = ([low, high]: readonly [number, number], k: number): number => low + ((high - low) * k) / 10;
      counts[basinOf(at(region.x, i), at(region.y, j), 5e-5, 5000)]! += 1;
    }
  expect(counts.reduce((a, b) => a + b)).toBe(121);
  expect(Math.min(...counts)).toBeGreaterThan(5);
});
