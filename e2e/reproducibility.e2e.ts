import { call, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  completed,
  expectNothingLostNothingDouble,
  expectSameFacts,
  factsOf,
  runDetails,
  runsOf,
  runWithCheckpoint,
  submit,
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

async function train(
  changes: Parameters<typeof smallNetworks>[0],
): Promise<{ id: SweepId; facts: Map<string, RunFacts>; widths: Set<number> }> {
  const spec = smallNetworks(changes);
  const { id } = await submit(stack.api, spec);
  const { counts } = await completed(stack.api, id);
  expect(counts.succeeded).toBe(counts.planned);
  const details = await runDetails(stack.api, id);
  const widths = new Set(details.flatMap((run) => run.attempts.map((attempt) => attempt.packWidth)));
  return { id, facts: await factsOf(stack.api, id), widths };
}

/** Long enough that every pack trains for several checkpoint intervals on a fast machine. */
const long = { epochs: 8000, seeds: 2 };
let undisturbed: ReturnType<typeof train> | null = null;
/** The sweep of that length that nothing happened to; trained once. */
const undisturbedFacts = (): ReturnType<typeof train> => (undisturbed ??= train(long));

/** The runs of `all` that `some` has as well. */
function only(all: Map<string, RunFacts>, some: Map<string, RunFacts>): Map<string, RunFacts> {
  return new Map([...all].filter(([key]) => some.has(key)));
}

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
  expectSameFacts(facts, only(baseline, facts));
});

test("kill -9 of the trainer in the middle, resumed from a checkpoint, gives the numbers of the undisturbed sweep", async () => {
  const whole = await undisturbedFacts();
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

test("a trainer that drains in the middle: its runs go on elsewhere from their checkpoints, to the same bits", async () => {
  const whole = await undisturbedFacts();
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
  await stack.up({ trainers: 3 });
  const { id, facts } = await train({ maxPackWidth: 1 });
  const details = await runDetails(stack.api, id);
  expect(new Set(details.map((run) => run.attempts[0]?.trainer)).size, "trainers that took part").toBe(3);
  expectSameFacts(facts, only(baseline, facts));
});
