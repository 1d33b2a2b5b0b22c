import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { bobCentroid } from "./bob-centroid";
import { atEveryNoiseLevel, noiseLevels } from "./noise";
import { bobRadius, pendulumAngles, pendulumFrames } from "./pendulum-frames";
import { pendulumImages } from "./pendulum-images";
import { rankCorrelation } from "./rank-correlation";

const setting = { pixels: 32, frames: 100, amplitudeDegrees: 20, motion: "small-angle", seconds: 2.1 } as const;
const reconstruction = () => {
  const { problem } = pendulumImages;
  if (problem.kind !== "reconstruction") throw new Error("not a reconstruction");
  return { problem, defaults: configurationOf(pendulumImages, { frames: 20, trainingFrames: 6 }) };
};

describe("the frames", () => {
  test("follow the formula, and the integrated motion has the periods of the exact pendulum", () => {
    const { angles, times } = pendulumAngles(setting);
    times.forEach((t, i) => expect(angles[i]).toBeCloseTo((Math.PI / 9) * Math.cos(Math.sqrt(9.81) * t), 12));
    // T/T₀ = 1.0732 at 60° and 1.3729 at 120° (complete elliptic integrals): a quarter of a period leads to θ = 0.
    for (const [amplitudeDegrees, ratio] of [
      [60, 1.07318],
      [120, 1.37288],
    ] as const) {
      const seconds = (ratio * 2 * Math.PI) / Math.sqrt(9.81) / 4;
      const { angles: swing } = pendulumAngles({ ...setting, motion: "nonlinear", amplitudeDegrees, frames: 3, seconds });
      expect(swing[2]).toBeCloseTo(0, 4);
    }
  });

  test("show a rod and a bob that hangs where the angle says, with the source's mean ink", () => {
    const { images, angles } = pendulumFrames(setting);
    expect(images.reduce((a, b) => a + b, 0) / images.length).toBeCloseTo(0.0383, 3);
    expect(images.every((value) => value >= 0 && value <= 1)).toBe(true);
    const pixel = 1.2 / 32;
    for (const i of [0, 20, 50, 77]) {
      const place = bobCentroid(images.subarray(i * 1024, (i + 1) * 1024), 32, bobRadius / pixel);
      const angle = angles[i]!;
      // The rod draws the centroid towards the pivot by less than a pixel.
      expect(Math.abs(-0.6 + (place!.column + 0.5) * pixel - Math.sin(angle))).toBeLessThan(pixel);
      expect(Math.abs(0.05 - (place!.row + 0.5) * pixel + Math.cos(angle))).toBeLessThan(pixel);
    }
    expect(bobCentroid(new Float32Array(1024), 32, 2)).toBeNull();
  });

  test("noise replaces the share of pixels that the level says by numbers from 0 to 1", () => {
    const clean = new Float32Array(40_000).fill(-1);
    const noisy = atEveryNoiseLevel(clean, 3);
    noiseLevels.forEach((level, k) => {
      const part = noisy.subarray(k * clean.length, (k + 1) * clean.length);
      const replaced = part.filter((value) => value !== -1);
      expect(Math.abs(replaced.length / clean.length - level)).toBeLessThan(0.01);
      if (level > 0) expect(Math.abs(replaced.reduce((a, b) => a + b, 0) / replaced.length - 0.5)).toBeLessThan(0.02);
    });
  });
});

describe("the judgement", () => {
  const { problem, defaults } = reconstruction();
  const inputs = problem.evaluationInputs(defaults, noResources);
  const clean = inputs.slice(0, 20 * 1024);
  const { angles } = pendulumAngles({ ...setting, frames: 20 });
  const everyLevel = (images: Float32Array): Float32Array => Float32Array.from(noiseLevels.flatMap(() => [...images]));
  const codes = Float32Array.from(noiseLevels.flatMap(() => [...angles].map((angle) => -(angle ** 3))));
  const met = (figures: Record<string, number>): boolean =>
    (pendulumImages.success?.all ?? []).every(({ metric, op, value }) =>
      op === ">=" ? (figures[metric] ?? Number.NaN) >= value : (figures[metric] ?? Number.NaN) <= value,
    );

  test("of the truth is perfect with any latent width, and names no correlation where it does not apply", () => {
    const one = problem.evaluate(defaults, { inputs, codes, latentWidth: 1, images: everyLevel(clean) }, noResources);
    expect(one).toMatchObject({
      cleanMae: 0,
      cleanCentroidError: 0,
      centroidErrorNoise40: 0,
      noiseRatio: 0,
      breakdown: 5,
      claimsMet: 1,
    });
    expect(one.angleRankCorrelation).toBeCloseTo(1, 12);
    const none = problem.evaluate(
      defaults,
      { inputs, codes: new Float32Array(0), latentWidth: 0, images: everyLevel(clean) },
      noResources,
    );
    expect("angleRankCorrelation" in none).toBe(false);
    expect([met(one), met(none)]).toEqual([true, true]);
    const declared = pendulumImages.metrics.filter(({ final }) => final).map(({ name }) => name);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(one)));
  });

  test("of an autoencoder that copies its input finds the noise, and of a blank one the missing bob", () => {
    const copy = problem.evaluate(defaults, { inputs, codes, latentWidth: 1, images: inputs }, noResources);
    expect(copy).toMatchObject({ cleanMae: 0, noiseRatio: 1 });
    expect(copy.claimsMet).toBeLessThan(1);
    const blank = problem.evaluate(
      defaults,
      { inputs, codes, latentWidth: 1, images: new Float32Array(inputs.length) },
      noResources,
    );
    expect(blank).toMatchObject({ cleanCentroidError: 1, breakdown: 0 });
    expect(blank.cleanMae).toBeCloseTo(0.0383, 3);
    expect([met(copy), met(blank)]).toEqual([false, false]);
  });

  test("of a code that does not order the angles fails with one latent value only", () => {
    const folded = Float32Array.from(noiseLevels.flatMap(() => [...angles].map((angle) => angle ** 2)));
    const figures = problem.evaluate(defaults, { inputs, codes: folded, latentWidth: 1, images: everyLevel(clean) }, noResources);
    expect([figures.claimsMet, met(figures)]).toEqual([0.75, false]);
  });

  test("declares every plot that it makes, by latent width", () => {
    const plots = (latentWidth: number): string[] => {
      const wide = new Float32Array(100 * latentWidth);
      return Object.keys(problem.plots?.(defaults, { inputs, codes: wide, latentWidth, images: inputs }, noResources) ?? {});
    };
    expect(plots(0)).toEqual(["reconstructions", "denoising"]);
    expect(plots(1)).toEqual(["reconstructions", "denoising", "latent-angle"]);
    expect(plots(2)).toEqual(["reconstructions", "denoising", "latent-plane", "latent-time"]);
  });

  test("the training frames are some of the frames, the same for every run of a pack", () => {
    const frames = problem.training(defaults, noResources);
    const keys = (images: Float32Array): string[] =>
      Array.from({ length: images.length / 1024 }, (_, i) => images.slice(1024 * i, 1024 * i + 1024).join(","));
    const [chosen, all] = [keys(frames), new Set(keys(clean))];
    expect(chosen.length).toBe(6);
    expect(chosen.every((key) => all.has(key))).toBe(true);
    const others = {
      plots: false,
      schedule: "cosine",
      initialization: "normal",
      schedulePeriod: 3,
      startFrom: "0123456789ab-0-1",
    };
    for (const name of pendulumImages.perRunParameters) {
      const other = configurationOf(pendulumImages, {
        ...defaults,
        [name]: name in others ? others[name as keyof typeof others] : 0.5,
      });
      expect(problem.training(other, noResources), name).toEqual(frames);
    }
  });
});

test("rank correlation: monotonic is ±1, ties share their rank, worked by hand", () => {
  expect(rankCorrelation([1, 2, 3], [10, 100, 1000])).toBe(1);
  expect(rankCorrelation([1, 2, 3], [3, 2, -9])).toBe(-1);
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5/√(4.5·5).
  expect(rankCorrelation([1, 5, 5, 7], [0, 1, 2, 3])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 1], [0, 3])).toBeNaN();
});

test("blocks that do not lead back to the frames are refused with words", () => {
  const issues = (changes: Record<string, string | number>) =>
    pendulumImages.check?.(configurationOf(pendulumImages, changes)) ?? [];
  expect(issues({})).toEqual([]);
  expect(issues({ pixels: 30 })[0]).toMatchObject({ path: "decoderBlocks" });
  expect(issues({ encoderBlocks: "conv 4 k64" })[0]).toMatchObject({
    path: "encoderBlocks",
    message: "a window of 64×64 does not fit an image of 32×32",
  });
  expect(issues({ trainingFrames: 101 })[0]).toMatchObject({ path: "trainingFrames" });
  const large = {
    pixels: 160,
    encoderBlocks: "conv 5 k4 p1, max-pool 2 p1, conv 10 k4 p1, max-pool 2 p1",
    decoderBlocks: "transposed 5 k4 s2 p1, transposed 1 k4 s2 p1",
  };
  expect(issues(large)).toEqual([]);
});
