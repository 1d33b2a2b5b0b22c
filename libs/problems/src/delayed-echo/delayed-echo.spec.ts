import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { delayedEcho } from "./delayed-echo";
import { echoFigures, echoSequences, heardBack } from "./echo-sequences";

const settings = { count: 200, steps: 30, delay: 4, seed: 3, purpose: "test" };
const sequences = echoSequences(settings);
const at = (n: number, row: number, which: 0 | 1): number => sequences.signals[2 * (n * settings.count + row) + which]!;

test("the echo is what was heard so many steps before, and what is heard is uniform in [−1, 1]", () => {
  for (let n = 0; n < settings.steps; n++)
    for (let row = 0; row < settings.count; row++) expect(at(n, row, 1)).toBe(n < 4 ? 0 : at(n - 4, row, 0));
  const heard = Array.from({ length: settings.steps * settings.count }, (_, i) => sequences.signals[2 * i]!);
  const mean = heard.reduce((a, b) => a + b, 0) / heard.length;
  const variance = heard.reduce((a, b) => a + b * b, 0) / heard.length;
  // 6,000 numbers: five standard errors.
  expect(Math.abs(mean)).toBeLessThan((5 * Math.sqrt(1 / 3)) / Math.sqrt(6000));
  expect(Math.abs(variance - 1 / 3)).toBeLessThan((5 * Math.sqrt(4 / 45)) / Math.sqrt(6000));
  expect(echoSequences({ ...settings, purpose: "training" }).signals).not.toEqual(sequences.signals);
});

test("an echo without fault has no error, silence all of the variance, half of it a quarter", () => {
  const answer = (share: number, delay = 4) =>
    Float32Array.from({ length: settings.steps * settings.count }, (_, i) => {
      const [n, row] = [Math.floor(i / settings.count), i % settings.count];
      return n < delay ? 7 : share * at(n - delay, row, 0);
    });
  expect(echoFigures(sequences, answer(1), 4)).toEqual({ testError: 0, testRatio: 1 });
  expect(echoFigures(sequences, answer(0), 4)).toEqual({ testError: 1, testRatio: 0 });
  expect(echoFigures(sequences, answer(0.5), 4).testError).toBeCloseTo(0.25, 6);
  const late = heardBack(sequences, answer(1, 6), 6, 8);
  late.forEach((share, back) => expect(Math.abs(share - (back === 6 ? 1 : 0))).toBeLessThan(0.08));
  expect(echoFigures(sequences, answer(1, 6), 4).testError).toBeGreaterThan(1.5);
});

test("a delay that leaves nothing of the shortest sequences is refused with its field", () => {
  const issues = (changes: Record<string, unknown>) => delayedEcho.check?.(configurationOf(delayedEcho, changes as never)) ?? [];
  expect(issues({})).toEqual([]);
  expect(issues({ delay: 50 })).toMatchObject([{ path: "delay", hint: "at most 49" }]);
  expect(issues({ delay: 20, firstHorizon: 10 })).toMatchObject([{ path: "delay", hint: "at most 9" }]);
  expect(issues({ delay: 20, firstHorizon: 10, horizonGrowth: 0 })).toEqual([]);
});
