import { call } from "@basin/client";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  completed,
  expectNothingLostNothingDouble,
  expectSameFacts,
  factsOf,
  onlyRunsOf,
  runDetails,
  runsOf,
  runWithCheckpoint,
  submit,
  trainNetworks,
} from "./harness/sweep-facts";
import { smallNetworks } from "./harness/specs";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_CHECKPOINT_SECONDS: "1", BASIN_SLOTS: "1" } });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

/** Long enough that every pack trains for several checkpoint intervals on a fast machine. */
const long = { epochs: 8000, seeds: 2 };

test("a trainer that drains in the middle: its runs go on elsewhere from their checkpoints, to the same bits", async () => {
  const whole = await trainNetworks(stack.api, long);
  await stack.down();
  await stack.up({ trainers: 2 });
  const { id } = await submit(stack.api, smallNetworks({ ...long, maxPackWidth: 5 }));
  const drained = await eventually(
    async () => {
      const running = (await runsOf(stack.api, id)).filter((run) => run.state === "running");
      const trainers = [...new Set(running.map((run) => run.trainer))];
      return trainers.length === 2 ? trainers[0] : null;
    },
    { timeoutSeconds: 60, everyMilliseconds: 20, what: "both trainers train" },
  );
  await runWithCheckpoint(stack.api, id, ({ trainer }) => trainer === drained);
  await call(stack.api, "drainTrainer", { params: { trainer: drained } });
  await completed(stack.api, id);
  const details = await expectNothingLostNothingDouble(stack.api, id, { runs: 18, metric: "loss", steps: 8000 });
  const moved = details.filter((run) => run.attempts.length > 1);
  expect(moved.length).toBeGreaterThan(0);
  for (const { attempts } of moved) {
    expect(attempts.map((attempt) => attempt.state)).toEqual(["handed-back", "succeeded"]);
    expect(attempts[0]?.trainer).toBe(drained);
    expect(attempts[1]?.trainer).not.toBe(drained);
    expect(attempts[1]?.resumedFromStep).toBeGreaterThan(0);
  }
  expectSameFacts(await factsOf(stack.api, id), whole.facts);
});

test("three trainers give the numbers of one", async () => {
  await stack.down();
  await stack.up({ trainers: 1 });
  const { facts: baseline } = await trainNetworks(stack.api, { maxPackWidth: 45 });
  await stack.down();
  await stack.up({ trainers: 3 });
  const { id, facts } = await trainNetworks(stack.api, { maxPackWidth: 1 });
  const details = await runDetails(stack.api, id);
  expect(new Set(details.map((run) => run.attempts[0]?.trainer)).size, "trainers that took part").toBe(3);
  expectSameFacts(facts, onlyRunsOf(baseline, facts));
});
