import { call } from "@basin/client";
import { type Sweep, type SweepId, type SweepSpecInput } from "@basin/contracts";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface WarmStack {
  api: string;
  /** Address of the dashboard; nothing listens there without the option `web`. */
  web: string;
  databaseUrl: string;
  natsUrl: string;
  /** The data directory, where it is kept. */
  kept: string | null;
  /** Every process of the stack, with its resident memory in bytes. */
  processes(): Promise<StackProcess[]>;
  stop(): Promise<void>;
}

export interface StackProcess {
  pid: number;
  command: string;
  bytes: number;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

export interface WarmStackOptions {
  web?: boolean;
  env?: Record<string, string>;
  /** The data directory, which is then kept; default: an empty one that is removed. */
  keep?: string | null;
}

/** Starts `basin up` on free ports, and waits until a trainer is online. */
export async function startWarmStack(options: WarmStackOptions = {}): Promise<WarmStack> {
  const kept = options.keep ?? null;
  const directory = kept ?? (await mkdtemp(join(tmpdir(), "basin-bench-")));
  const [webPort, apiPort, postgresPort, natsPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  let output = "";
  const child = spawn(process.execPath, ["apps/cli/dist/basin.js", "up", ...(options.web === true ? [] : ["--no-web"])], {
    cwd: root,
    env: {
      ...process.env,
      BASIN_DATA_DIR: directory,
      BASIN_WEB_PORT: String(webPort),
      BASIN_API_PORT: String(apiPort),
      BASIN_POSTGRES_PORT: String(postgresPort),
      BASIN_NATS_PORT: String(natsPort),
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await stopChild(child);
    if (kept === null) await rm(directory, { recursive: true, force: true });
  };
  const api = `http://127.0.0.1:${apiPort}`;
  for (let waited = 0; ; waited += 200) {
    if (child.exitCode !== null || waited > 90_000) {
      await stop();
      throw new Error(`the stack did not start:\n${output}`);
    }
    const trainers = await call(api, "listTrainers", {}).catch(() => ({ items: [] }));
    if (trainers.items.some((trainer) => trainer.state === "online")) break;
    await sleep(200);
  }
  const password = (await readFile(join(directory, "postgres.password"), "utf8")).trim();
  const databaseUrl = `postgresql://basin:${password}@127.0.0.1:${postgresPort}/basin`;
  const credentials = encodeURIComponent(join(directory, "nats-keys", "api.creds"));
  const pid = child.pid ?? 0;
  const [web, natsUrl] = [`http://127.0.0.1:${webPort}`, `nats://127.0.0.1:${natsPort}?creds=${credentials}`];
  return { api, web, databaseUrl, natsUrl, kept, processes: () => processesBelow(pid), stop };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await Promise.race([ended, sleep(20_000).then(() => child.kill("SIGKILL"))]);
}

/** Waits until the sweep no longer runs. */
export async function waitForEnd(api: string, sweep: SweepId, everyMilliseconds = 100): Promise<Sweep> {
  for (;;) {
    const found = await call(api, "getSweep", { params: { sweep } });
    if (found.state !== "running") return found;
    await sleep(everyMilliseconds);
  }
}

/** Submits and waits for the end. Throws when a run did not succeed. Returns the sweep and the times of submission and end. */
export async function runSweep(
  api: string,
  body: SweepSpecInput,
): Promise<{ sweep: Sweep; submittedAt: number; endedAt: number }> {
  const submittedAt = Date.now();
  const { id } = await call(api, "createSweep", { body });
  const sweep = await waitForEnd(api, id);
  const { succeeded, planned } = sweep.counts;
  if (sweep.state !== "completed" || succeeded !== planned)
    throw new Error(`the sweep ended ${sweep.state} with ${succeeded} of ${planned} runs`);
  return { sweep, submittedAt, endedAt: Date.parse(sweep.finishedAt ?? "") };
}

async function processesBelow(pid: number): Promise<StackProcess[]> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,rss=,args="], { maxBuffer: 1 << 24 });
  const processes = stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match
      ? [{ pid: Number(match[1]), parent: Number(match[2]), bytes: Number(match[3]) * 1024, command: match[4] ?? "" }]
      : [];
  });
  const wanted = new Set([pid]);
  for (let size = 0; size !== wanted.size;) {
    size = wanted.size;
    for (const process of processes) if (wanted.has(process.parent)) wanted.add(process.pid);
  }
  return processes
    .filter((process) => wanted.has(process.pid))
    .map(({ pid: own, command, bytes }) => ({ pid: own, command, bytes }));
}
