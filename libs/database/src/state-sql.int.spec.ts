import { RunState, SweepSpec, unversionedBuild, type PackId, type RunId, type SweepId, type TrainerId } from "@basin/contracts";
import { isRunFinished, transitionRun, type RunEvent } from "@basin/domain";
import { freshDatabase, unchecked } from "@basin/testing";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { CommandsRepository } from "./commands.repository";
import { Database } from "./connection";
import type { Epoch } from "./epoch";
import { LeadershipRepository } from "./leadership.repository";
import { migrate } from "./migrate";
import { PacksRepository } from "./packs.repository";
import { endAttempts } from "./run-moves";
import { withLockedSweeps } from "./sweep-locks";
import { SweepsRepository } from "./sweeps.repository";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function migrateUrl(url: string): Promise<void> {
  const database = new Database({ url, log });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

interface Place {
  database: Database;
  epoch: Epoch;
  sweep: SweepId;
  run: RunId;
  pack: PackId;
  trainer: TrainerId;
}

async function sql<Row extends Record<string, unknown>>(database: Database, text: string, values: unknown[]): Promise<Row[]> {
  return (await database.query(unchecked<Row>(text, values))).rows;
}

let serial = 0;

/** A running sweep of one run in a state, with what goes with the state: its pack, its trainer, its attempt, its place in the counters. */
async function runIn(state: RunState, database: Database, epoch: Epoch): Promise<Place> {
  serial += 1;
  const sweep = `state${String(serial).padStart(3, "0")}` as SweepId;
  const run = `${sweep}-0-0` as RunId;
  const pack = `00000000-0000-4000-8000-${String(serial).padStart(12, "0")}` as PackId;
  const trainer = `trainer-${serial}` as TrainerId;
  await new SweepsRepository(database).create({
    id: sweep,
    name: "states",
    spec: SweepSpec.parse({ experiment: "diagnostic", seeds: { count: 1 } }),
    objective: { metric: "value0", direction: "minimize" },
    seeds: [0],
    trialsPlanned: 2,
    searchState: {},
    clonedFrom: null,
    owner: "local",
    project: "default",
    hasCriterion: false,
    firstEvent: null,
  });
  await sql(database, `UPDATE sweep SET trials_created = 1, build = $2, ${state} = 1 WHERE id = $1`, [sweep, unversionedBuild]);
  await sql(
    database,
    "INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created, runs_finished) VALUES ($1, 0, '{}', 'key', 1, 1, $2)",
    [sweep, isRunFinished(state) ? 1 : 0],
  );
  await sql(
    database,
    `INSERT INTO trainer (id, name, pool, backend, backend_reason, device, slots, version, host, pid, experiments, build)
     VALUES ($1, 't', 'default', 'wasm', '', 'cpu', 1, '0', 'h', 1, '{}', $2)`,
    [trainer, unversionedBuild],
  );
  await sql(database, "INSERT INTO pack (id, sweep_id, pool, experiment, width) VALUES ($1, $2, 'default', 'diagnostic', 1)", [
    pack,
    sweep,
  ]);
  await sql(
    database,
    `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, state, attempt, pack_key, pack_id, trainer_id)
     VALUES ($1, $2, 0, 0, 0, $3::run_state, 1, 'key', $4, $5)`,
    [run, sweep, state, state === "queued" || state === "running" ? pack : null, trainer],
  );
  await sql(database, "INSERT INTO attempt (run_id, number, trainer_id, pack_id, pack_width) VALUES ($1, 1, $2, $3, 1)", [
    run,
    trainer,
    pack,
  ]);
  return { database, epoch, sweep, run, pack, trainer };
}

const end = (runState: "succeeded" | "diverged" | "pending" | "failed" | "cancelled") => async (place: Place) => {
  const attemptState = runState === "pending" ? ("lost" as const) : runState;
  await withLockedSweeps(place.database, [place.sweep], (connection, locked) =>
    endAttempts(connection, locked, [{ run: place.run, attempt: 1 }], () => ({
      attemptState,
      runState,
      strikes: 0,
      reason: null,
      attemptReason: null,
    })),
  );
};
const newPack = "10000000-0000-4000-8000-000000000000";

/** What the ledger does for each event of the table; several ways where there are several. */
const deeds: readonly [RunEvent, string, (place: Place) => Promise<unknown>][] = [
  [
    "queue",
    "a pack is formed",
    ({ database, sweep, run, epoch }) =>
      new PacksRepository(database).form(sweep, unversionedBuild, epoch, 10, new Date(0).toISOString(), () => [
        { id: newPack.replace(/0{4}$/, String(serial).padStart(4, "0")) as PackId, runs: [run] },
      ]),
  ],
  ["withdraw", "the sweep is paused", ({ database, sweep }) => new CommandsRepository(database).pause(sweep, () => undefined)],
  ["claim", "a trainer claims the pack", ({ database, pack, trainer }) => new PacksRepository(database).claim(pack, trainer)],
  ["succeed", "a result is committed", end("succeeded")],
  ["diverge", "a divergence is committed", end("diverged")],
  ["return", "the attempt is lost", end("pending")],
  ["fail", "the attempt fails once too often", end("failed")],
  [
    "cancel",
    "the run is cancelled",
    ({ database, sweep, run }) => new CommandsRepository(database).cancelRuns(sweep, [run], "told to"),
  ],
  [
    "retry",
    "failed runs are retried",
    ({ database, sweep }) => new CommandsRepository(database).retryFailed(sweep, () => undefined),
  ],
];
/** Retrying listed runs retries what failed and revives what was cancelled. */
const again = (state: RunState): RunEvent => (state === "cancelled" ? "revive" : "retry");

test("the ledger moves a run exactly where the table of states says, from every state by every event", async () => {
  const fresh = await freshDatabase({ migrate: migrateUrl });
  const database = new Database({ url: fresh.url, log });
  onTestFinished(() => database.close());
  const epoch = await new LeadershipRepository(database).take("spec", 600);
  if (epoch === null) throw new Error("the lease was not free");

  const moved = async (
    state: RunState,
    event: RunEvent,
    what: string,
    deed: (place: Place) => Promise<unknown>,
  ): Promise<void> => {
    const place = await runIn(state, database, epoch);
    await deed(place);
    const answer = transitionRun(state, event);
    const [row] = await sql<{ state: RunState; counted: number }>(
      database,
      `SELECT r.state, CASE r.state ${RunState.options.map((each) => `WHEN '${each}' THEN s.${each}`).join(" ")} END AS counted
       FROM run r JOIN sweep s ON s.id = r.sweep_id WHERE r.id = $1`,
      [place.run],
    );
    expect(row, `${what} while the run is ${state}`).toEqual({ state: answer.ok ? answer.state : state, counted: 1 });
  };
  for (const state of RunState.options) {
    for (const [event, what, deed] of deeds) await moved(state, event, what, deed);
    await moved(state, again(state), "listed runs are retried", ({ database: ledger, sweep, run }) =>
      new CommandsRepository(ledger).retryRuns(sweep, [run], () => undefined),
    );
  }
});

test("no statement spells a state that it writes: they come from the tables", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.includes(".spec."));
  const spelled = files.flatMap((name) =>
    readFileSync(`${folder}/${name}`, "utf8")
      .split("\n")
      .filter((line) => /SET state = '|SET .*\bstate = CASE.*THEN '/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(spelled).toEqual([]);
});
