import { RunId, SweepSpec, type AttemptKey, type GrantV1, type PackId, type PackMeasure, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { expect, test } from "vitest";
import type { FakeTrainer } from "../spec-support/fake-trainer.testing";
import { aDiagnosticSpec, specStack, type SpecStack } from "../spec-support/spec-stack.testing";

const measure = (pack: PackId, width: number, changes: Partial<PackMeasure> = {}): PackMeasure => ({
  pack,
  width,
  runSteps: 1000,
  seconds: 5,
  bytes: null,
  ...changes,
});

const runs = 32;

/** Submits and waits until every run is packed; the widths, in the order of the plan. */
async function widthsOf(stack: SpecStack, submit: () => Promise<SweepId>): Promise<number[]> {
  const sweep = await submit();
  await eventually(async () => (await stack.row("SELECT queued FROM sweep WHERE id = $1", [sweep]))["queued"] === runs);
  const rows = await stack.database.query(
    `SELECT p.width FROM pack p JOIN run r ON r.pack_id = p.id WHERE p.sweep_id = $1
     GROUP BY p.id ORDER BY min(r.seed_index)`,
    [sweep],
  );
  return rows.map((row) => Number(row["width"]));
}

/** Packs of this sweep are out of the way of the next. */
async function finish(trainer: FakeTrainer, packs: number): Promise<void> {
  for (let i = 0; i < packs; i++) await trainer.finish((await trainer.take())?.grants ?? []);
}

test("packs are as wide as measuring says, within memory; a width that the sweep names is not argued with", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t", { slotBytes: 3000 });
  const submit =
    (changes = {}) =>
    () =>
      api.create(aDiagnosticSpec(1, runs, changes));

  expect(await widthsOf(stack, submit())).toEqual([16, 16]);
  const first = await trainer.take();
  if (!first) throw new Error("no pack came");
  // At 16 a step takes twice as long per run as at 8.
  await trainer.heartbeat([measure(first.pack, 16), measure(first.pack, 8, { runSteps: 2000 })]);
  const { keys } = await stack.row("SELECT count(DISTINCT pack_key)::int AS keys FROM pack_rate WHERE backend = 'cpu'");
  expect(keys).toBe(1);
  await trainer.finish(first.grants);
  await finish(trainer, 1);

  // Nothing is known below 8 yet: with runs in plenty a pack of 4 and one of 2 are tried.
  expect(await widthsOf(stack, submit())).toEqual([4, 2, 7, 7, 6, 6]);
  await trainer.heartbeat([4, 2, 1].map((width) => measure(first.pack, width)));
  await finish(trainer, 6);
  expect(await widthsOf(stack, submit())).toEqual([8, 8, 8, 8]);
  await finish(trainer, 4);
  expect(await widthsOf(stack, submit({ maxPackWidth: 16 }))).toEqual([16, 16]);
  await finish(trainer, 2);

  // A run needs at most 600 bytes: five fit.
  await trainer.heartbeat([measure(first.pack, 10, { seconds: 0, bytes: 6000 })]);
  expect(await widthsOf(stack, submit())).toEqual([5, 5, 5, 5, 4, 4, 4]);
  await finish(trainer, 7);
  expect(await widthsOf(stack, submit({ maxPackWidth: 16 }))).toEqual([5, 5, 5, 5, 4, 4, 4]);
});

test("no run waits for company: one that comes alone is packed at once, though others of its key would follow", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t", { slots: 1 });
  await api.create(aDiagnosticSpec(1, 1));
  const busy = await trainer.take();
  expect(busy?.grants).toHaveLength(1);
  // The only slot trains; a lone run of the same key comes.
  const submittedAt = performance.now();
  await api.create(aDiagnosticSpec(1, 1));
  const lone = await trainer.pull(2);
  expect(lone).not.toBeNull();
  // A pass of the scheduler comes within a second at the latest, and nothing else is waited for.
  expect(performance.now() - submittedAt).toBeLessThan(2000);
});

test("before anything is measured the estimate of a run's memory bounds the width", async () => {
  const stack = await specStack();
  const api = await stack.api();
  // Of 400 MB three quarters are for 18 MB and runs of some 35.
  await stack.trainer("t", { slotBytes: 400e6 });
  const fixed = (value: number | number[]) => ({ type: "fixed" as const, value });
  const spec = SweepSpec.parse({
    experiment: "loss-minimization",
    space: { samples: fixed(1000), hiddenLayers: fixed([1024, 1024]), epochs: fixed(1) },
    seeds: { count: runs },
  });
  expect(await widthsOf(stack, () => api.create(spec))).toEqual([8, 8, 8, 8]);
});

test("runs whose pack was too wide are packed narrower, without a strike; one that does not fit alone has failed at once", async () => {
  const stack = await specStack();
  const api = await stack.api();
  const trainer = await stack.trainer("t");
  const sweep = await api.create(aDiagnosticSpec(1, 8, { retryLimit: 0 }));
  /** Takes what comes next and gives it back as too wide; how wide it was. */
  const tooWide = async (): Promise<number> => {
    const grants = (await trainer.take())?.grants ?? [];
    const maxWidth = Math.max(1, Math.floor(grants.length / 2));
    await trainer.giveBack(grants.map((grant) => ({ ...key(grant), outcome: "handed-back", reason: "no room", maxWidth })));
    return grants.length;
  };
  expect([await tooWide(), await tooWide()]).toEqual([4, 4]);
  const narrow = await trainer.take();
  expect(narrow?.grants).toHaveLength(2);
  await trainer.finish(narrow?.grants ?? []);
  for (let pack = 0; pack < 3; pack++) expect(await tooWide()).toBe(2);

  const strikes = await stack.row(
    "SELECT max(strikes) AS most, count(*) FILTER (WHERE reason IS NOT NULL)::int AS told FROM run",
  );
  expect(strikes).toEqual({ most: 0, told: 0 });
  const reason = "it does not fit in memory: it needs about 15 GB, a slot has 3.2 GB";
  const [alone, ...others] = await Promise.all(Array.from({ length: 2 }, async () => (await trainer.take())?.grants ?? []));
  expect(alone).toHaveLength(1);
  await trainer.giveBack((alone ?? []).map((grant) => ({ ...key(grant), outcome: "failed", reason, final: true })));
  const run = alone?.[0]?.run;
  expect(await stack.row("SELECT state, reason, strikes FROM run WHERE id = $1", [run])).toEqual({
    state: "failed",
    reason,
    strikes: 1,
  });
  expect(others.flat()).toHaveLength(1);

  // A person's wish to try again forgets it.
  await api.commands.retryRuns(sweep, [RunId.parse(run)]);
  const width = "SELECT max_width AS width, strikes FROM run WHERE id = $1";
  expect(await stack.row(width, [run])).toEqual({ width: null, strikes: 0 });
});

const key = ({ run, attempt }: GrantV1): AttemptKey => ({ run, attempt });
