import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataDirectoryInUse, openDataDirectory, readLock } from "./data-directory";
import { assertPortFree, freePorts, PortTaken } from "./ports";
import { RotatingLog } from "./rotating-log";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "basin-stack-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a held directory is refused with the holder's pid; a released one is free", () => {
  const held = openDataDirectory(directory, "basin up");
  expect(() => openDataDirectory(directory, "basin demo")).toThrow(DataDirectoryInUse);
  expect(() => openDataDirectory(directory, "basin demo")).toThrow(new RegExp(`process ${process.pid} \\(basin up`));
  held.announce({ api: "http://127.0.0.1:4001", web: null });
  expect(readLock(directory)?.urls).toEqual({ api: "http://127.0.0.1:4001", web: null });
  held.release();
  expect(readLock(directory)).toBeNull();
  openDataDirectory(directory, "basin demo").release();
});

test("the lock of a holder that died is taken over, also when its pid lives on as another process", () => {
  const lock = { holder: { pid: process.pid, started: "long ago" }, command: "basin up", startedAt: "", urls: null };
  writeFileSync(join(directory, "lock.json"), JSON.stringify(lock));
  expect(readLock(directory)).toBeNull();
  const taken = openDataDirectory(directory, "basin demo");
  expect(readLock(directory)?.command).toBe("basin demo");
  taken.release();
});

test("a taken port is named with its role and the variable that moves it", async () => {
  const [port = 0] = await freePorts(1);
  const use = { port, role: "the dashboard", variable: "BASIN_WEB_PORT" };
  await assertPortFree(use);
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  await expect(assertPortFree(use)).rejects.toThrow(`port ${port}, wanted for the dashboard, is taken`);
  await expect(assertPortFree(use)).rejects.toThrow(`BASIN_WEB_PORT=${port + 1}`);
  await expect(assertPortFree(use)).rejects.toBeInstanceOf(PortTaken);
  await new Promise((resolve) => server.close(resolve));
});

test("a log rotates by size and remembers its last lines, whole ones", () => {
  const log = new RotatingLog(join(directory, "part.log"), { maxBytes: 100, lines: 3 });
  for (let i = 0; i < 30; i++) {
    log.write(`line ${i} `);
    log.write("ends\n");
  }
  expect(log.lastLines(2)).toEqual(["line 28 ends", "line 29 ends"]);
  expect(existsSync(join(directory, "part.log.1"))).toBe(true);
  expect(readFileSync(join(directory, "part.log"), "utf8").length).toBeLessThan(200);
});

const modeOf = (...path: string[]): string => (statSync(join(directory, ...path)).mode & 0o777).toString(8);
const asRoot = process.getuid?.() === 0;

test("no other account gets into the directory, also where an earlier version left it open", () => {
  const closed = asRoot ? "710" : "700";
  const path = join(directory, "new");
  openDataDirectory(path, "basin up").release();
  expect(modeOf("new")).toBe(closed);
  chmodSync(path, 0o755);
  mkdirSync(join(path, "logs"), { mode: 0o755 });
  writeFileSync(join(path, "nats.conf"), "", { mode: 0o644 });
  openDataDirectory(path, "basin up").release();
  expect([modeOf("new"), modeOf("new", "logs"), modeOf("new", "nats.conf")]).toEqual([closed, "700", "600"]);
});

test("a directory with somebody's other things in it keeps its rights", () => {
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, "thesis.tex"), "", { mode: 0o644 });
  openDataDirectory(directory, "basin up").release();
  expect([modeOf(), modeOf("thesis.tex")]).toEqual(["755", "644"]);
});

test("what a log says is for its own account", () => {
  const file = join(directory, "logs", "part.log");
  new RotatingLog(file).write("a secret\n");
  expect([modeOf("logs"), modeOf("logs", "part.log")]).toEqual(["700", "600"]);
  chmodSync(file, 0o644);
  new RotatingLog(file);
  expect(modeOf("logs", "part.log")).toBe("600");
});
