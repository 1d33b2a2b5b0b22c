import { SweepAnswer, type SweepId } from "@basin/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

/** `loss-minimization` asks for R² of at least 0.995 and a mean error of at most 0.01. */
const met = (mae = 0.005): SeededRun => ({ objective: mae, metrics: { mae, rSquared: 0.999 } });
const missed = (mae = 0.5): SeededRun => ({ objective: mae, metrics: { mae, rSquared: 0.2 } });
const times = (count: number, run: SeededRun): SeededRun[] => Array.from({ length: count }, () => run);
const values = (...list: number[]): SeededRun[] => list.map((objective) => ({ objective }));

async function answer(id: string, query: object = {}): Promise<SweepAnswer> {
  const found = await api.call("getAnswer", { params: { sweep: id }, query });
  expect(found.status, found.text).toBe(200);
  return SweepAnswer.parse(found.json);
}

const space = {
  activation: { type: "choice", values: ["tanh", "relu"] },
  learningRate: { type: "choice", values: [0.001, 0.01] },
};
const seed = (id: string, runs: SeededRun[][], more: Partial<Parameters<typeof seedSweep>[1]> = {}): Promise<SweepId> =>
  seedSweep(api, {
    id,
    space,
    state: "completed",
    trials: runs.map((list, i) => ({
      parameters: { activation: i % 2 === 0 ? "tanh" : "relu", learningRate: i < 2 ? 0.001 : 0.01 },
      runs: list,
    })),
    ...more,
  });

it("names the configuration that meets the criterion most often, with Wilson's interval, and the most of any other", async () => {
  await seed("answer01", [
    [...times(2, met()), ...times(8, missed())],
    [...times(6, met(0.006)), met(0.002), ...times(2, missed()), { state: "diverged", objective: null, metrics: null }],
    [met(), ...times(9, missed())],
    times(10, missed()),
  ]);
  const { sentence, rows, configurations, criterion, seeds, seedCount } = await answer("answer01");
  // Wilson's interval of 7 of 10 is 0.3968 to 0.8922 (R: prop.test(7, 10, correct = FALSE)).
  expect(sentence).toBe(
    "Relu · learning rate 0.001 met the criterion in 7 of 10 initializations, 95 % interval 0.40–0.89; no other configuration in more than 2.",
  );
  expect(criterion).not.toBeNull();
  expect(rows.map(({ group, success }) => [group.activation, group.learningRate, success?.met])).toEqual([
    ["relu", 0.001, 7],
    ["tanh", 0.001, 2],
    ["tanh", 0.01, 1],
    ["relu", 0.01, 0],
  ]);
  expect(rows[0]).toMatchObject({
    trial: 1,
    cells: "mmmmmmmxxd",
    counts: { total: 10, diverged: 1 },
    best: { run: "answer01-1-6", value: 0.002 },
    // Of 0.002, six of 0.006, two of 0.5 and one that diverged; the interval goes from the 2nd to the 9th of the ten.
    median: 0.006,
    low: 0.006,
    high: 0.5,
  });
  expect([configurations, seedCount, seeds]).toEqual([4, 10, [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]]);
  const part = await answer("answer01", { limit: 1, seeds: 3 });
  expect([part.rows.map(({ cells }) => cells), part.seeds, part.configurations, part.seedCount]).toEqual([
    ["mmm"],
    [100, 101, 102],
    4,
    10,
  ]);
  expect(part.sentence).toBe(sentence);
});

it("says so where several are as good, where none met it, and where a lone run proves little", async () => {
  await seed("answer02", [times(4, met()), times(4, met()), times(4, missed()), times(4, missed())]);
  expect((await answer("answer02")).sentence).toMatch(
    /^Tanh · learning rate 0\.001 met the criterion in 4 of 4 initializations, .*, and so did relu · learning rate 0\.001; no further configuration in any\.$/,
  );
  // 0 of 16: Wilson's interval ends at z²/(n + z²) = 3.8415/19.8415.
  await seed("answer03", [times(4, missed(0.3)), times(4, missed(0.1)), times(4, missed(0.4)), times(4, missed(0.5))]);
  expect((await answer("answer03")).sentence).toMatch(
    /^None of 16 runs in 4 configurations met the criterion, 95 % interval 0\.00–0\.19; relu · learning rate 0\.001 has the lowest median .* 0\.1 over 4 initializations, too few for a 95 % interval; the next, tanh · learning rate 0\.001, has 0\.3, and the two differ \(Mann–Whitney, p = 0\.0286\)\.$/,
  );
  await seed(
    "answer04",
    [
      [met(), { state: "pending", metrics: null }],
      [...times(9, met()), missed()],
    ],
    { state: "running" },
  );
  expect((await answer("answer04")).sentence).toMatch(
    /^So far, with 11 of 20 runs ended: relu .* in 9 of 10 initializations, .*; no other configuration in more than 1 of 1\.$/,
  );
});

it("without a criterion tells the best median, its interval, and whether the next configuration differs from it", async () => {
  const levels = { level: { type: "choice", values: [0.1, 0.2] } };
  const pair = (id: string, a: SeededRun[], b: SeededRun[], more = {}) =>
    seedSweep(api, {
      id,
      experiment: "diagnostic",
      space: levels,
      state: "completed",
      trials: [
        { parameters: { level: 0.1 }, runs: a },
        { parameters: { level: 0.2 }, runs: b },
      ],
      ...more,
    });
  // Entirely apart: of the 924 ways to choose 6 of 12, two are as extreme, so p = 2/924.
  await pair("answer05", values(1, 2, 3, 4, 5, 6), values(7, 8, 9, 10, 11, 12));
  const { sentence, rows, criterion } = await answer("answer05");
  expect(sentence).toMatch(
    /0\.1 has the lowest median mae 3\.5 over 6 initializations, 95 % interval 1–6; the next, .*0\.2, has 9\.5, and the two differ \(Mann–Whitney, p = 0\.00216\)\.$/,
  );
  expect([criterion, rows.map(({ cells, success, median, low, high }) => [cells, success, median, low, high])]).toEqual([
    null,
    [
      ["ffffff", null, 3.5, 1, 6],
      ["ffffff", null, 9.5, 7, 12],
    ],
  ]);
  await pair("answer06", values(1, 3, 5, 7, 9, 11), values(2, 4, 6, 8, 10, 12));
  expect((await answer("answer06")).sentence).toMatch(
    /these runs do not show that the two differ \(Mann–Whitney, p = 0\.\d+\)\.$/,
  );
  await pair("answer07", values(1, 3, 5, 7, 9, 11), values(2, 4, 6, 8, 10, 12), { maximize: true });
  expect((await answer("answer07")).sentence).toMatch(/0\.2 has the highest median mae 7 over/);
  // Runs that diverged count as the worst: 2 of 6 below, and the interval is open.
  const lost = { state: "diverged", objective: null, metrics: null };
  await pair("answer08", [...values(1, 2, 3, 4), lost, lost], [lost, lost, lost]);
  expect((await answer("answer08")).sentence).toMatch(
    /0\.1 has the lowest median mae 3\.5 over 6 initializations, 95 % interval from 1 on, without an upper end as too many runs have no value; the next, .*, has no value in at least half of its runs/,
  );
  await pair("answer12", [lost, lost], [lost, lost, lost]);
  expect((await answer("answer12")).sentence).toBe("None of 5 initializations has a value of mae.");
  await pair("answer13", values(2, 2, 2), values(2, 2));
  expect((await answer("answer13")).sentence).toBe("All 2 configurations have the same mae, 2, in every run.");
});

it("says what is known before anything is, and of what was cancelled", async () => {
  await seed("answer09", [times(3, { state: "pending", metrics: null })], { state: "running" });
  expect((await answer("answer09")).sentence).toBe("None of 3 runs has come to an end yet.");
  expect((await answer("answer09")).rows[0]).toMatchObject({ cells: "uuu", success: null, median: null, best: null });
  await seedSweep(api, { id: "answer10", space, trials: [] });
  expect((await answer("answer10")).sentence).toBe("No run exists yet.");
  await seed("answer11", [[met(), ...times(2, { state: "cancelled", metrics: null })]], { state: "cancelled" });
  expect((await answer("answer11")).sentence).toBe(
    "Cancelled after 1 of 3 runs: 1 of 1 initialization met the criterion, 95 % interval 0.21–1.00.",
  );
  expect((await answer("answer11")).rows[0]?.cells).toBe("mcc");
});
