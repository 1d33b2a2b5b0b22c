import { expect, it } from "vitest";
import { balanced } from "./balance";
import { drawWhereLarge } from "./redraw";

const candidates = 4000;
const points = Float32Array.from({ length: candidates }, (_, i) => i);
const place = { seed: 3, grid: 0, redraw: 1 };

it("draws points where the residual is large, each once, the same for the same seed", () => {
  // |r|/mean + 1 is 4.6 on the tenth with residual 9 and 1.4 elsewhere, where it is 1.
  const sizes = Float32Array.from(points, (i) => (i % 10 === 0 ? 9 : 1));
  const drawn = drawWhereLarge({ points, coordinates: 1, sizes }, 400, place);
  expect(new Set(drawn).size).toBe(400);
  expect(Array.from(drawn)).toEqual(Array.from(drawn).sort((a, b) => a - b));
  const share = Array.from(drawn).filter((i) => i % 10 === 0).length / 400;
  const expected = 6 / (6 + 9 * (1 / 1.8 + 1));
  expect(Math.abs(share - expected)).toBeLessThan(0.06);
  expect(drawWhereLarge({ points, coordinates: 1, sizes }, 400, place)).toEqual(drawn);
  expect(drawWhereLarge({ points, coordinates: 1, sizes }, 400, { ...place, seed: 4 })).not.toEqual(drawn);
  expect(drawWhereLarge({ points, coordinates: 1, sizes }, 400, { ...place, redraw: 2 })).not.toEqual(drawn);
});

it("draws everywhere alike where nothing is known, and keeps a point's coordinates together", () => {
  const pairs = Float32Array.from({ length: 2 * candidates }, (_, i) => Math.floor(i / 2) + (i % 2) / 2);
  const drawn = drawWhereLarge({ points: pairs, coordinates: 2, sizes: new Float32Array(candidates).fill(NaN) }, 500, place);
  expect(drawn.length).toBe(1000);
  for (let i = 0; i < 500; i++) expect((drawn[2 * i + 1] ?? NaN) - (drawn[2 * i] ?? NaN)).toBe(0.5);
  const mean = Array.from({ length: 500 }, (_, i) => drawn[2 * i] ?? NaN).reduce((all, one) => all + one, 0) / 500;
  expect(Math.abs(mean - candidates / 2)).toBeLessThan(150);
});

it("moves the factors of terms a tenth of the way to equal gradients, and those of terms that do not count not at all", () => {
  expect(balanced([1, 1], [1, 3], [1, 1])).toEqual(
    [0.9 + 0.1 * 4, 0.9 + (0.1 * 4) / 3].map((x): unknown => expect.closeTo(x, 12)),
  );
  expect(balanced([1, 2, 5, 7], [1, 3, 100, 0], [1, 1, 0, 1])).toEqual([
    expect.closeTo(1.3, 12),
    expect.closeTo(1.8 + 0.4 / 3, 12),
    5,
    7,
  ]);
  expect(balanced([1, 1], [NaN, 2], [1, 1])).toEqual([1, expect.closeTo(1, 12)]);
  let factors = [1, 1];
  for (let i = 0; i < 200; i++) factors = balanced(factors, [0.01, 10], [1, 1]);
  expect(((factors[0] ?? NaN) * 0.01) / ((factors[1] ?? NaN) * 10)).toBeCloseTo(1, 6);
});
