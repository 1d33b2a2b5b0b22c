import { call } from "@basin/client";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { diagnosticRuns } from "./harness/specs";
import {
  completed,
  expectNothingLostNothingDouble,
  morePasses,
  runsTrain,
  runWithCheckpoint,
  submit,
  waitForSweep,
} from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" } });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

const steps = 100;
const sixRuns = diagnosticRuns({ runs: 6, steps, secondsPerStep: 0.03, maxPackWidth: 6 });

test("a second start on the same data directory is refused by name, and a taken port is named", async () => {
  const second = await stack.basin(["up", "--no-web"]);
  expect(second.code).toBe(3);
  expect(second.stderr).toContain(stack.directory);
  expect(second.stderr).toMatch(/in use by process \d+/);
  const elsewhere = { BASIN_DATA_DIR: join(stack.directory, "elsewhere") };
  const taken = await stack.basinWith(elsewhere, ["up", "--no-web", "--trainers", "0"]);
  expect(taken.code).toBe(3);
  expect(taken.stderr).toMatch(/port \d+, wanted for .* is taken .*BASIN_(POSTGRES|NATS)_PORT/);
});

test("the API says how it is, what it counts and how to call it", async () => {
  const at = (path: string) => fetch(`${stack.api}${path}`);
  expect((await at("/health")).status).toBe(200);
  expect((await at("/ready")).status).toBe(200);
  expect(await (await at("/metrics")).text()).toMatch(/^basin_leader 1$/m);
  expect(await (await at("/api/v1/openapi.json")).json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) as string });
  const documentation = await at("/api/docs");
  expect(documentation.status).toBe(200);
  expect(await documentation.text()).toContain("swagger-ui");
});

test("SIGTERM drains a trainer: its runs are handed back with a checkpoint and go on from there, without a strike", async () => {
  // Long enough that they are not over when the first checkpoint, after a second, has been seen.
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 6, steps: 4 * steps, secondsPerStep: 0.03, maxPackWidth: 6 }));
  await runWithCheckpoint(stack.api, id);
  await stack.killAndComeBack("trainer-1", "SIGTERM");
  await completed(stack.api, id);
  const details = await expectNothingLostNothingDouble(stack.api, id, { runs: 6, metric: "value0", steps: 4 * steps });
  const handedBack = details.filter((run) => run.attempts.length > 1);
  expect(handedBack.length).toBeGreaterThan(0);
  for (const run of handedBack) {
    expect(run.attempts.map((attempt) => attempt.state)).toEqual(["handed-back", "succeeded"]);
    expect(run.attempts[1]?.resumedFromStep).toBeGreaterThan(0);
  }
});

test("a paused sweep stands still and goes on when resumed; a cancelled one ends", async () => {
  const { id } = await submit(stack.api, sixRuns);
  await runsTrain(stack.api, id);
  const paused = await stack.basin(["sweep", "pause", id, "--json"]);
  expect(paused.code, paused.stderr).toBe(0);
  expect(JSON.parse(paused.stdout)).toMatchObject({ id, state: "paused" });
  await waitForSweep(stack.api, id, ({ counts }) => counts.running === 0, { timeoutSeconds: 10, what: "no run trains" });
  await morePasses(stack.api);
  const still = await call(stack.api, "getSweep", { params: { sweep: id } });
  expect(still.counts).toMatchObject({ running: 0, queued: 0, succeeded: 0 });
  expect((await stack.basin(["sweep", "resume", id])).code).toBe(0);
  await completed(stack.api, id);
  await expectNothingLostNothingDouble(stack.api, id, { runs: 6, metric: "value0", steps });

  const other = await submit(stack.api, sixRuns);
  await runsTrain(stack.api, other.id);
  expect((await stack.basin(["sweep", "cancel", other.id])).code).toBe(0);
  const cancelled = await waitForSweep(
    stack.api,
    other.id,
    ({ state, counts }) => state === "cancelled" && counts.running === 0,
    {
      timeoutSeconds: 10,
      what: "the cancelled sweep is over",
    },
  );
  expect(cancelled.counts.cancelled).toBe(6);
  const again = await stack.basin(["sweep", "resume", other.id]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("cancelled");
});

test("Ctrl-C stops everything within seconds; the next start goes on with the sweep", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 6, steps, secondsPerStep: 0.05, maxPackWidth: 3 }));
  await runsTrain(stack.api, id);
  const { code, seconds } = await stack.down();
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(8);
  expect(existsSync(join(stack.directory, "lock.json"))).toBe(false);
  for (const part of ["api", "trainer-1", "postgres", "nats"]) expect(() => process.kill(stack.pid(part), 0), part).toThrow();
  await stack.up();
  await completed(stack.api, id);
  await expectNothingLostNothingDouble(stack.api, id, { runs: 6, metric: "value0", steps });
});

test("after kill -9 of the whole supervisor the next start cleans up and goes on", async () => {
  const { id } = await submit(stack.api, sixRuns);
  await runsTrain(stack.api, id);
  await stack.killSupervisor();
  await stack.up();
  await completed(stack.api, id);
  await expectNothingLostNothingDouble(stack.api, id, { runs: 6, metric: "value0", steps });
});
