import { Space, type Configuration, type SweepSpecInput } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { configurationOf } from "../describe-experiment";
import { findExperiment } from "../registry";
import { checkMemory, gigabytes, memorySentence } from "./check-memory";
import type { DatasetShapes } from "./data-sizes";
import { estimatePackMemory, packBytes } from "./pack-memory";

const slotBytes = 3 * 1024 ** 3;
const room = { bytes: slotBytes, whose: "a slot" };
const none: DatasetShapes = () => undefined;
const table: DatasetShapes = () => ({
  rows: 300_000,
  columns: ["a", "b", "y"].map((name) => ({ name, type: "number", categories: [] })),
  arrays: [],
});

function experiment(id: string) {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  return definition;
}

function check(id: string, space: SweepSpecInput["space"], datasets = none) {
  return checkMemory(experiment(id), Space.parse(space), datasets, room);
}

const fixed = (value: number | string | boolean | number[] | string[]) => ({ type: "fixed" as const, value });

describe("a run that fits no slot", () => {
  it("is refused with the estimate, the parameters that matter, and what would fit", () => {
    const issues = check("loss-minimization", {
      samples: fixed(1_000_000),
      hiddenLayers: fixed([512, 512]),
      batchSize: fixed(0),
    });
    expect(issues).toEqual([
      {
        path: "space.hiddenLayers",
        message: "a run needs about 15 GB, and a slot has 3.2 GB (hiddenLayers [512,512], batchSize 0, samples 1000000)",
        hint: "it would fit with batchSize 210000, or with hiddenLayers [64,64], or with samples 210000",
      },
    ]);
  });

  it.each<[string, SweepSpecInput["space"], DatasetShapes]>([
    ["loss-minimization", { samples: fixed(500_000), hiddenLayers: fixed([256, 256]), batchSize: fixed(0) }, none],
    [
      "dataset-regression",
      { dataset: fixed("ab".repeat(32)), targets: fixed(["y"]), hiddenLayers: fixed([512, 512]), batchSize: fixed(0) },
      table,
    ],
    ["sindy-pendulum", { pixels: fixed(51), orbits: fixed(70), frames: fixed(500), batchSize: fixed(35_000) }, none],
    ["pendulum-images", { pixels: fixed(256), frames: fixed(1000), trainingFrames: fixed(1000), batchSize: fixed(0) }, none],
    ["harmonic-oscillator-pinn", { points: fixed(100_000), hiddenLayers: fixed([1024, 1024]) }, none],
    ["digits-cnn", { blocks: fixed("conv 1024 k3 p1, conv 1024 k3 p1, conv 1024 k3 p1"), batchSize: fixed(0) }, none],
    ["digits", { hiddenLayers: fixed(new Array<number>(12).fill(4096)) }, none],
  ])("is found in every family: %s", (id, space, datasets) => {
    const [issue] = check(id, space, datasets);
    expect(issue?.message).toMatch(/^a run needs about [\d.]+ GB, and a slot has 3\.2 GB \(/);
    expect(issue?.path).toMatch(/^space\./);
    expect(issue?.hint).toMatch(/^it would fit with /);
  });

  it("is not the source's autoencoder on images of 160 × 160, whose weights of 205 MB are stored in parts", () => {
    const source = {
      pixels: fixed(160),
      latentWidth: fixed(2),
      encoderBlocks: fixed("conv 5 k4 p1, max-pool 2 p1, conv 10 k4 p1, max-pool 2 p1"),
      denseLayers: fixed([1600, 40]),
      decoderBlocks: fixed("transposed 5 k4 s2 p1, transposed 1 k4 s2 p1"),
      loss: fixed("mae"),
      epochs: fixed(2001),
    };
    expect(check("pendulum-images", source)).toEqual([]);
    // 16,000·1,600 weights on either side, of 4 bytes, are far beyond the 64 MiB of one part.
    const encoder = 16_000 * 1600 + 1600 + 1600 * 40 + 40 + 40 * 2 + 2;
    expect(2 * encoder * 4).toBeGreaterThan(205e6);
    const noRoom = checkMemory(experiment("pendulum-images"), Space.parse(source), none, {
      bytes: slotBytes / 8,
      whose: "a slot",
    });
    expect(noRoom[0]?.message).toMatch(/^a run needs about/);
  });

  it("is found in the largest corner of a space, whichever ends its parameters have it at", () => {
    const range = { type: "int" as const, min: 100, max: 1_000_000 };
    const widths = { type: "choice" as const, values: [[8], [512, 512], [16]] };
    const large = { samples: range, hiddenLayers: widths, batchSize: { type: "choice" as const, values: [64, 0, 128] } };
    expect(check("loss-minimization", large)).toHaveLength(1);
    expect(check("loss-minimization", { ...large, batchSize: { type: "choice", values: [64, 128] } })).toEqual([]);
    expect(check("loss-minimization", { ...large, samples: { ...range, max: 100_000 } })).toEqual([]);
    // 3 · 3 · 3 · 10^4 combinations: one parameter after the other.
    const rates = { type: "choice" as const, values: Array.from({ length: 10_000 }, (_, i) => (i + 1) / 20_000) };
    const names = Array.from({ length: 4000 }, (_, i) => (i === 3777 ? [512, 512] : [4, 4]));
    const many = { ...large, hiddenLayers: { type: "choice" as const, values: names }, learningRate: rates, momentum: rates };
    expect(check("loss-minimization", many)).toHaveLength(1);
  });

  it("is not looked for where a condition keeps the values apart", () => {
    const space = {
      hiddenLayers: { type: "choice" as const, values: [[8], [512, 512]] },
      samples: { type: "fixed" as const, value: 1_000_000, when: { parameter: "hiddenLayers", in: [[8]] } },
      batchSize: fixed(0),
    };
    expect(check("loss-minimization", space)).toEqual([]);
  });

  it("is let through where nothing can be estimated, and where it fits", () => {
    expect(check("dataset-regression", { dataset: fixed("ab".repeat(32)), targets: fixed(["y"]), batchSize: fixed(0) })).toEqual(
      [],
    );
    expect(check("diagnostic", {})).toEqual([]);
    expect(check("loss-minimization", { samples: fixed(1_000_000), hiddenLayers: fixed([512, 512]) })).toEqual([]);
    expect(check("loss-minimization", { samples: fixed(300_000), hiddenLayers: fixed([256, 256]), batchSize: fixed(0) })).toEqual(
      [],
    );
  });

  it("follows its advice: what is said to fit does, and not much more would", () => {
    const definition = experiment("loss-minimization");
    const given: Configuration = { samples: 1_000_000, hiddenLayers: [512, 512], batchSize: 0 };
    const sentence = memorySentence(definition, configurationOf(definition, given), none, slotBytes);
    expect(sentence).toMatch(
      /^it needs about 15 GB, a slot has 3\.2 GB; it would fit with batchSize (\d+), or with hiddenLayers/,
    );
    const batchSize = Number(/batchSize (\d+)/.exec(sentence ?? "")?.[1]);
    const bytes = (changes: Configuration): number => {
      const memory = estimatePackMemory(definition, configurationOf(definition, { ...given, ...changes }), none);
      return memory ? packBytes(memory, 1) : Number.NaN;
    };
    expect(bytes({ batchSize })).toBeLessThanOrEqual(slotBytes);
    expect(bytes({ batchSize: 1.2 * batchSize })).toBeGreaterThan(slotBytes);
    expect(memorySentence(definition, configurationOf(definition, { epochs: 1 }), none, slotBytes)).toBeNull();
  });

  it.each([
    [3 * 1024 ** 3, "3.2 GB"],
    [512 * 1024 ** 2, "0.5 GB"],
    [12.9e9, "13 GB"],
  ])("%d bytes are %s", (bytes, text) => expect(gigabytes(bytes)).toBe(text));
});
