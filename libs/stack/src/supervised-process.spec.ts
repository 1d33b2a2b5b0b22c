import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { orphanGuard } from "./orphan-guard";
import { identityOf } from "./process-identity";
import { freePorts, waitForPort } from "./ports";
import { ProcessFailed, SupervisedProcess, type ProcessPlan, type SupervisionEvent } from "./supervised-process";

let directory: string;
const started: SupervisedProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "basin-stack-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  rmSync(directory, { recursive: true, force: true });
});

function plan(source: string, changes: Partial<ProcessPlan> = {}): ProcessPlan {
  return {
    name: "part",
    command: process.execPath,
    args: ["-e", source],
    logFile: join(directory, "part.log"),
    pidFile: join(directory, "part.json"),
    ready: () => Promise.resolve(true),
    readyTimeoutSeconds: 5,
    stopTimeoutSeconds: 0.5,
    ...changes,
  };
}

function supervise(given: ProcessPlan): { part: SupervisedProcess; events: SupervisionEvent[] } {
  const events: SupervisionEvent[] = [];
  const part = new SupervisedProcess(given, (event) => events.push(event));
  started.push(part);
  return { part, events };
}

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("not within 5 s");
    await sleep(10);
  }
};

test("a process that crashes is started again, and a stopped one is not", async () => {
  const { part, events } = supervise(plan("setInterval(() => {}, 1000)"));
  await part.start();
  const first = part.pid;
  part.signal("SIGKILL");
  await until(() => events.some((event) => event.type === "ready" && event.restarts === 1));
  expect(part.pid).not.toBe(first);
  expect(events).toContainEqual({ type: "exited", code: null, signal: "SIGKILL", restartInSeconds: 0.2 });
  await part.stop();
  expect(part.pid).toBeNull();
  expect(events.filter((event) => event.type === "exited")).toHaveLength(1);
});

test("a process that ends while it starts is an error with the end of its output", async () => {
  const { part, events } = supervise(
    plan("console.error('no such luck'); process.exit(3)", { ready: () => Promise.resolve(false) }),
  );
  await expect(part.start()).rejects.toThrow(/no such luck/);
  await expect(part.start()).rejects.toBeInstanceOf(ProcessFailed);
  expect(events).toEqual([]);
});

test("a process that ignores the stop signal is killed", async () => {
  const { part } = supervise(
    plan("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)", {
      ready: () => Promise.resolve(readLog().includes("deaf")),
    }),
  );
  const readLog = (): string => {
    try {
      return readFileSync(join(directory, "part.log"), "utf8");
    } catch {
      return "";
    }
  };
  await part.start();
  const began = performance.now();
  await part.stop();
  expect(performance.now() - began).toBeGreaterThan(450);
  expect(part.pid).toBeNull();
});

test("what an earlier supervisor left behind is ended first; a stranger with a reused pid is left alone", async () => {
  const leftover = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const ended = new Promise((resolve) => leftover.once("exit", (_, signal) => resolve(signal)));
  writeFileSync(join(directory, "part.json"), JSON.stringify(identityOf(leftover.pid ?? 0)));
  const { part } = supervise(plan("setInterval(() => {}, 1000)"));
  await part.start();
  expect(await ended).toBe("SIGTERM");

  writeFileSync(join(directory, "part.json"), JSON.stringify({ pid: process.pid, started: "long ago" }));
  const { part: second } = supervise(plan("setInterval(() => {}, 1000)"));
  await second.start();
  expect(second.pid).not.toBeNull();
});

test("a guarded child ends itself when its supervisor is killed", async () => {
  const [port = 0] = await freePorts(1);
  const child = `require("net").createServer().listen(${port}, "127.0.0.1")`;
  const parent = `
    const { spawn } = require("child_process");
    const child = spawn(process.execPath, [...${JSON.stringify(orphanGuard)}, "-e", ${JSON.stringify(child)}], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const supervisor = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) =>
    supervisor.stdout.once("data", (data: Buffer) => resolve(Number(data.toString()))),
  );
  await waitForPort(port, { timeoutSeconds: 5 });
  expect(identityOf(pid)).not.toBeNull();
  supervisor.kill("SIGKILL");
  await until(() => identityOf(pid) === null);
});
