import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { diagnosticRuns } from "./harness/specs";
import { completed, expectNothingLostNothingDouble, submit, waitForSweep } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

const processes = ["api-1", "api-2"] as const;
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ apis: 2, trainers: 1, env: { BASIN_SLOTS: "2", BASIN_CHECKPOINT_SECONDS: "1" } });
});
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

/** When each process took the lead, oldest first, from their logs. */
function leaderships(): { process: string; at: number }[] {
  return processes
    .flatMap((process) =>
      readFileSync(join(stack.directory, "logs", `${process}.log`), "utf8")
        .split("\n")
        .filter((line) => line.includes('"this process leads"'))
        .map((line) => ({ process, at: Date.parse((JSON.parse(line) as { time: string }).time) })),
    )
    .sort((a, b) => a.at - b.at);
}

test("kill -9 of the leader in the middle of a sweep: another API process leads within seconds and nothing is lost or doubled", async () => {
  const { id } = await submit(stack.api, diagnosticRuns({ runs: 32, steps: 40, secondsPerStep: 0.04, maxPackWidth: 4 }));
  await waitForSweep(stack.api, id, ({ counts }) => counts.succeeded > 0 && counts.succeeded < 32, {
    timeoutSeconds: 30,
    what: "the sweep is in the middle",
  });
  const leader = leaderships().at(-1);
  if (leader === undefined) throw new Error("no API process leads");
  const killedAt = Date.now();
  await stack.killAndComeBack(leader.process);
  await completed(stack.api, id, 60);
  await expectNothingLostNothingDouble(stack.api, id, { runs: 32, metric: "value0", steps: 40 });
  const next = leaderships().at(-1);
  expect(next?.at).toBeGreaterThanOrEqual(killedAt);
  expect((next?.at ?? Infinity) - killedAt, "milliseconds without a leader").toBeLessThan(5000);
});
