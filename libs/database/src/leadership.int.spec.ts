import { unchecked } from "@basin/testing";
import { PackId, unversionedBuild } from "@basin/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { ArtifactsRepository } from "./artifacts.repository";
import { CommandsRepository } from "./commands.repository";
import { LeadershipLostError, type Epoch } from "./epoch";
import { LeadershipRepository } from "./leadership.repository";
import { OutboxRepository } from "./outbox.repository";
import { PacksRepository } from "./packs.repository";
import { PlanningRepository } from "./planning.repository";
import { RequeueRepository } from "./requeue.repository";
import { openLedger, pack, plantSweep, runAt, sweep, trainer, type Ledger } from "./small-ledger.testing";

interface World extends Ledger {
  leadership: LeadershipRepository;
  /** As if the leader had been silent for a whole lease. */
  expire: () => Promise<unknown>;
}

async function open(): Promise<World> {
  const ledger = await openLedger();
  const expire = () => ledger.database.query(unchecked("UPDATE leadership SET expires_at = now() - interval '1 hour'"));
  return { ...ledger, leadership: new LeadershipRepository(ledger.database), expire };
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
      await connection.query(unchecked("INSERT INTO written VALUES ($1)", [first.toString()]));
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
  await sleep(300);
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
      await connection.query(unchecked("INSERT INTO written VALUES ($1)", [first.toString()]));
      written();
      await asleep;
      await connection.query(unchecked("INSERT INTO written VALUES ($1)", [first.toString()]));
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
    answers: fc.nat(8),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
      const held = new Map<number, Epoch>();
      const begun: Epoch[] = [];
      // Time is told by answers of the database, so that everything overlaps in the same way on a slow machine.
      const act = async ({ who, what, answers }: (typeof actions)[number]): Promise<void> => {
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
            for (let i = 0; i < answers; i++) await connection.query(unchecked("SELECT 1"));
            await connection.query(unchecked("INSERT INTO written (epoch) VALUES ($1)", [epoch.toString()]));
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
      };
      const acting: Promise<void>[] = [];
      for (const action of actions) {
        acting.push(act(action));
        await database.query(unchecked("SELECT 1"));
      }
      await Promise.all(acting);
      const rows = await fresh.query<{ epoch: string }>("SELECT epoch::text FROM written ORDER BY place");
      const epochs = rows.map((row) => BigInt(row.epoch));
      expect(epochs).toEqual([...epochs].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      expect(new Set(begun).size, "no epoch is given twice").toBe(begun.length);
    }),
    { numRuns: 25 },
  );
  expect(outcomes.written).toBeGreaterThan(0);
  expect(outcomes.refused).toBeGreaterThan(0);
});

test("every duty's write is refused once another leads, and changes nothing", async () => {
  const world = await open();
  const { fresh, database, leadership, expire } = world;
  await plantSweep(world, { running: 1, pending: 1, planned: 3 });
  await fresh.query("UPDATE pack SET claimed_at = NULL, trainer_id = NULL, published_at = now() - interval '1 hour'");
  await fresh.query("UPDATE trainer SET last_sign_at = now() - interval '1 hour'");
  const message = { v: 1, pack, sweep, pool: "default", experiment: "diagnostic", width: 1, sentAt: "2026-01-01T00:00:00Z" };
  await fresh.query(`INSERT INTO outbox (subject, message_id, payload) VALUES ('basin.work.default', 'm', $1)`, [
    JSON.stringify(message),
  ]);

  await fresh.query(
    "INSERT INTO artifact_content (id, run_id, attempt, name, bytes, sha256) VALUES (gen_random_uuid(), $1, 1, 'w', 1, '')",
    [runAt(1)],
  );
  const late = taken(await leadership.take("a", 60));
  await expire();
  const now = taken(await leadership.take("b", 60));
  const tables = ["sweep", "trial", "run", "pack", "attempt", "trainer", "outbox", "search_event", "artifact_content"];
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
    reportedTrials: [],
    firstSeeds: null,
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
        { id: PackId.parse("00000000-0000-4000-8000-000000000002"), runs: [runAt(1)] },
      ]),
    "send again": (epoch) => packs.sendAgain({ pool: "default", build: unversionedBuild }, 1, message.sentAt, epoch),
    published: (epoch) => outbox.published(entries, epoch),
    sweep: (epoch) => new ArtifactsRepository(database).sweep(epoch),
    lose: (epoch) => new RequeueRepository(database).lose(trainer, 6, epoch, () => lostVerdict),
  };
  const before = await everything();
  for (const [name, duty] of Object.entries(duties)) {
    await expect(duty(late), name).rejects.toThrow(LeadershipLostError);
    expect(await everything(), name).toEqual(before);
  }
  // Each of them would have changed something.
  for (const name of ["send again", "published", "give to a build", "pack", "sweep", "lose", "fill", "plan", "spend"]) {
    const earlier = await everything();
    await duties[name]?.(now);
    expect(await everything(), name).not.toEqual(earlier);
  }
});
