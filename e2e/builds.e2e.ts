import { call } from "@basin/client";
import { type RunDetail, type Sweep, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { smallNetworks } from "./harness/specs";
import {
  completed,
  expectSameFacts,
  factsOf,
  morePasses,
  runDetails,
  type RunFacts,
  submit,
  waitForSweep,
} from "./harness/sweep-facts";
import { TestStack } from "./harness/test-stack";
import { killed, otherTrainer, ownTrainer, startTrainer, type TrainerBundle } from "./harness/trainer-processes";

const epochs = 4000;
const runs = 9;
/** Three packs of three runs, one after the other on one slot, each long enough for several checkpoints. */
const spec = smallNetworks({ epochs, seeds: 1, maxPackWidth: 3 });

let stack: TestStack;
let own: TrainerBundle;
let other: TrainerBundle;
/** Of the sweep when nothing disturbs it, by build. */
const undisturbed: { own?: Map<string, RunFacts>; other?: Map<string, RunFacts> } = {};
const trainers: ChildProcess[] = [];

beforeAll(async () => {
  [stack, own, other] = await Promise.all([
    TestStack.start({
      trainers: 0,
      env: { BASIN_SLOTS: "1", BASIN_CHECKPOINT_SECONDS: "0.5" },
    }),
    ownTrainer(),
    otherTrainer(),
  ]);
});
afterAll(async () => {
  other.remove();
  await stack.close();
});
beforeEach(() => stack.reportOnFailure());
afterEach(() => Promise.all(trainers.splice(0).map((child) => killed(child))));

async function starts(bundle: TrainerBundle, name: string): Promise<ChildProcess> {
  const child = startTrainer(stack, bundle, name);
  trainers.push(child);
  await eventually(
    async () => {
      const { items } = await call(stack.api, "listTrainers", { query: {} });
      return items.some((trainer) => trainer.name === name && trainer.state === "online" && trainer.build === bundle.build);
    },
    { timeoutSeconds: 30, what: `${name} is there` },
  );
  return child;
}

async function factsWhenDone(id: SweepId): Promise<Map<string, RunFacts>> {
  await completed(stack.api, id, 240);
  return factsOf(stack.api, id);
}

const buildsOf = (details: readonly RunDetail[]): string[] =>
  [...new Set(details.flatMap(({ attempts }) => attempts.map(({ build }) => build.id)))].sort();

/** Submits it and kills its trainer once some runs are done and others are trained; returns when it waits. */
async function waitsWithoutTrainer(child: ChildProcess): Promise<Sweep> {
  const { id } = await submit(stack.api, spec);
  await waitForSweep(stack.api, id, ({ counts }) => counts.succeeded >= 3, { timeoutSeconds: 120, what: "a pack is trained" });
  const hasCheckpoint = ({ state, artifacts }: RunDetail): boolean =>
    state === "running" && artifacts.some(({ kind }) => kind === "checkpoint");
  await eventually(async () => (await runDetails(stack.api, id)).some(hasCheckpoint), {
    timeoutSeconds: 60,
    everyMilliseconds: 50,
    what: "a checkpoint of a run that is trained is stored",
  });
  await killed(child);
  return waitForSweep(stack.api, id, ({ waiting }) => waiting?.others.length === 1, {
    timeoutSeconds: 60,
    what: "the sweep waits, and knows who could go on with it",
  });
}

test("two builds compute other bits, and each sweep is trained by one of them though trainers of both are there", async () => {
  expect(other.build).not.toBe(own.build);
  const first = await starts(other, "other");
  undisturbed.other = await factsWhenDone((await submit(stack.api, spec)).id);
  await killed(first);
  await starts(own, "own");
  undisturbed.own = await factsWhenDone((await submit(stack.api, spec)).id);
  for (const [key, facts] of undisturbed.own) expect(undisturbed.other.get(key)?.metrics, key).not.toEqual(facts.metrics);

  await starts(other, "other");
  const { id } = await submit(stack.api, spec);
  expectSameFacts(await factsWhenDone(id), undisturbed.own);
  expect(buildsOf(await runDetails(stack.api, id))).toEqual([own.build]);
  expect(await call(stack.api, "getSweep", { params: { sweep: id } })).toMatchObject({
    build: { id: own.build, version: "0.1.0" },
    earlierBuilds: [],
    waiting: null,
  });
  // The registration was noted by both sides.
  expect(await call(stack.api, "listTrainers", { query: {} })).toMatchObject({ build: own.build });
});

test("where its build is gone a sweep waits and says so; when a trainer of it comes back it goes on from its checkpoints", async () => {
  await starts(other, "other");
  const sweep = await waitsWithoutTrainer(await starts(own, "own"));
  expect(sweep.waiting?.others).toEqual([{ id: other.build, version: "0.1.0", trainers: 1, slots: 1 }]);
  await morePasses(stack.api);
  expect(buildsOf(await runDetails(stack.api, sweep.id))).toEqual([own.build]);
  await starts(own, "own");
  expectSameFacts(await factsWhenDone(sweep.id), undisturbed.own ?? new Map<string, RunFacts>());
  const details = await runDetails(stack.api, sweep.id);
  expect(buildsOf(details)).toEqual([own.build]);
  const resumed = details.flatMap(({ attempts }) => attempts.filter(({ resumedFromStep }) => (resumedFromStep ?? 0) > 0));
  expect(resumed.length, "runs that went on from a checkpoint").toBeGreaterThan(0);
});

test("it is continued on another build by choice: what is left starts afresh there, and every run says by which it was trained", async () => {
  await starts(other, "other");
  const { id, build } = await waitsWithoutTrainer(await starts(own, "own"));
  const shown = await stack.basin(["sweep", "show", id]);
  expect(shown.stdout).toContain(`no trainer of its build ${own.build} (0.1.0) is there`);
  expect(shown.stdout).toContain(`basin sweep continue ${id}`);
  const refused = await stack.basin(["sweep", "continue", id, "--build", build?.id ?? ""]);
  expect(refused.stderr).toContain(`the sweep is given to build ${own.build} already; there are trainers of ${other.build}`);
  const continued = await stack.basin(["sweep", "continue", id]);
  expect(continued.stdout, continued.stderr).toContain(`${other.build} (0.1.0), before it ${own.build} (0.1.0)`);

  const facts = await factsWhenDone(id);
  const details = await runDetails(stack.api, id);
  expect(details).toHaveLength(runs);
  const trainedBy = ({ build: id }: TrainerBundle): number => details.filter((run) => run.build === id).length;
  expect(trainedBy(own)).toBeGreaterThanOrEqual(3);
  expect(trainedBy(other)).toBeGreaterThan(0);
  expect(trainedBy(own) + trainedBy(other)).toBe(runs);
  for (const run of details) {
    expect(run.build).toBe(run.attempts.at(-1)?.build.id);
    if (run.build === other.build) expect(run.attempts.at(-1)?.resumedFromStep).toBeNull();
    const configuration = Object.entries(run.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = `${JSON.stringify(configuration)}#${run.seed}`;
    const want = run.build === own.build ? undisturbed.own : undisturbed.other;
    expectSameFacts(new Map([[key, facts.get(key)!]]), new Map([[key, want!.get(key)!]]));
  }
  expect(
    details.filter(({ attempts }) => attempts.length === 2).length,
    "runs that one build began and the other trained",
  ).toBeGreaterThan(0);

  const results = await call(stack.api, "getResults", { params: { sweep: id }, query: {} });
  const counted = [own, other].map((bundle) => ({ id: bundle.build, version: "0.1.0", runs: trainedBy(bundle) }));
  expect(results.builds.toSorted((a, b) => b.runs - a.runs)).toEqual(counted.toSorted((a, b) => b.runs - a.runs));
  const [head = "", ...rows] = (await stack.basin(["export", id])).stdout.trim().split("\r\n");
  const column = head.split(",").indexOf("build");
  expect(rows.filter((row) => row.split(",")[column] === other.build)).toHaveLength(trainedBy(other));
  const filtered = await call(stack.api, "listRuns", {
    params: { sweep: id },
    query: { where: JSON.stringify([{ field: "build", op: "=", value: own.build }]), limit: 1 },
  });
  expect(filtered.total).toBe(trainedBy(own));
});
