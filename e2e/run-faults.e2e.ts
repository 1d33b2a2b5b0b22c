import { call } from "@basin/client";
import { SweepSpec, type SweepSpecInput } from "@basin/contracts";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { completed, factsOf, expectSameFacts, runDetails, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const extension = fileURLToPath(new URL("../apps/trainer/src/specs/trapping-experiment.mjs", import.meta.url));
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_SLOTS: "2", BASIN_EXTENSIONS: extension } });
}, 120_000);
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const fixed = (value: string | number | number[]) => ({ type: "fixed" as const, value });

/** A million samples at once through two layers of 512: about 10 GB of tensors in a WebAssembly memory of 4. */
const tooLarge: SweepSpecInput = {
  experiment: "loss-minimization",
  space: { samples: fixed(1_000_000), hiddenLayers: fixed([512, 512]), batchSize: fixed(0), epochs: fixed(1) },
  seeds: { count: 1 },
};
const small: SweepSpecInput = {
  experiment: "runge-interpolation",
  space: { hiddenLayers: fixed([4]), epochs: fixed(2) },
  seeds: { count: 4 },
};
const faulty = (fault: "trap" | "error", trapIn: string[], seeds = 2): SweepSpecInput => ({
  experiment: "trapping",
  space: {
    hiddenLayers: fixed([4]),
    epochs: fixed(20),
    fault: fixed(fault),
    trapIn: { type: "choice", values: trapIn },
  },
  seeds: { count: seeds },
});

test("a run that cannot fit is refused with what it needs, and one that traps takes nothing from later runs on any slot", async () => {
  const before = await completed(stack.api, (await submit(stack.api, small)).id);
  expect(before.counts).toMatchObject({ succeeded: 4 });
  await expect(call(stack.api, "createSweep", { body: SweepSpec.parse(tooLarge) })).rejects.toThrow(
    /a run needs about [\d.]+ GB, and the largest slot/,
  );

  // Two configurations, two seeds, four attempts each: both slots are hit, more than once.
  const trapped = await submit(stack.api, faulty("trap", ["judgement", "data"]));
  expect((await completed(stack.api, trapped.id, 120)).counts).toMatchObject({ failed: 4 });
  for (const run of await runDetails(stack.api, trapped.id)) expect(run.reason).toMatch(/gave up: 4 attempts.*unreachable/s);

  const after = await submit(stack.api, small);
  expect((await completed(stack.api, after.id)).counts).toMatchObject({ succeeded: 4 });
  for (const { attempt } of await runDetails(stack.api, after.id)) expect(attempt).toBe(1);
  expectSameFacts(await factsOf(stack.api, after.id), await factsOf(stack.api, before.id));
});

test("an error that the same run would come to again parks it with its first attempt and one sentence; its neighbours are not held back", async () => {
  const { id } = await submit(stack.api, faulty("error", ["never", "data"], 4));
  expect((await completed(stack.api, id)).counts).toMatchObject({ succeeded: 4, failed: 4 });
  for (const run of await runDetails(stack.api, id)) {
    expect(run.attempt).toBe(1);
    if (run.parameters.trapIn === "never") expect(run.state).toBe("succeeded");
    else expect(run).toMatchObject({ state: "failed", reason: "There are 9 samples for 20 folds." });
  }
});
