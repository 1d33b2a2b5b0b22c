import { PackId, RunId, SweepId, TrainerId, unversionedBuild } from "@basin/contracts";
import { freshDatabase, type FreshDatabase } from "@basin/testing";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { CommandsRepository } from "./commands.repository";
import { Database } from "./connection";
import { LeadershipLostError, LeadershipRepository, type Epoch } from "./leadership.repository";
import { migrate } from "./migrate";
import { OutboxRepository } from "./outbox.repository";
import { PacksRepository } from "./packs.repository";
import { PlanningRepository } from "./planning.repository";
import { RequeueRepository } from "./requeue.repository";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function migrateUrl(url: string): Promise<void> {
  const database = new Database({ url, log });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

interface World {
  fresh: FreshDatabase;
  database: Database;
  leadership: LeadershipRepository;
  /** As if the leader had been silent for a whole lease. */
  expire: () => Promise<unknown>;
}

async function open(): Promise<World> {
  const fresh = await freshDatabase({ migrate: migrateUrl });
  const database = new Database({ url: fresh.url, log, maxConnections: 20, retrySeconds: 60 });
  onTestFinished(() => database.close());
  const expire = () => fresh.query("UPDATE leadership SET expires_at = now() - interval '1 hour'");
  return { fresh, database, leadership: new LeadershipRepository(database), expire };
}

function taken(epoch: Epoch | null): Epoch {
  if (epoch === null) throw new Error("the lease was not free");
  return epoch;
}

test("one leader at a time; a lease that is not renewed is taken with the next epoch, and the earlier leader is told", async () => {
  const { leadership, expire } = await open();
  const first = taken(await leadership.take("a", 60));
  expect(await leadership.take("b", 60)).toBeNull();
  expect(await leadership.renew(first, 60)).toBe(true);
  await expire();
  expect(await leadership.renew(first, 60), "nobody took it meanwhile").toBe(true);
  expect(await leadership.take("b", 60)).toBeNull();
  await expire();
  const second = taken(await leadership.take("b", 60));
  expect(second).toBe(first + 1n);
  expect(await leadership.renew(first, 60)).toBe(false);
  await leadership.release(first);
  expect(await leadership.take("a", 60), "a late release changes nothing").toBeNull();
  await leadership.release(second);
  expect(await leadership.take("a", 60)).toBe(second + 1n);
});

test("a lease ends by the database's clock", async () => {
  const { leadership } = await open();
  const first = taken(await leadership.take("a", 1));
  const began = performance.now();
  let second: Epoch | null = null;
  while (second === null) second = await leadership.take("b", 1);
  expect(second).toBe(first + 1n);
  expect(performance.now() - began).toBeGreaterThan(800);
});

test("the next leader waits for what the one before is writing, renewals do not", async () => {
  const { fresh, database, leadership, expire } = await open();
  await fresh.query("CREATE TABLE written (epoch bigint)");
  const first = taken(await leadership.take("a", 60));
  let written: () => void = () => undefined;
  const holds = new Promise<void>((resolve) => (written = resolve));
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const writing = database.transaction(
    async (connection) => {
      await connection.query({ text: "INSERT INTO written VALUES ($1)", values: [first.toString()] });
      written();
      await held;
    },
    { epoch: first },
  );
  await holds;
  expect(await leadership.renew(first, 60)).toBe(true);
  await expire();
  let second: Epoch | null = null;
  const taking = leadership.take("b", 60).then((epoch) => (second = epoch));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(second).toBeNull();
  goOn();
  await writing;
  await taking;
  expect(second).toBe(first + 1n);
  expect(await fresh.query("SELECT epoch::int FROM written")).toEqual([{ epoch: Number(first) }]);
});

test("a leader that stops in the middle of a transaction is replaced within seconds, and what it wrote is undone", async () => {
  const { fresh, database, leadership, expire } = await open();
  await fresh.query("CREATE TABLE written (epoch bigint)");
  const first = taken(await leadership.take("a", 60));
  let wakes: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (wakes = resolve));
  let written: () => void = () => undefined;
  const holds = new Promise<void>((resolve) => (written = resolve));
  const writing = database.transaction(
    async (connection) => {
      await connection.query({ text: "INSERT INTO written VALUES ($1)", values: [first.toString()] });
      written();
      await asleep;
      await connection.query({ text: "INSERT INTO written VALUES ($1)", values: [first.toString()] });
    },
    { epoch: first },
  );
  await holds;
  await expire();
  const began = performance.now();
  let second: Epoch | null = null;
  // A request for the lease is given up after 5 s, as everything urgent, and made again.
  while (second === null) second = await leadership.take("b", 60).catch(() => null);
  expect(performance.now() - began).toBeLessThan(8000);
  wakes();
  await expect(writing).rejects.toThrow(LeadershipLostError);
  expect(await fresh.query("SELECT * FROM written")).toEqual([]);
});

test("whatever the order of leases, renewals and writes, nothing of an earlier leader is written after a later one began", async () => {
  const { fresh, database, leadership, expire } = await open();
  await fresh.query("CREATE TABLE written (place serial, epoch bigint)");
  const outcomes = { written: 0, refused: 0 };
  const action = fc.record({
    who: fc.nat(3),
    what: fc.constantFrom("take" as const, "write" as const, "write" as const, "renew" as const, "expire" as const),
    milliseconds: fc.nat(15),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
      const held = new Map<number, Epoch>();
      const begun: Epoch[] = [];
      await Promise.all(
        actions.map(async ({ who, what, milliseconds }, i) => {
          await new Promise((resolve) => setTimeout(resolve, i * 2));
          const epoch = held.get(who);
          if (what === "expire") await expire();
          if (what === "take") {
            const next = await leadership.take(String(who), 60);
            if (next !== null) {
              held.set(who, next);
              begun.push(next);
            }
          }
          if (epoch === undefined) return;
          if (what === "renew") await leadership.renew(epoch, 60);
          if (what !== "write") return;
          const work = database.transaction(
            async (connection) => {
              await new Promise((resolve) => setTimeout(resolve, milliseconds));
              await connection.query({ text: "INSERT INTO written (epoch) VALUES ($1)", values: [epoch.toString()] });
            },
            { epoch },
          );
          await work.then(
            () => outcomes.written++,
            (error: unknown) => {
              expect(error).toBeInstanceOf(LeadershipLostError);
              outcomes.refused++;
            },
          );
        }),
      );
      const rows = await fresh.query<{ epoch: string }>("SELECT epoch::text FROM written ORDER BY place");
      const epochs = rows.map((row) => BigInt(row.epoch));
      expect(epochs).toEqual([...epochs].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      expect(new Set(begun).size, "no epoch is given twice").toBe(begun.length);
    }),
    { numRuns: 25 },
  );
  expect(outcomes.written).toBeGreaterThan(25);
  expect(outcomes.refused).toBeGreaterThan(25);
});

test("every duty's write is refused once another leads, and changes nothing", async () => {
  const { fresh, database, leadership, expire } = await open();
  const sweep = SweepId.parse("k3v9x2mq");
  const pack = PackId.parse("00000000-0000-4000-8000-000000000001");
  await fresh.query(
    `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds, search_state,
       pending, running, trials_created)
     VALUES ($1, 's', 'diagnostic', $2, 'value0', true, 'default', 0, '{}', '{0,1,2}', '{}', 1, 1, 1)`,
    [sweep, JSON.stringify({ experiment: "diagnostic", budget: { maxRuns: 1 } })],
  );
  await fresh.query(
    `INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created) VALUES ($1, 0, '{}', 'k', 3, 2)`,
    [sweep],
  );
  await fresh.query(
    `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, pack_key, state, attempt, trainer_id, pack_id, started_at)
     VALUES ($1 || '-0-0', $1, 0, 0, 0, 'k', 'running', 1, 't', $2, now()), ($1 || '-0-1', $1, 0, 1, 1, 'k', 'pending', 0, NULL, NULL, NULL)`,
    [sweep, pack],
  );
  await fresh.query(
    `INSERT INTO pack (id, sweep_id, pool, experiment, width, published_at) VALUES ($1, $2, 'default', 'diagnostic', 1, now() - interval '1 hour')`,
    [pack, sweep],
  );
  await fresh.query(
    `INSERT INTO attempt (run_id, number, trainer_id, pack_id, pack_width) VALUES ($1 || '-0-0', 1, 't', $2, 1)`,
    [sweep, pack],
  );
  await fresh.query(
    `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, last_sign_at)
     VALUES ('t', 't', 'default', 'cpu', '', '', 1, '0', 'h', 1, '{}', now() - interval '1 hour')`,
  );
  const message = { v: 1, pack, sweep, pool: "default", experiment: "diagnostic", width: 1, sentAt: "2026-01-01T00:00:00Z" };
  await fresh.query(`INSERT INTO outbox (subject, message_id, payload) VALUES ('basin.work.default', 'm', $1)`, [
    JSON.stringify(message),
  ]);

  const late = taken(await leadership.take("a", 60));
  await expire();
  const now = taken(await leadership.take("b", 60));
  const tables = ["sweep", "trial", "run", "pack", "attempt", "trainer", "outbox", "search_event"];
  const everything = async (): Promise<unknown> =>
    Promise.all(tables.map((table) => fresh.query(`SELECT t.xmin::text, t.* FROM ${table} t ORDER BY 2`)));
  const planning = new PlanningRepository(database);
  const [packs, outbox] = [new PacksRepository(database), new OutboxRepository(database)];
  const step = {
    sweep,
    sequence: 0,
    event: {},
    state: {},
    trials: [],
    exhausted: true,
    listensToResults: false,
    reportedTrial: null,
  };
  const entries = await outbox.oldest(10);
  const build = "3fa94c1b20de";
  const lostVerdict = { attemptState: "lost", runState: "pending", strikes: 0, reason: null, attemptReason: "gone" } as const;
  const duties: Record<string, (epoch: Epoch) => Promise<unknown>> = {
    plan: (epoch) => planning.applyStep({ ...step, maxNewRuns: 1 }, epoch),
    fill: (epoch) => planning.fill(sweep, 10, epoch),
    "give to a build": (epoch) => packs.giveTo(sweep, build, epoch),
    spend: (epoch) => new CommandsRepository(database).spend(sweep, epoch, () => "steps"),
    pack: (epoch) =>
      packs.form(sweep, build, epoch, 10, message.sentAt, () => [
        { id: PackId.parse("00000000-0000-4000-8000-000000000002"), runs: [RunId.parse(`${sweep}-0-1`)] },
      ]),
    "send again": (epoch) => packs.sendAgain({ pool: "default", build: unversionedBuild }, 1, message.sentAt, epoch),
    published: (epoch) => outbox.published(entries, epoch),
    lose: (epoch) => new RequeueRepository(database).lose(TrainerId.parse("t"), 6, epoch, () => lostVerdict),
  };
  const before = await everything();
  for (const [name, duty] of Object.entries(duties)) {
    await expect(duty(late), name).rejects.toThrow(LeadershipLostError);
    expect(await everything(), name).toEqual(before);
  }
  // Each of them would have changed something.
  for (const name of ["send again", "published", "give to a build", "pack", "lose", "fill", "plan", "spend"]) {
    const earlier = await everything();
    await duties[name]?.(now);
    expect(await everything(), name).not.toEqual(earlier);
  }
});
