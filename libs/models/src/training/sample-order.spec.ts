import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shuffleEpoch, splitSamples } from "./sample-order";

const seed = fc.nat();

describe("splitSamples", () => {
  it("puts every sample on exactly one side, and keeps both sides non-empty", () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        (s, samples, fraction) => {
          const { training, validation } = splitSamples(s, samples, fraction);
          expect(validation.length).toBe(Math.max(1, Math.floor(fraction * samples)));
          expect(training.length).toBeGreaterThan(0);
          expect([...training, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i));
        },
      ),
    );
  });

  it("holds nothing out without a fraction", () => {
    expect(splitSamples(1, 4, 0)).toEqual({ training: Int32Array.of(0, 1, 2, 3), validation: new Int32Array(0) });
    expect(splitSamples(1, 1, 0.5).validation.length).toBe(0);
  });
});

describe("shuffleEpoch", () => {
  it("is an order of the training samples, another one each epoch and seed", () => {
    const training = Int32Array.from({ length: 50 }, (_, i) => 3 * i);
    const order = (s: number, epoch: number): number[] => {
      const out = new Int32Array(50);
      shuffleEpoch(s, epoch, training, out);
      return [...out];
    };
    expect([...order(1, 1)].sort((a, b) => a - b)).toEqual([...training]);
    expect(order(1, 1)).toEqual(order(1, 1));
    expect(order(1, 2)).not.toEqual(order(1, 1));
    expect(order(2, 1)).not.toEqual(order(1, 1));
  });
});
