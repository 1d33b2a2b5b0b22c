import { call } from "@basin/client";
import { type RunDetail, type Sweep, type SweepSpecInput } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { smallNetworks } from "./harness/specs";
import { completed, expectSameFacts, factsOf, runDetails, submit } from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ trainers: 1, env: { BASIN_SLOTS: "2", BASIN_CHECKPOINT_SECONDS: "1" } });
}, 120_000);
afterAll(() => stack.close());
beforeEach(() => stack.reportOnFailure());

/** 54 networks that stop by themselves, in wide packs: they end at different times, while others still train. */
const networks: SweepSpecInput = {
  ...smallNetworks({ epochs: 800, seeds: 6, maxPackWidth: 24 }),
  retryLimit: 0,
};
networks.space = {
  ...networks.space,
  validationFraction: { type: "fixed", value: 0.25 },
  earlyStoppingPatience: { type: "fixed", value: 200 },
};

/** Hashes of every file that every run left, by configuration, seed and name. */
async function filesOf(sweep: Sweep): Promise<{ details: RunDetail[]; files: Map<string, string> }> {
  const details = await runDetails(stack.api, sweep.id);
  const files = new Map<string, string>();
  for (const run of details) {
    const configuration = JSON.stringify(Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const { name, sha256, kind } of run.artifacts) {
      if (kind !== "checkpoint") files.set(`${configuration}#${run.seed} ${name}`, sha256);
    }
  }
  return { details, files };
}

async function trainerWaits(): Promise<string | null> {
  const { items } = await call(stack.api, "listTrainers", { query: {} });
  return items[0]?.waits ?? null;
}

/**
 * From now on no file that the trainer writes may be larger: a write beyond fails with EFBIG in the middle of a record, as one on a full disk with
 * ENOSPC. Any user may limit an own process. (With a file system of its own and ENOSPC: the schedules of faults.e2e.ts.)
 */
function limitFiles(bytes: number | "unlimited"): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(stack.pid("trainer-1")), `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`the size of files could not be limited: ${stderr.toString()}`);
}

const canLimitFiles = spawnSync("prlimit", ["--version"]).status === 0;

test.runIf(canLimitFiles)(
  "the disk under the spool takes no more for a while: no run fails, and every figure, point and file is that of an undisturbed sweep",
  async () => {
    const undisturbed = await submit(stack.api, networks);
    await completed(stack.api, undisturbed.id, 120);
    const want = await filesOf(undisturbed);
    expect(want.files.size).toBeGreaterThan(54);

    const disturbed = await submit(stack.api, networks);
    await eventually(async () => (await call(stack.api, "getSweep", { params: { sweep: disturbed.id } })).counts.running > 0);
    limitFiles(100_000);
    await eventually(async () => (await trainerWaits())?.includes("EFBIG") === true, {
      timeoutSeconds: 20,
      what: "the trainer says that it waits for room",
    });
    const handedBack = async (): Promise<boolean> => {
      const details = await runDetails(stack.api, disturbed.id);
      return details.some(({ attempts }) => attempts.some(({ reason }) => reason?.includes("the trainer's spool failed: EFBIG")));
    };
    await eventually(handedBack, {
      timeoutSeconds: 60,
      everyMilliseconds: 500,
      what: "an attempt is handed back for want of room",
    });
    limitFiles("unlimited");
    await eventually(async () => (await trainerWaits()) === null, { timeoutSeconds: 20, what: "packs are taken again" });
    await completed(stack.api, disturbed.id, 120);

    const got = await filesOf(disturbed);
    for (const run of got.details) {
      expect(run.state, run.reason ?? run.id).toBe("succeeded");
      expect(new Set(run.attempts.map(({ state }) => state)).has("failed")).toBe(false);
    }
    expectSameFacts(await factsOf(stack.api, disturbed.id), await factsOf(stack.api, undisturbed.id));
    expect(got.files).toEqual(want.files);
  },
);

test("a network whose weights are larger than 64 MiB ends well, and they are downloaded to the bit, in one piece and in ranges", async () => {
  const sweep = await submit(stack.api, {
    name: "wide",
    experiment: "loss-minimization",
    space: {
      hiddenLayers: { type: "fixed", value: [4096, 4096] },
      samples: { type: "fixed", value: 4 },
      batchSize: { type: "fixed", value: 0 },
      evaluationPoints: { type: "fixed", value: 2 },
      // The picture of the loss around the weights would take a thousand evaluations.
      plots: { type: "fixed", value: false },
      epochs: { type: "fixed", value: 1 },
    },
    seeds: { count: 1 },
    retryLimit: 0,
  });
  await completed(stack.api, sweep.id, 200);
  const [run] = await runDetails(stack.api, sweep.id);
  expect(run?.state, run?.reason ?? "").toBe("succeeded");
  const weights = run?.artifacts.find(({ kind }) => kind === "weights");
  if (!weights) throw new Error("the run has no weights");
  expect(weights.bytes).toBeGreaterThan(64 * 1024 * 1024);
  const url = `${stack.api}/api/v1/artifacts/${weights.id}/content`;
  const whole = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(createHash("sha256").update(whole).digest("hex")).toBe(weights.sha256);
  const pieces: Buffer[] = [];
  for (let at = 0; at < weights.bytes; at += 30_000_000) {
    const answer = await fetch(url, { headers: { range: `bytes=${at}-${at + 29_999_999}` } });
    expect(answer.status).toBe(206);
    pieces.push(Buffer.from(await answer.arrayBuffer()));
  }
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
});
