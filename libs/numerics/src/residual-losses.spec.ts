import { describe, expect, it } from "vitest";
import { absoluteLoss, huberLoss, softThreshold, squaredLoss } from "./residual-losses";

describe("residual losses", () => {
  it("have PyTorch's values and slopes", () => {
    // torch.nn.HuberLoss(delta=0.3), L1Loss and MSELoss by their documented formulas at −2, −0.1, 0, 0.3, 5.
    const at = [-2, -0.1, 0, 0.3, 5];
    const huber = huberLoss(0.3);
    [0.555, 0.005, 0, 0.045, 1.455].forEach((want, i) => expect(huber.value(at[i]!)).toBeCloseTo(want, 14));
    expect(at.map(huber.slope)).toEqual([-0.3, -0.1, 0, 0.3, 0.3]);
    expect(at.map(absoluteLoss.value)).toEqual([2, 0.1, 0, 0.3, 5]);
    expect(at.map(absoluteLoss.slope)).toEqual([-1, -1, 0, 1, 1]);
    expect([squaredLoss.value(-2), squaredLoss.slope(-2)]).toEqual([4, -4]);
  });

  it.each([
    ["squared", squaredLoss],
    ["absolute", absoluteLoss],
    ["Huber's", huberLoss(0.3)],
  ])("%s slope is the value's derivative, and NaN stays NaN", (_, loss) => {
    for (const r of [-3, -0.31, -0.29, 0.1, 0.29, 0.31, 2]) {
      const difference = (loss.value(r + 1e-6) - loss.value(r - 1e-6)) / 2e-6;
      expect(Math.abs(loss.slope(r) - difference)).toBeLessThan(1e-8);
    }
    expect([loss.value(NaN), loss.slope(NaN)]).toEqual([NaN, NaN]);
  });

  it("Huber's needs a positive delta", () => {
    expect(() => huberLoss(0)).toThrow("delta must be a positive number, not 0");
  });
});

it("softThreshold minimizes ½(w − weight)² + threshold·|w|", () => {
  for (const weight of [-2, -0.5, -0.2, 0, 0.3, 0.5, 4]) {
    const cost = (w: number): number => 0.5 * (w - weight) ** 2 + 0.5 * Math.abs(w);
    const best = softThreshold(weight, 0.5);
    for (let w = -5; w <= 5; w += 0.01) expect(cost(best)).toBeLessThanOrEqual(cost(w) + 1e-15);
  }
  expect([-2, -0.5, -0.1, 0.5, 2].map((w) => softThreshold(w, 0.5))).toEqual([-1.5, 0, 0, 0, 1.5]);
  expect([softThreshold(NaN, 1), softThreshold(3, 0), softThreshold(-Infinity, 1)]).toEqual([NaN, 3, -Infinity]);
});
