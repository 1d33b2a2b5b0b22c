import { expect, test } from "vitest";
import { sum } from "../differential-equations/expression";
import { output, signal, state, type ClosedLoop } from "../kinds/rollout";
import { requireLoop, requireTrajectories } from "./require-loop";

const loop: ClosedLoop<unknown> = {
  states: 1,
  signals: 1,
  outputs: 1,
  outputActivation: "linear",
  inputs: [state(), signal()],
  next: [sum(state(), output())],
  terms: [{ metric: "cost", weight: () => 1, value: state(), from: 2 }],
  training: { count: 2, steps: 5, starts: new Float32Array(2), signals: new Float32Array(10) },
};

test("a loop whose formulas and sizes fit each other is taken", () => {
  expect(() => {
    requireLoop(loop, 5);
  }).not.toThrow();
});

test.each<[string, Partial<ClosedLoop<unknown>>, number, string]>([
  ["no inputs", { inputs: [] }, 5, "at least one input and one output"],
  ["a state without a formula", { next: [] }, 5, "A loop with 1 states has 0 formulas for the next ones."],
  ["no terms", { terms: [] }, 5, "at least one term"],
  ["a state that is not there", { inputs: [state(1)] }, 5, "Input 0 of the network names state 1, but the loop has 1 of them"],
  ["a signal that is not there", { next: [sum(state(), signal(3))] }, 5, "The next state 0 names signal 3"],
  ["an output as an input", { inputs: [output()] }, 5, "names output 0, which the network gives only after"],
  [
    "a term of an output that is not there",
    { terms: [{ metric: "cost", weight: () => 1, value: output(1) }] },
    5,
    'The loss term "cost" names output 1, but the loop has 1 of them, counted from 0.',
  ],
  ["a term that never counts", {}, 2, 'The loss term "cost" counts from step 2 on, so never within a horizon of 2 steps.'],
  ["trajectories that are too short", {}, 6, "have 5 steps, fewer than the horizon of 6"],
  ["starts of another size", { training: { ...loop.training, starts: new Float32Array(3) } }, 5, "start with 2 values, not 3"],
])("%s is refused", (_, changes, horizon, message) => {
  expect(() => {
    requireLoop({ ...loop, ...changes }, horizon);
  }).toThrow(message);
});

test("signals of another size, and nothing at all, are refused", () => {
  const { training } = loop;
  expect(() => {
    requireTrajectories(loop, { ...training, signals: new Float32Array(9) });
  }).toThrow("1 signals in 5 steps of 2 trajectories are 10 values, not 9.");
  expect(() => {
    requireTrajectories(loop, { ...training, count: 0 });
  }).toThrow("at least 1 of at least 1 step, not 0 of 5");
});
