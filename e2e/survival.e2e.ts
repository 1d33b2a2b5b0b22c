import { call } from "@basin/client";
import { type RunDetail, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { controlRequest, publishChunk } from "./harness/as-trainer";
import { diagnosticRuns } from "./harness/specs";
import { completed, expectNothingLostNothingDouble, runDetails, runsOf, submit, waitForSweep } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({
    trainers: 2,
    env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" },
  });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const runs = 32;
const steps = 60;

/** 32 runs of 60 steps in packs of 8: about 6 s on two slots; waits until some have committed and some have not begun. */
async function inTheMiddle(): Promise<SweepId> {
  const { id } = await submit(stack.api, diagnosticRuns({ runs, steps, secondsPerStep: 0.04, maxPackWidth: 8 }));
  await waitForSweep(stack.api, id, ({ counts }) => counts.succeeded > 0 && counts.running > 0 && counts.succeeded < runs, {
    timeoutSeconds: 30,
    what: "the sweep is in the middle",
  });
  return id;
}

async function finishesWhole(id: SweepId): Promise<RunDetail[]> {
  await completed(stack.api, id, 60);
  return expectNothingLostNothingDouble(stack.api, id, { runs, metric: "value0", steps });
}

describe("a sweep completes by itself, each run committed once and every series whole, after", () => {
  test("kill -9 of a trainer", async () => {
    const id = await inTheMiddle();
    await stack.killAndComeBack("trainer-1");
    const details = await finishesWhole(id);
    expect(details.filter((run) => run.attempts.length === 2).length, "runs that were started again").toBeGreaterThan(0);
  });

  test("kill -9 of the API", async () => {
    const id = await inTheMiddle();
    await stack.killAndComeBack("api");
    await finishesWhole(id);
  });

  test("a restart of Postgres", async () => {
    const id = await inTheMiddle();
    await stack.killAndComeBack("postgres", "SIGINT");
    await finishesWhole(id);
  });

  test("kill -9 of Postgres", async () => {
    const id = await inTheMiddle();
    await stack.killAndComeBack("postgres", "SIGKILL");
    await finishesWhole(id);
  });

  test("deleting NATS' whole store while it is down", async () => {
    const id = await inTheMiddle();
    await stack.killAndComeBack("nats", "SIGKILL", () => rmSync(join(stack.directory, "nats"), { recursive: true, force: true }));
    await finishesWhole(id);
  });

  test("deleting NATS' whole store under the running server, and its restart later", async () => {
    const id = await inTheMiddle();
    // The server goes on writing there meanwhile.
    rmSync(join(stack.directory, "nats"), { recursive: true, force: true, maxRetries: 20, retryDelay: 10 });
    await sleep(1500);
    await stack.killAndComeBack("nats");
    await finishesWhole(id);
  });

  test("kill -9 of everything at once", async () => {
    const id = await inTheMiddle();
    await Promise.all(["api", "trainer-1", "trainer-2", "postgres", "nats"].map((part) => stack.killAndComeBack(part)));
    await finishesWhole(id);
  });
});

test("a silent trainer's runs are given away within 10 s of its last sign, and what it says later is refused", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 2, steps: 80, secondsPerStep: 0.05, maxPackWidth: 1 }));
  await waitForSweep(stack.api, id, ({ counts }) => counts.running === 2, { timeoutSeconds: 20, what: "both trainers train" });
  const { items: trainers } = await call(stack.api, "listTrainers", { query: {} });
  const held = trainers.find((trainer) => trainer.name === "trainer-1");
  const before = await runsOf(stack.api, id);
  const victim = before.find((run) => run.trainer === held?.id);
  if (!held || !victim) throw new Error("trainer-1 holds no run");
  stack.signal("trainer-1", "SIGSTOP");
  const silentSince = Date.now();
  const details = await eventually(
    async () => {
      const run = (await runDetails(stack.api, id)).find((candidate) => candidate.id === victim.id);
      return run?.attempts[0]?.state === "lost" ? run : null;
    },
    { timeoutSeconds: 20, what: "the silent trainer's attempt is lost" },
  );
  const secondsToRequeue = (Date.now() - silentSince) / 1000;
  expect(details.attempts[0]?.reason).toBeTruthy();
  expect(secondsToRequeue).toBeLessThan(10);
  await completed(stack.api, id, 60);
  const [run] = (await runDetails(stack.api, id)).filter((candidate) => candidate.id === victim.id);
  expect(run?.attempts.map((attempt) => attempt.state)).toEqual(["lost", "succeeded"]);
  const truth = await call(stack.api, "getRunMetrics", { params: { run: victim.id }, query: { raw: true } });

  // What the held trainer would say, said by hand first: the result of attempt 1 and a chunk of its series.
  const reply = await controlRequest(stack.natsUrl, "commit", {
    v: 1,
    trainer: held.id,
    results: [
      {
        run: victim.id,
        attempt: 1,
        outcome: "succeeded",
        metrics: { value0: 123456 },
        reason: null,
        steps: 80,
        trainSeconds: 1,
        chunks: {},
        artifacts: [],
      },
    ],
  });
  expect(reply).toMatchObject({ statuses: [{ run: victim.id, attempt: 1, status: "superseded" }] });
  await publishChunk(stack.natsUrl, held.id, {
    run: victim.id,
    attempt: 1,
    metric: "value0",
    chunk: 999,
    steps: [1000],
    values: [123456],
  });

  // And by the trainer itself, which wakes with a worker that went on from where it was, and lets go of what it kept.
  const spooled = (): string[] => readdirSync(join(stack.directory, "trainer-1", "spool"));
  expect(spooled().length, "what the held trainer kept").toBeGreaterThan(0);
  stack.signal("trainer-1", "SIGCONT");
  await eventually(
    async () => {
      const { items } = await call(stack.api, "listTrainers", { query: {} });
      return items.find((trainer) => trainer.id === held.id)?.state === "online";
    },
    { timeoutSeconds: 20, what: "the held trainer is back" },
  );
  await eventually(() => spooled().length === 0, {
    timeoutSeconds: 30,
    what: "the held trainer has said everything and was told",
  });
  // Telemetry is stored in the order in which it comes: what this sweep says comes after all that was said before.
  const next = await submit(stack.api, diagnosticRuns({ runs: 4, steps: 10, secondsPerStep: 0.05, maxPackWidth: 1 }));
  await completed(stack.api, next.id, 30);
  expect(new Set((await runsOf(stack.api, next.id)).map((one) => one.trainer)), "it works again").toContain(held.id);
  const [after] = (await runDetails(stack.api, id)).filter((candidate) => candidate.id === victim.id);
  expect(after).toEqual(run);
  expect(await call(stack.api, "getRunMetrics", { params: { run: victim.id }, query: { raw: true } })).toEqual(truth);
  expect(truth.series.find(({ metric }) => metric === "value0")?.steps).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
});
