import { readdirSync, readFileSync } from "node:fs";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { diagnosticRuns } from "./harness/specs";
import { completed, expectNothingLostNothingDouble, runDetails, runsTrain, submit, waitForSweep } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const apis = ["api-1", "api-2"] as const;
const trainers = ["trainer-1", "trainer-2"] as const;
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ apis: 2, trainers: 2, env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "1" } });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

async function leads(part: string): Promise<boolean> {
  const metrics = await fetch(`${stack.at(part)}/metrics`, { signal: AbortSignal.timeout(3000) });
  return /^basin_leader 1$/m.test(await metrics.text());
}

async function leaderAndOther(): Promise<{ leader: string; other: string }> {
  return eventually(
    async () => {
      const [first, second] = [await leads(apis[0]), await leads(apis[1])];
      if (first === second) return null;
      return first ? { leader: apis[0], other: apis[1] } : { leader: apis[1], other: apis[0] };
    },
    { timeoutSeconds: 20, what: "one of the API processes leads" },
  );
}

/** Stops processes for a while, as an overloaded or sleeping machine would; they go on whatever happens meanwhile. */
async function stoppedDuring(pids: readonly number[], work: () => Promise<void>): Promise<void> {
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  try {
    await work();
  } finally {
    for (const pid of pids) process.kill(pid, "SIGCONT");
  }
}

/** Postgres answers from a process per connection. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const status = readFileSync(`/proc/${name}/stat`, "utf8");
        return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

test("with an API process hung that does not lead, a sweep completes on first attempts", async () => {
  const { leader, other } = await leaderAndOther();
  const api = stack.at(leader);
  await stoppedDuring([stack.pid(other)], async () => {
    const { id } = await submit(
      api,
      diagnosticRuns({ runs: 12, steps: 60, secondsPerStep: 0.1, maxPackWidth: 3, retryLimit: 0 }),
    );
    await completed(api, id, 120);
    const details = await expectNothingLostNothingDouble(api, id, { runs: 12, metric: "value0", steps: 60 });
    expect(details.map((run) => run.attempts.length)).toEqual(details.map(() => 1));
  });
});

test("when the leader hangs another leads within its lease and starts runs; awake again the old one does no harm", async () => {
  const { leader, other } = await leaderAndOther();
  const api = stack.at(other);
  const sweep = await submit(api, diagnosticRuns({ runs: 16, steps: 20, secondsPerStep: 0.05, maxPackWidth: 2, retryLimit: 0 }));
  let next = sweep;
  await stoppedDuring([stack.pid(leader)], async () => {
    const began = performance.now();
    await eventually(() => leads(other), { timeoutSeconds: 15, everyMilliseconds: 50, what: "the other process leads" });
    // The lease has 3 s, those who wait for it ask twice a second; a transaction that it held would be undone after 5 s more.
    expect((performance.now() - began) / 1000, "seconds without a leader").toBeLessThan(9);
    next = await submit(api, diagnosticRuns({ runs: 16, steps: 20, secondsPerStep: 0.05, maxPackWidth: 2, retryLimit: 0 }));
    await completed(api, sweep.id, 60);
    await waitForSweep(api, next.id, ({ counts }) => counts.running > 0, { timeoutSeconds: 20, what: "runs start" });
  });
  await completed(api, next.id, 60);
  await eventually(async () => !(await leads(leader)), { timeoutSeconds: 5, what: "the old leader knows" });
  expect(await leads(other)).toBe(true);
  for (const { id } of [sweep, next]) {
    const details = await expectNothingLostNothingDouble(api, id, { runs: 16, metric: "value0", steps: 20 });
    expect(details.map((run) => run.attempts.length)).toEqual(details.map(() => 1));
  }
});

test("after everything stood still for 9 s no attempt is lost", async () => {
  const { leader } = await leaderAndOther();
  const api = stack.at(leader);
  const { id } = await submit(api, diagnosticRuns({ runs: 4, steps: 150, secondsPerStep: 0.1, maxPackWidth: 2, retryLimit: 0 }));
  await runsTrain(api, id);
  const postgres = stack.pid("postgres");
  const parts = [...apis, ...trainers, "nats"].map((part) => stack.pid(part));
  for (let nap = 0; nap < 2; nap++) {
    await stoppedDuring([...parts, postgres, ...childrenOf(postgres)], () => sleep(9000));
    await sleep(2000);
  }
  await completed(api, id, 60);
  const details = await expectNothingLostNothingDouble(api, id, { runs: 4, metric: "value0", steps: 150 });
  // A pack that was claimed ahead of a free slot may have been handed back.
  const states = new Set(details.flatMap((run) => run.attempts.map((attempt) => attempt.state)));
  states.delete("handed-back");
  expect(states).toEqual(new Set(["succeeded"]));
});

test("trainers that hang by turns lose time, and no run its chance", async () => {
  const { leader } = await leaderAndOther();
  const api = stack.at(leader);
  const { id } = await submit(api, diagnosticRuns({ runs: 2, steps: 150, secondsPerStep: 0.1, maxPackWidth: 1, retryLimit: 0 }));
  await waitForSweep(api, id, ({ counts }) => counts.running === 2, { timeoutSeconds: 20, what: "both train" });
  for (const trainer of trainers) {
    await stoppedDuring([stack.pid(trainer)], () => sleep(10_000));
    await sleep(3000);
  }
  await completed(api, id, 90);
  await expectNothingLostNothingDouble(api, id, { runs: 2, metric: "value0", steps: 150 });
  const states = (await runDetails(api, id)).flatMap((run) => run.attempts.map((attempt) => attempt.state));
  expect(states).toContain("lost");
});
