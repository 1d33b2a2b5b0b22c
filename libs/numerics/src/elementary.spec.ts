import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cosPi, exponential, logarithm, sinPi } from "./elementary";
import { normalQuantile } from "./normal-quantile";

/** Distance in units of 2^-53 relative to the expected value. */
const off = (got: number, want: number): number => Math.abs(got - want) / (Math.abs(want) * 2 ** -53);

// Expected values to 17 digits from arbitrary-precision arithmetic.
describe.each<[string, (x: number) => number, [x: number, want: number][]]>([
  [
    "logarithm",
    logarithm,
    [
      [1e-310, -713.8013788281542],
      [1e-5, -11.512925464970229],
      [0.1, -2.3025850929940455],
      [0.7071067811865475, -0.34657359027997275],
      [0.9999999, -1.0000000494736474e-7],
      [1.0000001, 9.999999505838704e-8],
      [2.0, 0.6931471805599453],
      [3.5, 1.252762968495368],
      [10000000000.0, 23.025850929940457],
      [1.7e308, 709.7268368932282],
    ],
  ],
  [
    "exponential",
    exponential,
    [
      [-700.5, 5.980196118639791e-305],
      [-20.25, 1.6052280551856116e-9],
      [-1.0, 0.36787944117144233],
      [-1e-9, 0.999999999],
      [0.001, 1.0010005001667084],
      [0.5, 1.6487212707001282],
      [1.0, 2.718281828459045],
      [10.1, 24343.00942440838],
      [345.678, 1.3367429901634594e150],
      [709.5, 1.3549863193146328e308],
    ],
  ],
  [
    "sinPi",
    sinPi,
    [
      [1e-10, 3.1415926535897934e-10],
      [0.1, 0.30901699437494745],
      [0.25, 0.7071067811865476],
      [0.3, 0.8090169943749475],
      [0.49, 0.9995065603657316],
      [0.75, 0.7071067811865476],
      [1.2, -0.587785252292473],
      [2.9, 0.3090169943749477],
      [-0.6, -0.9510565162951536],
      [12.3, 0.8090169943749488],
    ],
  ],
  [
    "cosPi",
    cosPi,
    [
      [1e-10, 1.0],
      [0.1, 0.9510565162951535],
      [0.25, 0.7071067811865476],
      [0.3, 0.5877852522924731],
      [0.49, 0.03141075907812832],
      [0.75, -0.7071067811865476],
      [1.2, -0.8090169943749475],
      [2.9, -0.9510565162951535],
      [-0.6, -0.30901699437494734],
      [12.3, 0.5877852522924714],
    ],
  ],
  [
    "normalQuantile",
    normalQuantile,
    [
      [1e-15, -7.941345326170997],
      [1e-9, -5.9978070150076865],
      [0.0001, -3.7190164854556804],
      [0.025, -1.9599639845400543],
      [0.0751, -1.43882539275254],
      [0.3, -0.5244005127080408],
      [0.6, 0.2533471031357997],
      [0.925, 1.4395314709384561],
      [0.975, 1.9599639845400538],
      [0.9999, 3.7190164854557084],
    ],
  ],
])("%s", (_, f, table) => {
  test.each(table)("of %f is %f", (x, want) => {
    expect(off(f(x), want)).toBeLessThan(10);
  });
});

test("logarithm and exponential agree with the engine's to a few units in the last place", () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (x) => {
      const want = Math.log(x);
      return Math.abs(logarithm(x) - want) <= 4 * 2 ** -53 * Math.max(Math.abs(want), 1e-300);
    }),
  );
  fc.assert(fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => off(exponential(x), Math.exp(x)) < 4));
});

test("sinPi and cosPi are exact at multiples of one half, odd and even, and lie on the circle", () => {
  for (let n = -8; n <= 8; n++) {
    expect(sinPi(n / 2) + 0).toBe([0, 1, 0, -1][((n % 4) + 4) % 4]);
    expect(cosPi(n / 2) + 0).toBe([1, 0, -1, 0][((n % 4) + 4) % 4]);
  }
  fc.assert(
    fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (x) => {
      expect(sinPi(-x) + 0).toBe(-sinPi(x) + 0);
      expect(cosPi(-x)).toBe(cosPi(x));
      expect(Math.abs(sinPi(x) ** 2 + cosPi(x) ** 2 - 1)).toBeLessThan(1e-15);
    }),
  );
});

test("edges", () => {
  expect([logarithm(0), logarithm(1), logarithm(-1), logarithm(Infinity), logarithm(NaN)]).toEqual([
    -Infinity,
    0,
    NaN,
    Infinity,
    NaN,
  ]);
  expect([exponential(0), exponential(710), exponential(-746), exponential(-Infinity), exponential(NaN)]).toEqual([
    1,
    Infinity,
    0,
    0,
    NaN,
  ]);
  expect(exponential(-745)).toBe(5e-324);
  expect([sinPi(Infinity), cosPi(NaN)]).toEqual([NaN, NaN]);
  expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1), normalQuantile(-0.1), normalQuantile(NaN)]).toEqual([
    -Infinity,
    0,
    Infinity,
    NaN,
    NaN,
  ]);
  fc.assert(
    fc.property(
      fc.double({ min: 2 ** -30, max: 0.5, noNaN: true }),
      (p) => Math.abs(normalQuantile(p) + normalQuantile(1 - p)) < 1e-6,
    ),
  );
});
