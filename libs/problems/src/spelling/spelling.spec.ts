import { editDistance } from "@basin/numerics";
import { describe, expect, it } from "vitest";
import { configurationOf } from "../describe-experiment";
import type { CustomLossProblem } from "../kinds/custom-loss";
import { spelling } from "./spelling";
import { alignmentLoss, mostLikelyWord, placesLoss, probabilitiesOf, readWord, reinforceLoss } from "./word-losses";
import { editKinds, misspelledWords, misspellings, oneHotOf, places, samplesOf, symbols, symbolsOf, wordsOf } from "./words";

const shape = { places, symbols };
const outputs = Float64Array.from({ length: places * symbols }, (_, i) => 2 * Math.sin(3 * i + 1));
const word = [2, 0, 7, 5, 1];

describe("the words", () => {
  const words = wordsOf(0);

  it("are 200 of 4 to 7 letters, three edits or more from each other", () => {
    expect(words).toHaveLength(200);
    expect(new Set(words.map(({ length }) => length))).toEqual(new Set([4, 5, 6, 7]));
    for (const [i, one] of words.entries()) {
      expect(one).toMatch(/^[a-h]+$/);
      for (const other of words.slice(i + 1)) expect(editDistance(one, other)).toBeGreaterThan(2);
    }
    expect(wordsOf(0)).toEqual(words);
    expect(wordsOf(1)).not.toEqual(words);
  });

  it("have every misspelling that is one edit away, once", () => {
    // abca: 4 places × 7 other letters; 5 gaps × 8 letters, of which 4 give the same word twice (a letter beside itself); 4 letters to leave out.
    expect(editKinds.map((kind) => misspellings("abca", kind).length)).toEqual([28, 36, 4]);
    expect(misspellings("aab", "deletion")).toEqual(["ab", "aa"]);
    for (const kind of editKinds) for (const one of misspellings("abcda", kind)) expect(editDistance(one, "abcda")).toBe(1);
  });

  it("are written with a third of each edit, and what is held out is not trained on", () => {
    const { training, test } = misspelledWords({ samples: 6000, dataSeed: 3 });
    for (const kind of editKinds) expect(training.filter((one) => one.kind === kind)).toHaveLength(2000);
    const seen = new Set(training.map(({ word, written }) => `${word}/${written}`));
    expect(test.length).toBeGreaterThan(590);
    for (const one of test) {
      expect(seen.has(`${one.word}/${one.written}`)).toBe(false);
      expect(editDistance(one.word, one.written)).toBe(1);
    }
  });

  it("are ones and zeros, filled up with ends", () => {
    expect(symbolsOf("hab")).toEqual([7, 0, 1, 8, 8, 8, 8, 8]);
    expect(mostLikelyWord(oneHotOf("hab"), shape)).toEqual([7, 0, 1]);
    expect(readWord([3, 8, 2], shape)).toEqual([3]);
    const { samples, inputs, targets } = samplesOf([{ word: "abcd", written: "abd", kind: "deletion" }]);
    expect([samples, inputs.length, targets.length]).toEqual([1, 72, 72]);
    expect(mostLikelyWord(inputs, shape)).toEqual([0, 1, 3]);
    expect(mostLikelyWord(targets, shape)).toEqual([0, 1, 2, 3]);
  });
});

describe("the losses of one word", () => {
  const moved = (k: number, by: number): Float64Array => outputs.map((z, i) => (i === k ? z + by : z));

  it.each([
    ["place by place", (z: Float64Array) => placesLoss(z, word, shape)],
    ["of alignments, γ = 0.1", (z: Float64Array) => alignmentLoss(z, word, shape, 0.1)],
    ["of alignments, γ = 1", (z: Float64Array) => alignmentLoss(z, word, shape, 1)],
  ])("%s have the gradient that central differences find", (_, lossOf) => {
    lossOf(outputs).gradient.forEach((slope, k) => {
      const difference = (lossOf(moved(k, 1e-5)).loss - lossOf(moved(k, -1e-5)).loss) / 2e-5;
      expect(Math.abs(slope - difference)).toBeLessThan(1e-6);
    });
  });

  it("place by place is the mean of −ln p", () => {
    const p = probabilitiesOf(outputs, shape);
    const want = [...word, 8, 8, 8].reduce((sum, symbol, place) => sum - Math.log(p[place * symbols + symbol]!) / places, 0);
    expect(placesLoss(outputs, word, shape).loss).toBeCloseTo(want, 13);
  });

  it("of alignments is the hard distance where the outputs are certain and γ is small", () => {
    const certain = (text: string): Float64Array => Float64Array.from(oneHotOf(text), (one) => 200 * one);
    for (const [read, meant] of [
      ["abcd", "abcd"],
      ["abed", "abcd"],
      ["bcdefgh", "abcdefgh"],
      ["hhhh", "abcd"],
    ] as const) {
      const want = editDistance(symbolsOf(read), symbolsOf(meant));
      const { loss } = alignmentLoss(certain(read), symbolsOf(meant).slice(0, meant.length), shape, 0.01);
      expect(want - loss).toBeGreaterThanOrEqual(-1e-9);
      expect(want - loss).toBeLessThan(0.01 * Math.log(200));
    }
  });
});

describe("REINFORCE", () => {
  const toy = { places: 2, symbols: 3 };
  const z = [
    [0.3, -0.4, 0.2, 0.9, 0.1, -0.5],
    [-0.2, 0.6, 0, 0.4, -0.3, 0.8],
  ];
  const meant = [[0, 1], [1]];

  /** Of the mean distance of one sample, by all nine pairs of symbols. */
  function exact(sample: number): { distance: number; gradient: number[] } {
    const p = probabilitiesOf(z[sample]!, toy);
    let distance = 0;
    const gradient = new Array<number>(6).fill(0);
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) {
        const chance = p[a]! * p[3 + b]!;
        const d = editDistance(readWord([a, b], toy), meant[sample]!);
        distance += chance * d;
        for (let k = 0; k < 3; k++) {
          gradient[k]! += chance * d * ((k === a ? 1 : 0) - p[k]!);
          gradient[3 + k]! += chance * d * ((k === b ? 1 : 0) - p[3 + k]!);
        }
      }
    return { distance, gradient };
  }

  it("estimates the gradient of the mean distance without bias: within 4 standard errors over 20,000 estimates of exact enumeration", () => {
    const [count, sums, squares] = [20_000, new Float64Array(12), new Float64Array(12)];
    let distance = 0;
    for (let index = 0; index < count; index++) {
      const { loss, gradients } = reinforceLoss(z, meant, toy, { drawn: 2, seed: 5, index });
      distance += loss / count;
      gradients.forEach((gradient, sample) =>
        gradient.forEach((g, k) => {
          sums[6 * sample + k]! += g;
          squares[6 * sample + k]! += g * g;
        }),
      );
    }
    for (const sample of [0, 1])
      exact(sample).gradient.forEach((want, k) => {
        const mean = sums[6 * sample + k]! / count;
        const error = Math.sqrt((squares[6 * sample + k]! / count - mean * mean) / count);
        expect(error).toBeGreaterThan(0);
        expect(Math.abs(mean - want)).toBeLessThan(4 * error);
      });
    expect(distance).toBeCloseTo((exact(0).distance + exact(1).distance) / 2, 1);
  });

  it("draws the same words for the same step, and others for the next", () => {
    const drawn = (index: number) => reinforceLoss(z, meant, toy, { drawn: 8, seed: 5, index });
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });
});

describe("the problem", () => {
  const problem = spelling.problem as CustomLossProblem;
  const batch = {
    samples: 3,
    outputs: Float32Array.from({ length: 216 }, (_, i) => Math.sin(7 * i)),
    targets: samplesOf(misspelledWords({ samples: 200, dataSeed: 0 }).training.slice(0, 3)).targets,
  };

  it("begins with the loss place by place, whatever is chosen, and measures what is chosen", () => {
    const loss = (changes: object, step: number, measured = false): number =>
      problem.lossOf(
        configurationOf(spelling, { trainingSamples: 200, ...changes }),
        batch,
        measured ? null : new Float64Array(216),
        { seed: 1, step },
      );
    const places = loss({ loss: "places" }, 0);
    // Two of six epochs of four steps.
    expect(loss({ loss: "alignment" }, 7)).toBe(places);
    expect(loss({ loss: "alignment" }, 8)).not.toBe(places);
    expect(loss({ loss: "alignment", warmUp: 0 }, 0)).toBe(loss({ loss: "alignment" }, 8));
    expect(loss({ loss: "alignment" }, 0, true)).toBe(loss({ loss: "alignment" }, 8));
    expect(loss({ loss: "reinforce" }, 8)).toBeGreaterThan(3);
  });

  it("gives a batch the mean over its samples", () => {
    const parameters = configurationOf(spelling, { trainingSamples: 200, loss: "places" });
    const gradient = new Float64Array(216);
    const all = problem.lossOf(parameters, batch, gradient, { seed: 1, step: 0 });
    const each = [0, 1, 2].map((i) => {
      const own = new Float64Array(72);
      const part = {
        samples: 1,
        outputs: batch.outputs.slice(72 * i, 72 * i + 72),
        targets: batch.targets.slice(72 * i, 72 * i + 72),
      };
      return { loss: problem.lossOf(parameters, part, own, { seed: 1, step: 0 }), own };
    });
    expect(all).toBeCloseTo(
      each.reduce((sum, { loss }) => sum + loss / 3, 0),
      12,
    );
    each.forEach(({ own }, i) => own.forEach((g, k) => expect(gradient[72 * i + k]).toBeCloseTo(g / 3, 12)));
  });

  it("judges what was written itself to be one edit away, and the words meant to be read right", () => {
    const parameters = configurationOf(spelling, { trainingSamples: 200 });
    const { test } = misspelledWords({ samples: 200, dataSeed: 0 });
    const { inputs, targets } = samplesOf(test);
    const outcome = (outputs: Float32Array) => ({ seed: 1, outputs, initialOutputs: outputs });
    expect(problem.evaluate(parameters, outcome(inputs))).toEqual({
      testDistance: 1,
      substitutionDistance: 1,
      insertionDistance: 1,
      deletionDistance: 1,
      shiftDistance: 1,
      rightWords: 0,
    });
    expect(problem.evaluate(parameters, outcome(targets))).toMatchObject({ testDistance: 0, rightWords: 1 });
  });
});
