import "reflect-metadata";
import {
  applicable,
  routes,
  routeUrl,
  Space,
  type CallInput,
  type Configuration,
  type ErrorBody,
  type Route,
  type RouteName,
  type SweepId,
} from "@basin/contracts";
import { Database, migrate } from "@basin/database";
import { connectNats } from "@basin/messaging";
import { findExperiment, inapplicableIn } from "@basin/problems";
import { freshDatabase, freshNats, unchecked } from "@basin/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Global, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppSurfaceModule } from "../app.module";
import { setUpDocumentation } from "../openapi/documentation";
import { readEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { PlatformModule } from "../platform/platform.module";
import { bundleWorkThread } from "../spec-support/work-thread-bundle.testing";
import { StopOrders } from "../scheduler/stop-orders";
import { SweepCommands } from "../scheduler/sweep-commands";
import { Door } from "./door";
import { createHttpAdapter } from "./http-adapter";
import type { BodyPatience } from "./slow-bodies";

/** SweepCommands without the scheduler's loops, so that seeded rows stay as they were seeded. */
@Global()
@Module({ providers: [StopOrders, SweepCommands], exports: [SweepCommands] })
class CommandsModule {}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  text: string;
  json: unknown;
}

export interface Harness {
  app: NestFastifyApplication;
  databaseUrl: string;
  natsUrl: string;
  /** Where the first token is put, in a folder that goes with the harness. */
  firstTokenFile: string;
  database: Database;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Calls a route without a network; a JSON answer of status 2xx is checked against the route's schema. */
  call<N extends RouteName>(name: N, input: CallInput<N>, headers?: Record<string, string>): Promise<Answer>;
  send(method: "GET" | "POST" | "HEAD", url: string, payload?: string | object): Promise<Answer>;
  /** The error of an answer, or a failure that shows the answer. */
  errorOf(answer: Answer): ErrorBody["error"];
  stop(): Promise<void>;
}

const log = createLog("silent");

export async function migrateAt(url: string): Promise<void> {
  const database = new Database({ url, log });
  await migrate(database);
  await database.close();
}

/** The HTTP surface over a database (or at `databaseUrl`, which may lead nowhere) and a NATS of its own; the scheduler does not run. */
export async function startHarness(
  options: { databaseUrl?: string; settings?: Record<string, string>; patience?: BodyPatience } = {},
): Promise<Harness> {
  const fresh =
    options.databaseUrl === undefined
      ? await freshDatabase({ migrate: migrateAt })
      : { url: options.databaseUrl, drop: () => Promise.resolve() };
  const database = new Database({ url: fresh.url, log, retrySeconds: 0.3 });
  const server = await freshNats();
  const nats = await connectNats({ url: server.url, name: "http-spec", log });
  const folder = mkdtempSync(join(tmpdir(), "basin-harness-"));
  const env = readEnv({
    DATABASE_URL: fresh.url,
    NATS_URL: server.url,
    BASIN_API_PORT: "0",
    BASIN_FIRST_TOKEN_FILE: join(folder, "first-token"),
    ...options.settings,
  });
  const door = new Door(env);
  const resources = { env, log, database, nats, workThread: bundleWorkThread, close: () => Promise.resolve() };
  @Module({ imports: [PlatformModule.of(resources), CommandsModule, AppSurfaceModule.of(door)] })
  class HarnessModule {}
  const app = await NestFactory.create<NestFastifyApplication>(HarnessModule, createHttpAdapter(door, options.patience), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  setUpDocumentation(app);
  await app.listen(0, "127.0.0.1");
  const send = async (
    method: Route["method"] | "HEAD",
    url: string,
    payload?: string | object,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await app.inject({
      method,
      url,
      headers: payload === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const isJson = String(response.headers["content-type"]).startsWith("application/json") && response.body !== "";
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      json: isJson ? (JSON.parse(response.body) as unknown) : undefined,
    };
  };
  return {
    app,
    databaseUrl: fresh.url,
    natsUrl: server.url,
    firstTokenFile: env.firstTokenFile,
    database,
    send,
    sql: async (text, values = []) => (await database.query(unchecked(text, values))).rows,
    async call(name, input, headers) {
      const route: Route = routes[name];
      const { body } = input as { body?: object };
      const answer = await send(route.method, routeUrl("", name, input), body, headers);
      if (answer.status < 300 && route.mediaTypes === undefined) route.response.parse(answer.json);
      return answer;
    },
    errorOf(answer) {
      const error = (answer.json as Partial<ErrorBody> | undefined)?.error;
      if (!error) throw new Error(`no error in ${answer.status} ${answer.text.slice(0, 500)}`);
      return error;
    },
    async stop() {
      await app.close();
      await nats.close();
      await server.stop();
      await database.close();
      await fresh.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Names of parameters that do not apply to a trial, as the planner would note them. */
function inapplicableTo(spec: { experiment: string; space: unknown }): (parameters: Configuration) => string[] {
  const space = Space.parse(spec.space);
  const definition = findExperiment(spec.experiment);
  const inapplicable = definition && inapplicableIn(definition, space);
  return (parameters) =>
    inapplicable?.(applicable(space, Object.fromEntries(Object.entries(parameters).filter(([name]) => name in space)))) ?? [];
}

export interface SeededRun {
  state?: string;
  objective?: number | null;
  metrics?: Record<string, number | null> | null;
  attempt?: number;
  reason?: string | null;
  finishedAt?: string | null;
}

/** A sweep with exactly these trials and runs; runs default to succeeded with the objective as their only metric. */
export async function seedSweep(
  { sql }: Pick<Harness, "sql">,
  sweep: {
    id: string;
    name?: string;
    experiment?: string;
    state?: string;
    space?: object;
    tags?: string[];
    maximize?: boolean;
    createdAt?: string;
    trials?: { parameters: object; runs: SeededRun[] }[];
  },
): Promise<SweepId> {
  const trials = sweep.trials ?? [];
  const runs = trials.flatMap((trial, t) => trial.runs.map((run, s) => ({ t, s, state: "succeeded", ...run })));
  const count = (state: string): number => runs.filter((run) => run.state === state).length;
  const seeds = Array.from({ length: Math.max(1, ...trials.map((trial) => trial.runs.length)) }, (_, i) => 100 + i);
  const spec = {
    experiment: sweep.experiment ?? "loss-minimization",
    space: sweep.space ?? {},
    search: { algorithm: "grid", config: {}, seed: 0 },
    seeds: { count: seeds.length, first: 100 },
    pool: "default",
    priority: 0,
    retryLimit: 3,
    tags: sweep.tags ?? [],
    notes: "",
  };
  await sql(
    `INSERT INTO sweep (id, name, experiment, state, spec, objective_metric, minimize, pool, priority, tags, seeds, trials_planned,
       trials_created, search_state, pending, queued, running, succeeded, diverged, failed, cancelled, created_at)
     VALUES ($1, $2, $3, $4, $5, 'mae', $6, 'default', 0, $7, $8, $9::int::float8, $9::int, '{}', $10, $11, $12, $13, $14, $15, $16, coalesce($17::timestamptz, now()))`,
    [
      sweep.id,
      sweep.name ?? "seeded",
      spec.experiment,
      sweep.state ?? "running",
      JSON.stringify(spec),
      sweep.maximize !== true,
      spec.tags,
      seeds,
      trials.length,
      ...["pending", "queued", "running", "succeeded", "diverged", "failed", "cancelled"].map(count),
      sweep.createdAt ?? null,
    ],
  );
  const inapplicable = inapplicableTo(spec);
  for (const [index, trial] of trials.entries()) {
    await sql(
      `INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created, runs_finished, inapplicable)
       VALUES ($1, $2, $3, 'k', $4, $5, $6, $7)`,
      [
        sweep.id,
        index,
        JSON.stringify(trial.parameters),
        seeds.length,
        trial.runs.length,
        trial.runs.filter((run) => !["pending", "queued", "running"].includes(run.state ?? "succeeded")).length,
        inapplicable(trial.parameters as Configuration),
      ],
    );
  }
  for (const run of runs) {
    const metrics = run.metrics === undefined ? { mae: run.objective ?? null } : run.metrics;
    await sql(
      `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, state, attempt, pack_key, pack_id, trainer_id, objective, metrics, reason, finished_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'k', $8, $9, $10, $11, $12, $13)`,
      [
        `${sweep.id}-${run.t}-${run.s}`,
        sweep.id,
        run.t,
        run.s,
        seeds[run.s],
        run.state,
        run.attempt ?? 1,
        ["queued", "running"].includes(run.state) ? "00000000-0000-4000-8000-000000000001" : null,
        run.state === "running" ? "trainer-1" : null,
        run.objective ?? null,
        metrics === null ? null : JSON.stringify(metrics),
        run.reason ?? null,
        run.finishedAt ?? null,
      ],
    );
  }
  return sweep.id as SweepId;
}

/** Stores a series in chunks of `chunkPoints`. */
export async function seedSeries(
  { sql }: Pick<Harness, "sql">,
  run: string,
  series: { metric: string; steps: number[]; values: number[]; attempt?: number; chunkPoints?: number },
): Promise<void> {
  const size = series.chunkPoints ?? 7;
  for (let chunk = 0; chunk * size < series.steps.length; chunk += 1) {
    const steps = series.steps.slice(chunk * size, (chunk + 1) * size);
    await sql(
      `INSERT INTO metric_chunk (run_id, attempt, metric, chunk, first_step, steps, values) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [run, series.attempt ?? 1, series.metric, chunk, steps[0], steps, series.values.slice(chunk * size, (chunk + 1) * size)],
    );
  }
}
