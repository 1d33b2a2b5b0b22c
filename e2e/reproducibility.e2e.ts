import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  completed,
  expectNothingLostNothingDouble,
  expectSameFacts,
  factsOf,
  onlyRunsOf,
  runWithCheckpoint,
  submit,
  trainNetworks,
  type RunFacts,
} from "./harness/sweep-facts";
import { smallNetworks } from "./harness/specs";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
/** 90 runs in packs of 45; every other sweep here is compared with it. */
let baseline: Map<string, RunFacts>;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_CHECKPOINT_SECONDS: "1", BASIN_SLOTS: "1" } });
  const { facts, widths } = await train({ seeds: 10, maxPackWidth: 45 });
  expect(widths).toEqual(new Set([45]));
  baseline = facts;
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const train = (changes: Parameters<typeof smallNetworks>[0]) => trainNetworks(stack.api, changes);

/** Long enough that every pack trains for several checkpoint intervals on a fast machine. */
const long = { epochs: 8000, seeds: 2 };

test("the same spec twice gives the same numbers to the bit", async () => {
  expect(baseline.size).toBe(90);
  for (const facts of baseline.values()) {
    expect(facts.series.loss?.steps).toHaveLength(20);
    expect(facts.metrics.mae).toBeGreaterThan(0);
  }
  expect(new Set([...baseline.values()].map((facts) => facts.metrics.mae)).size, "90 different runs").toBe(90);
  const { facts } = await train({ seeds: 10, maxPackWidth: 45 });
  expectSameFacts(facts, baseline);
});

test.for([1, 2, 5])("packs of %i give the numbers of packs of 45", async (maxPackWidth) => {
  const { facts, widths } = await train({ maxPackWidth });
  expect(Math.max(...widths)).toBe(maxPackWidth);
  expect(facts.size).toBe(45);
  expectSameFacts(facts, onlyRunsOf(baseline, facts));
});

test("kill -9 of the trainer in the middle, resumed from a checkpoint, gives the numbers of the undisturbed sweep", async () => {
  const whole = await train(long);
  const { id } = await submit(stack.api, smallNetworks(long));
  const withCheckpoint = await runWithCheckpoint(stack.api, id);
  await stack.killAndComeBack("trainer-1");
  await completed(stack.api, id);
  const details = await expectNothingLostNothingDouble(stack.api, id, { runs: 18, metric: "loss", steps: 8000 });
  const resumed = details.find((run) => run.id === withCheckpoint.id);
  expect(resumed?.attempts.map((attempt) => attempt.state)).toEqual([expect.stringMatching(/^(lost|failed)$/), "succeeded"]);
  expect(resumed?.attempts[1]?.resumedFromStep, "resumed from a checkpoint").toBeGreaterThan(0);
  expectSameFacts(await factsOf(stack.api, id), whole.facts);
});
