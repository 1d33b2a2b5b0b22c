import "reflect-metadata";
import { SweepSpec, type SweepId, type SweepSpecInput } from "@basin/contracts";
import { Database, migrate } from "@basin/database";
import { eventually, freshDatabase, freshNats, type FreshDatabase, type FreshNats } from "@basin/testing";
import type { INestApplicationContext } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { onTestFinished } from "vitest";
import { AppCoreModule } from "../app.module";
import { readEnv } from "../platform/env";
import { createLog, nestLog } from "../platform/log";
import { openResources } from "../platform/resources";
import { SweepCommands } from "../scheduler/sweep-commands";
import { planSweep } from "../sweeps/sweep-plan";
import { bundleWorkThread } from "./work-thread-bundle.testing";
import { FakeTrainer, type FakeTrainerOptions } from "./fake-trainer.testing";

const silentLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function migrateUrl(url: string): Promise<void> {
  const database = new Database({ url, log: silentLog });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

export interface SpecApi {
  get: INestApplicationContext["get"];
  commands: SweepCommands;
  /** Plans and stores a sweep. */
  create(spec: SweepSpec): Promise<SweepId>;
  stop(): Promise<void>;
}

export interface SpecStack {
  database: FreshDatabase;
  nats: FreshNats;
  /** Starts an api process's parts, without HTTP, in this process. */
  api(settings?: Record<string, string>): Promise<SpecApi>;
  trainer(name: string, options?: FakeTrainerOptions): Promise<FakeTrainer>;
  row(sql: string, parameters?: unknown[]): Promise<Record<string, unknown>>;
}

/** A database and a NATS of its own for one test. Everything is stopped when the test ends. */
export async function specStack(): Promise<SpecStack> {
  const [database, nats] = await Promise.all([freshDatabase({ migrate: migrateUrl }), freshNats()]);
  return {
    database,
    nats,
    async api(settings = {}) {
      const env = readEnv({
        DATABASE_URL: database.url,
        NATS_URL: nats.url,
        BASIN_NATS_KEYS: nats.keys,
        BASIN_LOG_LEVEL: "silent",
        ...settings,
      });
      const log = createLog(process.env["BASIN_SPEC_LOG"] ?? "silent");
      const resources = await openResources(env, log);
      const context = await NestFactory.createApplicationContext(
        AppCoreModule.of({ ...resources, workThread: bundleWorkThread }),
        {
          logger: nestLog(log),
          abortOnError: false,
        },
      );
      let stopped = false;
      const stop = async (): Promise<void> => {
        if (stopped) return;
        stopped = true;
        await context.close();
        await resources.close();
      };
      onTestFinished(stop);
      const commands = context.get(SweepCommands);
      const create = async (spec: SweepSpec): Promise<SweepId> => (await commands.create(planSweep(spec))).id;
      return { get: context.get.bind(context), commands, create, stop };
    },
    async trainer(name, options) {
      const trainer = await FakeTrainer.start(await nats.trainerUrl(name, options?.pool), name, options);
      onTestFinished(() => trainer.stop());
      return trainer;
    },
    async row(sql, parameters) {
      const [row] = await database.query(sql, parameters);
      return row ?? {};
    },
  };
}

/**
 * Until the loop has gone round twice more, the second time wholly from now on, so that "nothing happened" is said of a loop that looked. Fails
 * when it stands still.
 */
export async function moreRounds(loop: { readonly rounds: number }): Promise<void> {
  const before = loop.rounds;
  await eventually(() => loop.rounds >= before + 2, { timeoutSeconds: 30, what: "the loop goes round" });
}

/** A sweep of the diagnostic experiment: `trials` levels by `seeds` seeds. */
export function aDiagnosticSpec(trials: number, seeds: number, changes: Partial<SweepSpecInput> = {}): SweepSpec {
  return SweepSpec.parse({
    name: "a sweep",
    experiment: "diagnostic",
    space: { level: { type: "float", min: 0, max: trials > 1 ? 1 : 0, points: trials } },
    seeds: { count: seeds },
    ...changes,
  });
}

export interface Counted {
  [state: string]: number;
}

/** The sweep's counters, and what `count(*)` says. They must be equal at every moment. */
export async function countersOf(stack: SpecStack, sweep: SweepId): Promise<{ kept: Counted; counted: Counted }> {
  const row = await stack.row(
    `SELECT json_build_object('pending', s.pending, 'queued', s.queued, 'running', s.running, 'succeeded', s.succeeded,
              'diverged', s.diverged, 'failed', s.failed, 'cancelled', s.cancelled, 'pruned', s.pruned) AS kept,
       (SELECT json_object_agg(state, n) FROM (
          SELECT e.state, count(r.id) AS n FROM unnest(enum_range(NULL::run_state)) AS e(state)
          LEFT JOIN run r ON r.sweep_id = s.id AND r.state = e.state GROUP BY e.state) c) AS counted
     FROM sweep s WHERE s.id = $1`,
    [sweep],
  );
  return { kept: row["kept"] as Counted, counted: row["counted"] as Counted };
}
