import { unversionedBuild, type Sweep, type SweepId } from "@basin/contracts";
import {
  AnswersRepository,
  Database,
  DatasetsRepository,
  readSweep,
  readTrainedBy,
  ProjectsRepository,
  ScopesRepository,
  TrainersRepository,
} from "@basin/database";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import { ExperimentVersions } from "../experiments/experiment-versions.service";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { ENV, LOG } from "../platform/injection-keys";
import { DataChecks } from "../sweeps/data-checks";
import { MemoryChecks } from "../sweeps/memory-checks";
import { AnsweredOnce } from "../sweeps/answered-once";
import { SweepsService } from "../sweeps/sweeps.service";
import { WorkThreads } from "../work-threads/work-threads";
import { aSafetensors, type FakeTrainer } from "../spec-support/fake-trainer.testing";
import { ProjectsService } from "../projects/projects.service";
import { Reach } from "../tokens/reach.service";
import { aDiagnosticSpec, specStack, type SpecApi, type SpecStack } from "../spec-support/spec-stack.testing";

const old = "aaaaaaaaaaaa";
const now = "bbbbbbbbbbbb";
const quick = { BASIN_LEASE_SECONDS: "1", BASIN_HEARTBEAT_SECONDS: "0.3" };

async function buildsOf(stack: SpecStack, sweep: SweepId): Promise<Record<string, unknown>> {
  return stack.row(
    `SELECT s.build, s.earlier_builds, s.state, s.pending, s.queued,
       (SELECT json_object_agg(build, n) FROM (SELECT build, count(*) AS n FROM attempt GROUP BY 1) a) AS attempts
     FROM sweep s WHERE s.id = $1`,
    [sweep],
  );
}

const sweepOf = (api: SpecApi, sweep: SweepId): Promise<Sweep> =>
  new SweepsService(
    api.get(Database),
    api.commands,
    api.get(TrainersRepository),
    api.get<Env>(ENV),
    dataChecksOf(api),
    new MemoryChecks(api.get(Database), api.get(TrainersRepository)),
    new AnsweredOnce(api.get(AnswersRepository)),
    api.get(ExperimentVersions),
    new Reach(api.get(ScopesRepository)),
    new ProjectsService(api.get(ProjectsRepository)),
  ).get(sweep);

const dataChecksOf = (api: SpecApi): DataChecks =>
  new DataChecks(api.get(Database), api.get(DatasetsRepository), api.get(WorkThreads), api.get<Log>(LOG));

const waiting = async (api: SpecApi, sweep: SweepId): Promise<string[] | null> =>
  (await sweepOf(api, sweep)).waiting?.others.map(({ id }) => id) ?? null;

/** Packs of a sweep go to one queue, so what the others get can be waited for. */
async function takesNothing(trainer: FakeTrainer, seconds: number): Promise<void> {
  expect(await trainer.take(seconds)).toBeNull();
}

test("all runs of a sweep go to one build, though trainers of two take packs", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const [first, second] = [await stack.trainer("old", { build: old, slots: 4 }), await stack.trainer("new", { build: now })];
  for (const trainer of [first, second]) trainer.beat(300);
  const sweep = await api.create(aDiagnosticSpec(6, 4));
  void first.work();
  void second.work();
  await eventually(async () => (await buildsOf(stack, sweep))["state"] === "completed", { timeoutSeconds: 30 });
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: old, earlier_builds: [], attempts: { [old]: 24 } });
  expect(await readTrainedBy(api.get(Database), sweep)).toEqual([{ id: old, version: "0", runs: 24 }]);
});

test("before its first attempt a sweep goes to whom there is; afterwards it waits, says so, and is continued by choice", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const gone = await stack.trainer("gone", { build: "cccccccccccc", slots: 8 });
  const sweep = await api.create(aDiagnosticSpec(1, 4, { maxPackWidth: 1 }));
  await eventually(async () => (await buildsOf(stack, sweep))["queued"] === 4);
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: gone.build });
  await gone.stop();

  // Its packs were queued for a build that nobody has any more, and none was claimed.
  const first = await stack.trainer("first", { build: old });
  first.beat(200);
  const taken = await first.take();
  expect(taken?.grants).toHaveLength(1);
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: old, earlier_builds: [], attempts: { [old]: 1 } });
  await first.finish(taken?.grants ?? []);
  const second = (await first.take())?.grants[0];
  if (!second) throw new Error("nothing was granted");
  await first.upload(second, "checkpoint.safetensors", "checkpoint", aSafetensors(100), 7);
  expect(await waiting(api, sweep)).toBeNull();

  const other = await stack.trainer("other", { build: now });
  other.beat(200);
  await takesNothing(other, 2);
  first.silence();
  await eventually(async () => (await waiting(api, sweep)) !== null, { timeoutSeconds: 15, what: "the sweep waits" });
  expect(await waiting(api, sweep)).toEqual([now]);
  await takesNothing(other, 2);

  await expect(api.commands.continueOn(sweep, old)).rejects.toThrow(
    `given to build ${old} already; there are trainers of ${now}`,
  );
  await expect(api.commands.continueOn(sweep, "dddddddddddd")).rejects.toThrow(
    /no trainer of build dddddddddddd is there; .*bbbbbbbbbbbb/,
  );
  expect(await api.commands.continueOn("00000000" as SweepId, undefined)).toBe(false);
  expect(await api.commands.continueOn(sweep, undefined)).toBe(true);
  expect(await waiting(api, sweep)).toBeNull();
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: now, earlier_builds: [old] });

  // What the other build had begun starts afresh: its checkpoint is not handed on.
  const rest = [];
  while (rest.length < 3) rest.push(...((await other.take())?.grants ?? []));
  expect(rest.find(({ run }) => run === second.run)).toMatchObject({ attempt: 2, checkpoint: null });
  await other.finish(rest);
  await eventually(async () => (await buildsOf(stack, sweep))["state"] === "completed");
  const sweepRow = await readSweep(api.get(Database), sweep);
  expect(sweepRow).toMatchObject({ build: { id: now, version: "0" }, earlierBuilds: [{ id: old, version: "0" }] });
  expect(await readTrainedBy(api.get(Database), sweep)).toEqual([
    { id: now, version: "0", runs: 3 },
    { id: old, version: "0", runs: 1 },
  ]);
  const { same } = await stack.row(
    "SELECT bool_and(r.build = a.build) AS same FROM run r JOIN attempt a ON a.run_id = r.id AND a.number = r.attempt",
  );
  expect(same).toBe(true);
  await expect(api.commands.continueOn(sweep, old)).rejects.toThrow(
    "the sweep is completed and cannot be given to another build",
  );
});

test("a checkpoint is gone on from by the build that wrote it, and by no other before it or after", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const [first, second] = [await stack.trainer("first", { build: old }), await stack.trainer("second", { build: now })];
  first.beat(200);
  second.beat(200);
  const sweep = await api.create(aDiagnosticSpec(1, 1));
  const takes = async (trainer: FakeTrainer) => {
    const grant = (await trainer.take())?.grants[0];
    if (!grant) throw new Error(`${trainer.id} was granted nothing`);
    return grant;
  };
  const { build } = await stack.row("SELECT build FROM sweep");
  const [own, other] = build === now ? [second, first] : [first, second];
  let grant = await takes(own);
  await own.upload(grant, "checkpoint.safetensors", "checkpoint", aSafetensors(100), 3);
  await own.release([grant], "handed-back");
  grant = await takes(own);
  expect(grant.checkpoint).toMatchObject({ step: 3 });
  await own.release([grant], "handed-back");
  await api.commands.continueOn(sweep, other.build);
  grant = await takes(other);
  expect(grant.checkpoint).toBeNull();
  expect(await stack.row("SELECT resumed_from_step FROM attempt WHERE number = 3")).toEqual({ resumed_from_step: null });
  await other.release([grant], "handed-back");
  // It was not written over by the other build meanwhile.
  await api.commands.continueOn(sweep, own.build);
  expect((await takes(own)).checkpoint).toMatchObject({ step: 3 });
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: own.build, earlier_builds: [other.build] });
});

test("trainers that tell no build are one build of their own, spoken to in version 1", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const [first, second] = [
    await stack.trainer("first", { build: unversionedBuild }),
    await stack.trainer("second", { build: unversionedBuild }),
  ];
  expect(await first.register()).toMatchObject({ v: 1 });
  const sweep = await api.create(aDiagnosticSpec(2, 4));
  const invitation = await first.pull();
  expect(invitation?.message).toMatchObject({ v: 1 });
  invitation?.nak();
  await eventually(async () => (await buildsOf(stack, sweep))["build"] === unversionedBuild);
  const versioned = await stack.trainer("versioned", { build: now });
  for (const trainer of [first, second, versioned]) {
    trainer.beat(200);
    void trainer.work();
  }
  await eventually(async () => (await buildsOf(stack, sweep))["state"] === "completed", { timeoutSeconds: 30 });
  expect(await buildsOf(stack, sweep)).toMatchObject({ build: unversionedBuild, attempts: { [unversionedBuild]: 8 } });
  expect((await readSweep(api.get(Database), sweep))?.build).toEqual({ id: unversionedBuild, version: null });
});

test("a sweep that an older control plane began was trained by trainers that told no build", async () => {
  const stack = await specStack();
  const api = await stack.api(quick);
  const trainer = await stack.trainer("new", { build: now });
  trainer.beat(200);
  const sweep = await api.create(aDiagnosticSpec(1, 2, { maxPackWidth: 1 }));
  const grants = (await trainer.take())?.grants ?? [];
  await trainer.finish(grants);
  // As the rows of an older version are after the migration, those that it wrote while it was still running included.
  await stack.database.query("UPDATE sweep SET build = NULL");
  await stack.database.query("UPDATE attempt SET build = DEFAULT");
  await stack.database.query("UPDATE run SET build = NULL");
  await eventually(async () => (await waiting(api, sweep))?.length === 1);
  expect((await sweepOf(api, sweep)).build).toEqual({ id: unversionedBuild, version: null });
  await api.commands.continueOn(sweep, undefined);
  await trainer.finish((await trainer.take())?.grants ?? []);
  expect(await readTrainedBy(api.get(Database), sweep)).toEqual([
    { id: now, version: "0", runs: 1 },
    { id: unversionedBuild, version: null, runs: 1 },
  ]);
});
