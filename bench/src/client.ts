import { call } from "@basin/client";
import { SweepId, messageOf } from "@basin/contracts";
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import pg from "pg";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { clientPeers, peerPython, preparePeers } from "./peer-environment";
import { atLeast, atMost, figure, type Check, type Measurement } from "./report";
import { seedFrames } from "./client-sweeps";
import { startWarmStack } from "./warm-stack";

const source = fileURLToPath(new URL("../../clients/python/src", import.meta.url));
const workers = 4;

/** What must hold. */
const limits = [
  { name: "dataFrameSeconds", want: "<= 10" },
  { name: "pointsSeconds", want: "<= 5" },
  { name: "logMicroseconds", want: "<= 50" },
  { name: "httpRunsPerSecond", want: ">= 200" },
];

const Frames = z.object({
  runs: z.number(),
  metrics: z.number(),
  finite: z.number(),
  frameSeconds: z.number(),
  points: z.number(),
  pointsSeconds: z.number(),
  logMicroseconds: z.number(),
});
const PeerRuns = z.object({ runs: z.number(), runsPerSecond: z.number(), frameSeconds: z.number() });

/** Runs one of the scripts to its end; the JSON on its last line. */
async function script(name: string, given: readonly string[]): Promise<unknown> {
  const child = python(name, given);
  let text = "";
  let trouble = "";
  child.stdout?.on("data", (piece: Buffer) => (text += piece.toString()));
  child.stderr?.on("data", (piece: Buffer) => (trouble = (trouble + piece.toString()).slice(-4000)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}:\n${trouble}`);
  return JSON.parse(text.trim().split("\n").at(-1) ?? "null");
}

function python(name: string, given: readonly string[]): ChildProcess {
  return spawn(peerPython(clientPeers), [clientPeers.script(name), ...given], {
    env: { ...process.env, PYTHONPATH: source, MLFLOW_DISABLE_TELEMETRY: "true", DO_NOT_TRACK: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * The Python client against its peers, in one run on one machine: 100,000 runs with 10 final metrics, and 1,000,000 metric points, as pandas data frames; what
 * `run.log` takes; short runs through four workers over HTTP. Optuna (Postgres storage) and MLflow (its own server, on the same Postgres) make fewer runs of the same kind, since they
 * take longer: their rates are per run.
 */
export async function client({ quick }: { quick: boolean }): Promise<Measurement> {
  const trouble = await preparePeers(clientPeers, { install: !quick });
  if (trouble !== null)
    return {
      figures: {},
      checks: limits.map(({ name, want }) => ({ name, want, got: null, met: null, reason: trouble })),
      rows: [],
      backend: "none",
    };
  const stack = await startWarmStack();
  try {
    const rows: Record<string, unknown>[] = [];
    const seeded = await seedFrames(
      stack.api,
      stack.databaseUrl,
      quick ? { runs: 10_000, points: 100_000 } : { runs: 100_000, points: 1_000_000 },
    );
    const samples = [];
    for (let round = 0; round < (quick ? 1 : 3); round++)
      samples.push(Frames.parse(await script("frames.py", [stack.api, seeded.runsSweep, seeded.pointsSweep])));
    const rates: number[] = [];
    const short = quick ? 200 : 1000;
    for (let round = 0; round < (quick ? 1 : 3); round++) rates.push(await httpRuns(stack.api, short));
    const [first] = samples;
    const complete = first?.runs === seeded.runs && first.finite === seeded.runs * 10 && first.points === seeded.points;
    const optuna = await peer(() => optunaRuns(stack.databaseUrl, quick ? 100 : 1000));
    const mlflow = await peer(() => mlflowRuns(stack.databaseUrl, quick ? 40 : 400));
    const figures = {
      dataFrameSeconds: figure(
        samples.map((one) => one.frameSeconds),
        "s",
      ),
      pointsSeconds: figure(
        samples.map((one) => one.pointsSeconds),
        "s",
      ),
      logMicroseconds: figure(
        samples.map((one) => one.logMicroseconds),
        "µs",
      ),
      httpRunsPerSecond: figure(rates, "runs/s"),
      ...(optuna.runs ? { optunaRunsPerSecond: figure([optuna.runs.runsPerSecond], "runs/s") } : {}),
      ...(mlflow.runs ? { mlflowRunsPerSecond: figure([mlflow.runs.runsPerSecond], "runs/s") } : {}),
    };
    for (const [name, { runs }] of Object.entries({ optuna, mlflow }))
      if (runs) rows.push({ peer: name, runs: runs.runs, frameSecondsPerThousandRuns: (1000 * runs.frameSeconds) / runs.runs });
    rows.push({
      peer: "basin",
      runs: seeded.runs,
      frameSecondsPerThousandRuns: (1000 * (figures.dataFrameSeconds.value ?? NaN)) / seeded.runs,
    });
    const beats = (name: string, other: Peer): Check =>
      other.runs
        ? atLeast(name, (figures.httpRunsPerSecond.value ?? NaN) / other.runs.runsPerSecond, 1)
        : { name, want: ">= 1", got: null, met: null, reason: other.trouble };
    return {
      figures,
      checks: [
        atMost("dataFrameSeconds", figures.dataFrameSeconds.value, 10),
        atMost("pointsSeconds", figures.pointsSeconds.value, 5),
        atMost("logMicroseconds", figures.logMicroseconds.value, 50),
        atLeast("httpRunsPerSecond", figures.httpRunsPerSecond.value, 200),
        { name: "every run and every point is there", want: "all", got: complete ? 1 : 0, met: complete },
        beats("httpRunsOverOptuna", optuna),
        beats("httpRunsOverMlflow", mlflow),
      ],
      rows,
      backend: "none",
    };
  } finally {
    await stack.stop();
  }
}

type Peer = { runs: z.infer<typeof PeerRuns>; trouble: "" } | { runs: null; trouble: string };

async function peer(measure: () => Promise<z.infer<typeof PeerRuns>>): Promise<Peer> {
  try {
    return { runs: await measure(), trouble: "" };
  } catch (error) {
    return { runs: null, trouble: messageOf(error).slice(0, 1000) };
  }
}

/** Runs per second from submit to the end of a sweep, of workers that wait for it. */
async function httpRuns(api: string, runs: number): Promise<number> {
  const children = Array.from({ length: workers }, () => python("noop_experiment.py", ["work", api]));
  try {
    await Promise.all(children.map((child) => new Promise((resolve) => child.stdout?.once("data", resolve))));
    await sleep(2000);
    const submit = python("noop_experiment.py", ["submit", api, String(runs)]);
    let id = "";
    submit.stdout?.on("data", (piece: Buffer) => (id += piece.toString()));
    await new Promise((resolve) => submit.once("close", resolve));
    const sweep = SweepId.parse(id.trim());
    for (;;) {
      const { state, createdAt, finishedAt } = await call(api, "getSweep", { params: { sweep } });
      if (state === "completed" && finishedAt !== null) return runs / ((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000);
      await sleep(50);
    }
  } finally {
    for (const child of children) child.kill("SIGTERM");
    for (const child of children) if (child.exitCode === null) await new Promise((resolve) => child.once("close", resolve));
  }
}

/** A database of a peer's own on the stack's server. */
async function ownDatabase(databaseUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href.replace(/^postgres(ql)?:/, "postgresql+psycopg2:");
}

async function optunaRuns(databaseUrl: string, trials: number): Promise<z.infer<typeof PeerRuns>> {
  return PeerRuns.parse(await script("optuna_runs.py", [await ownDatabase(databaseUrl, "optuna_peer"), String(trials)]));
}

async function mlflowRuns(databaseUrl: string, runs: number): Promise<z.infer<typeof PeerRuns>> {
  const store = await ownDatabase(databaseUrl, "mlflow_peer");
  const port = await freePort();
  const parameters = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--backend-store-uri", store];
  const server = spawn(peerPython(clientPeers), parameters, {
    env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", DO_NOT_TRACK: "true" },
    stdio: "ignore",
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    for (let tries = 0; tries < 240; tries++) {
      const up = await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (up) break;
      await sleep(500);
    }
    return PeerRuns.parse(await script("mlflow_runs.py", [url, String(runs)]));
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, "SIGTERM");
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
