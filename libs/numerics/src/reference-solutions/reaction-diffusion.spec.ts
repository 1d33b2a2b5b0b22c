import { describe, expect, it } from "vitest";
import { cosPi } from "../elementary";
import { allenCahnSolution, fisherKppSolution, reactionDiffusion } from "./reaction-diffusion";

describe("allenCahnSolution", () => {
  const u = allenCahnSolution();

  // numpy/scipy 1.17.1: cosine series of 2,048 terms (scipy.fft.dct) whose coefficients come from 2^18 samples of u(x, 0), DOP853 with a
  // tolerance of 1e-11; 1,024 terms give the same to 5e-10.
  it.each([
    [
      0.05,
      [
        1.283835344254193e-5, 0.04789130406814442, 0.027612089819361425, -4.033660490270916e-5, -0.48638262715934216,
        -0.9583192185704488, -0.9969045566038255,
      ],
    ],
    [
      0.25,
      [
        0.0001743879875512077, 0.12886668300891915, 0.0744615192574042, -0.0005479479764113259, -0.834121742239493,
        -0.994005220692672, -0.9990383398239018,
      ],
    ],
    [
      0.5,
      [
        0.0012164450740595773, 0.41161026518649246, 0.2502523960770629, -0.0038079628039150667, -0.9824461615374191,
        -0.999499353127947, -0.9998860746574343,
      ],
    ],
    [
      0.75,
      [
        0.006363838024215042, 0.8425288828139897, 0.6626533889653327, -0.01907528078336139, -0.9985156688283409,
        -0.999958462775836, -0.9999883722570888,
      ],
    ],
    [
      1,
      [
        0.029579720998228122, 0.9832170470682768, 0.9462037165026199, -0.06407679772881857, -0.9998772445803148,
        -0.9999965510368719, -0.9999988837395233,
      ],
    ],
  ])("at t = %f is within 1e-6 of an independent spectral solution", (t, wants) => {
    [0, 0.4375, 0.46875, 0.5, 0.75, 0.96875, 1].forEach((x, i) => {
      expect(Math.abs(u(x, t) - (wants[i] ?? NaN))).toBeLessThan(1e-6);
      expect(u(-x, t)).toBe(u(x, t));
    });
  });

  it("starts at x²·cos πx and is NaN outside its box", () => {
    expect(u(0.3, 0)).toBe(0.3 * 0.3 * cosPi(0.3));
    for (const [x, t] of [
      [1.01, 0.5],
      [0, -0.1],
      [0, 1.01],
      [NaN, 0.5],
    ] as const)
      expect(u(x, t)).toBeNaN();
  });
});

describe("fisherKppSolution", () => {
  // numpy/scipy 1.17.1: cosine series of 240 terms, DOP853 with a tolerance of 1e-11.
  it("is within 1e-8 of an independent spectral solution", () => {
    const u = fisherKppSolution();
    const places = [-1.5, -0.5, 0, 0.3, 1.5];
    for (const [t, wants] of [
      [0.25, [3.039022924466091e-5, 0.4601146330371395, 0.03888358298129368, 0.0006684050835678872, 0]],
      [0.5, [0.0014897767916410352, 0.500489253020679, 0.11242480669771932, 0.008612681952883505, 1.584e-12]],
      [1, [0.043725019416927316, 0.6399328955629495, 0.3164963939003803, 0.08443845424012075, 2.529919233579997e-7]],
    ] as const) {
      places.forEach((x, i) => expect(Math.abs(u(x, t) - (wants[i] ?? NaN))).toBeLessThan(1e-8));
    }
  });

  it("follows the travelling wave of speed 5√(rD/6) (M. Ablowitz, A. Zeppetella, Bull. Math. Biol. 41 (1979))", () => {
    const [D, r] = [0.05, 2];
    const wave = (x: number, t: number): number => (1 + Math.exp(Math.sqrt(r / (6 * D)) * x - (5 / 6) * r * t)) ** -2;
    const u = fisherKppSolution({ initial: (x) => wave(x, 0), range: [-8, 8], endTime: 1 });
    for (const x of [-2, -0.4, 0, 0.7, 1.9])
      for (const t of [0.2, 0.77, 1]) expect(Math.abs(u(x, t) - wave(x, t))).toBeLessThan(1e-8);
  });
});

describe("reactionDiffusion", () => {
  it("without a reaction lets every cosine fall at its own rate", () => {
    const u = reactionDiffusion({
      diffusivity: 0.3,
      reaction: () => 0,
      initial: (x) => 2 + cosPi((3 * (x - 1)) / 2),
      range: [1, 3],
      endTime: 0.4,
      intervals: 24,
    });
    for (const x of [1, 1.37, 2.9, 3])
      expect(u(x, 0.3)).toBeCloseTo(2 + Math.cos(1.5 * Math.PI * (x - 1)) * Math.exp(-0.3 * 0.3 * (1.5 * Math.PI) ** 2), 8);
  });

  it("of what is the same everywhere is the reaction's own equation", () => {
    const u = reactionDiffusion({
      diffusivity: 1,
      reaction: (v) => v * (1 - v),
      initial: () => 0.1,
      range: [0, 1],
      endTime: 2,
      intervals: 8,
    });
    expect(u(0.4, 2)).toBeCloseTo(0.1 / (0.1 + 0.9 * Math.exp(-2)), 8);
  });

  it("names what it cannot solve", () => {
    const problem = { diffusivity: 1, reaction: () => 0, initial: () => 0, range: [0, 1] as const, endTime: 1 };
    expect(() => reactionDiffusion({ ...problem, diffusivity: -1 })).toThrow("the diffusivity must be a positive number");
    expect(() => reactionDiffusion({ ...problem, range: [1, 1] })).toThrow("the width of the range must be a positive number");
    expect(() => reactionDiffusion({ ...problem, endTime: 0 })).toThrow("the end time must be a positive number");
    expect(() => reactionDiffusion({ ...problem, intervals: 3 })).toThrow("4 or more intervals, not 3");
  });
});
