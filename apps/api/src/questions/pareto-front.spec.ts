import type { Sweep } from "@basin/contracts";
import { expect, test } from "vitest";
import { paretoFrontOf } from "./pareto-front";
import { stateCode, type SweepTable } from "./sweep-table";

const objectives = [
  { metric: "loss", direction: "minimize" as const },
  { metric: "accuracy", direction: "maximize" as const },
];
const sweep = { id: "k3v9x2mq", spec: { objectives }, objective: objectives[0] } as unknown as Sweep;

/** Two runs of each trial; rows: trial, loss, accuracy, state. */
function tableOf(rows: readonly (readonly [number, number, number, "succeeded" | "failed"])[]): SweepTable {
  const trials = [...new Set(rows.map(([trial]) => trial))];
  return {
    count: rows.length,
    trialIndex: Int32Array.from(rows, ([trial]) => trial),
    state: Int32Array.from(rows, ([, , , state]) => stateCode[state]),
    objective: Float64Array.from(rows, ([, loss]) => loss),
    metrics: new Map([
      ["loss", Float64Array.from(rows, ([, loss]) => loss)],
      ["accuracy", Float64Array.from(rows, ([, , accuracy]) => accuracy)],
    ]),
    trialRow: Int32Array.from(rows, ([trial]) => trials.indexOf(trial)),
    parameters: new Map([["width", { codes: Int32Array.from(trials), values: [8, 16, 32, 64] }]]),
  } as unknown as SweepTable;
}

test("trials of the front come first, by the means of their runs and each objective's direction", () => {
  const found = paretoFrontOf(
    sweep,
    tableOf([
      [0, 1, 0.5, "succeeded"],
      [0, 3, 0.7, "succeeded"],
      [1, 1, 0.4, "succeeded"],
      [2, 3, 0.5, "succeeded"],
      // Better than all, were it a result.
      [3, 0, 1, "failed"],
      [3, Number.NaN, 1, "succeeded"],
    ]),
    ["width"],
    10,
  );
  expect(found.trials).toEqual([
    { trial: 1, parameters: { width: 16 }, values: [1, 0.4], runs: 1, front: true },
    { trial: 0, parameters: { width: 8 }, values: [2, 0.6], runs: 2, front: true },
    { trial: 2, parameters: { width: 32 }, values: [3, 0.5], runs: 1, front: false },
  ]);
  expect([found.front, found.total]).toEqual([2, 3]);
  // Losses (1, −0.4), (2, −0.6) up to (3.3, −0.36): 2.3·0.04 + 1.3·0.2.
  expect(found.hypervolume?.reference.map((value) => Number(value.toFixed(12)))).toEqual([3.3, 0.36]);
  expect(found.hypervolume?.value).toBeCloseTo(0.352, 12);
  expect(found.reading).toMatch(/^2 of 3 trials are on the front of minimize loss, maximize accuracy/);
});

test("a list is cut behind the front, and nothing is said of a sweep without values", () => {
  const table = tableOf([
    [0, 1, 0.5, "succeeded"],
    [1, 2, 0.4, "succeeded"],
  ]);
  expect(paretoFrontOf(sweep, table, [], 1).trials.map(({ trial }) => trial)).toEqual([0]);
  expect(paretoFrontOf(sweep, tableOf([]), [], 5)).toMatchObject({ trials: [], total: 0, hypervolume: null });
});
