import { createHash, randomBytes } from "node:crypto";
import { artifactPartBytes, type ArtifactKind } from "@basin/contracts";
import { eventually, unchecked } from "@basin/testing";
import fc from "fast-check";
import { Client } from "pg";
import { expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { ArtifactsRepository, type NamedArtifact } from "./artifacts.repository";
import { CommandsRepository } from "./commands.repository";
import { CommitsRepository } from "./commits.repository";
import { LeadershipRepository } from "./leadership.repository";
import { RequeueRepository } from "./requeue.repository";
import type { Verdict } from "./run-moves";
import { openLedger, plantSweep, runAt, sweep, trainer, type Ledger } from "./small-ledger.testing";

const verdict = (attemptState: Verdict["attemptState"], runState: Verdict["runState"]): Verdict => ({
  attemptState,
  runState,
  strikes: 0,
  reason: null,
  attemptReason: null,
});

/** Every way in which a running run of the sweep stops running. */
const endings: Record<"commit" | "fail" | "hand back" | "cancel", (ledger: Ledger, place: number) => Promise<unknown>> = {
  commit: ({ database }, place) =>
    new CommitsRepository(database).commit(
      trainer,
      [
        {
          run: runAt(place),
          attempt: 1,
          outcome: "succeeded",
          metrics: { value0: 1 },
          reason: null,
          steps: 1,
          trainSeconds: 1,
          chunks: {},
          artifacts: [],
        },
      ],
      () => verdict("succeeded", "succeeded"),
    ),
  fail: ({ database }, place) =>
    new RequeueRepository(database).release(trainer, [{ run: runAt(place), attempt: 1 }], () => verdict("failed", "failed")),
  "hand back": ({ database }, place) =>
    new RequeueRepository(database).release(trainer, [{ run: runAt(place), attempt: 1 }], () =>
      verdict("handed-back", "pending"),
    ),
  cancel: ({ database }, place) => new CommandsRepository(database).cancelRuns(sweep, [runAt(place)], "enough"),
};
const names = Object.keys(endings) as (keyof typeof endings)[];

interface Left {
  state: string;
  checkpoints: number;
  /** Contents that no artifact names. */
  arriving: number;
}

async function leftOf({ database }: Ledger, place: number): Promise<Left> {
  const { rows } = await database.query(
    unchecked<{ state: string; checkpoints: number; arriving: number }>(
      `SELECT r.state, (SELECT count(*)::int FROM artifact a WHERE a.run_id = r.id AND a.kind = 'checkpoint') AS checkpoints,
       (SELECT count(*)::int FROM artifact_content c WHERE c.run_id = r.id
            AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.content_id = c.id)) AS arriving
     FROM run r WHERE r.id = $1`,
      [runAt(place)],
    ),
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no run ${place}`);
  return row;
}

/** What an upload does, held open between its last statement and its commit. */
async function uploadInFlight({ fresh }: Ledger, place: number): Promise<{ commit: () => Promise<void> }> {
  const client = new Client({ connectionString: fresh.url });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM run WHERE id = $1 AND state = 'running' FOR SHARE", [runAt(place)]);
  await client.query(
    `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, step, content)
     VALUES (gen_random_uuid(), $1, 1, 'checkpoint.safetensors', 'checkpoint', 'x', 1, '', 1, 'c')`,
    [runAt(place)],
  );
  await client.query(
    "INSERT INTO artifact_content (id, run_id, attempt, name, bytes, sha256) VALUES (gen_random_uuid(), $1, 1, 'w', 1, '')",
    [runAt(place)],
  );
  return {
    async commit() {
      await client.query("COMMIT");
      await client.end();
    },
  };
}

test.each(names)("an upload in flight at the end of a run leaves nothing behind: %s", async (name) => {
  const ledger = await openLedger();
  await plantSweep(ledger, { running: 2, pending: 0 });
  const upload = await uploadInFlight(ledger, 0);
  let ended = false;
  const ending = endings[name](ledger, 0).then(() => (ended = true));
  const waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  await eventually(async () => (await ledger.fresh.query(waits)).length > 0, { what: "the end waits for the upload" });
  expect(ended).toBe(false);
  await upload.commit();
  await ending;
  const left = await leftOf(ledger, 0);
  expect(left.state).not.toBe("running");
  expect(left.arriving).toBe(0);
  expect(left.checkpoints, "a checkpoint is of use to a run that goes on").toBe(left.state === "pending" ? 1 : 0);
});

test("whatever uploads meet whatever ends, finished runs keep their results and nothing else", async () => {
  const large = randomBytes(artifactPartBytes + 100);
  const upload = fc.record({
    kind: fc.constantFrom<ArtifactKind>("checkpoint", "checkpoint", "weights"),
    whole: fc.boolean(),
    milliseconds: fc.nat(30),
  });
  const life = fc.record({
    uploads: fc.array(upload, { maxLength: 5 }),
    end: fc.constantFrom(...names),
    milliseconds: fc.nat(30),
  });
  const ledger = await openLedger();
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 4, maxLength: 12 }), async (lives) => {
      await ledger.fresh.query("TRUNCATE sweep, pack, trainer CASCADE");
      await plantSweep(ledger, { running: lives.length, pending: 0 });
      const artifacts = new ArtifactsRepository(ledger.database);
      const stored = new Set<string>();
      const store = async (place: number, index: number, { kind, whole, milliseconds }: (typeof lives)[0]["uploads"][0]) => {
        await sleep(milliseconds);
        const content = Buffer.concat([Buffer.from([index]), large.subarray(1)]);
        const name = kind === "checkpoint" ? "checkpoint.safetensors" : `weights-${index}`;
        const artifact: NamedArtifact = {
          trainer,
          run: runAt(place),
          attempt: 1,
          name,
          kind,
          mediaType: "application/octet-stream",
          step: kind === "checkpoint" ? index : null,
          bytes: content.byteLength,
          sha256: createHash("sha256").update(content).digest("hex"),
        };
        for (let part = 0; part < (whole ? 2 : 1); part++) {
          const piece = content.subarray(part * artifactPartBytes, (part + 1) * artifactPartBytes);
          const outcome = await artifacts.storePart(artifact, part, piece);
          if (typeof outcome === "string" || !("arrived" in outcome)) continue;
          const end = await artifacts.complete(artifact, outcome.content);
          if (end === "complete" && kind === "weights") stored.add(`${runAt(place)} ${name}`);
        }
      };
      await Promise.all(
        lives.flatMap(({ uploads, end, milliseconds }, place) => [
          // One after the other, as a trainer does.
          uploads.reduce((before, one, index) => before.then(() => store(place, index, one)), Promise.resolve()),
          sleep(milliseconds).then(() => endings[end](ledger, place)),
        ]),
      );
      for (const place of lives.keys()) {
        const { state, checkpoints, arriving } = await leftOf(ledger, place);
        expect(state).not.toBe("running");
        expect(arriving, `contents on the way of run ${place}, ${state}`).toBe(0);
        if (state !== "pending") expect(checkpoints, `checkpoints of run ${place}, ${state}`).toBe(0);
      }
      const kept = await ledger.fresh.query<{ key: string }>(
        "SELECT run_id || ' ' || name AS key FROM artifact WHERE kind = 'weights'",
      );
      expect(new Set(kept.map(({ key }) => key))).toEqual(stored);
    }),
    { numRuns: 10 },
  );
});

test("the sweeper deletes what finished runs left, and touches nothing that anyone needs", async () => {
  const ledger = await openLedger();
  await plantSweep(ledger, { running: 6, pending: 1 });
  await endings.commit(ledger, 0);
  await endings.fail(ledger, 1);
  await endings["hand back"](ledger, 2);
  await endings.cancel(ledger, 3);
  // As earlier versions left it: a checkpoint, weights and half an upload for each run, whatever its state.
  await ledger.fresh.query(
    `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, step, content)
     SELECT gen_random_uuid(), id, 1, k, k::artifact_kind, 'x', 1, '', 1, 'c' FROM run, unnest(ARRAY['checkpoint', 'weights']) k`,
  );
  await ledger.fresh.query(
    "INSERT INTO artifact_content (id, run_id, attempt, name, bytes, sha256) SELECT gen_random_uuid(), id, 1, 'w', 1, '' FROM run",
  );
  const epoch = await new LeadershipRepository(ledger.database).take("spec", 60);
  const artifacts = new ArtifactsRepository(ledger.database);
  expect(await artifacts.sweep(epoch ?? 0n)).toEqual({ checkpoints: 3, contents: 5 });
  expect(await artifacts.sweep(epoch ?? 0n)).toEqual({ checkpoints: 0, contents: 0 });
  const left = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((place) => leftOf(ledger, place)));
  expect(left).toEqual([
    { state: "succeeded", checkpoints: 0, arriving: 0 },
    { state: "failed", checkpoints: 0, arriving: 0 },
    { state: "pending", checkpoints: 1, arriving: 0 },
    { state: "cancelled", checkpoints: 0, arriving: 0 },
    { state: "running", checkpoints: 1, arriving: 1 },
    { state: "running", checkpoints: 1, arriving: 1 },
    { state: "pending", checkpoints: 1, arriving: 0 },
  ]);
  const [weights] = await ledger.fresh.query<{ n: number }>("SELECT count(*)::int AS n FROM artifact WHERE kind = 'weights'");
  expect(weights?.n).toBe(7);
});
