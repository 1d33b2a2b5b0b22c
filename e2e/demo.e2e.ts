import { Report } from "@basin/contracts";
import { freePorts, workspaceRoot } from "@basin/stack";
import { eventually } from "@basin/testing";
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** `basin demo` as the README's first command runs it, in a data directory and on ports of its own. */
describe("the demo", () => {
  let directory: string;
  let env: Record<string, string>;
  let child: ChildProcess | null = null;
  let said = "";

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "basin-demo-"));
    chmodSync(directory, 0o755);
    const [web = 0, api = 0, postgres = 0, nats = 0] = await freePorts(4);
    env = {
      BASIN_DATA_DIR: directory,
      BASIN_WEB_PORT: String(web),
      BASIN_API_PORT: String(api),
      BASIN_POSTGRES_PORT: String(postgres),
      BASIN_NATS_PORT: String(nats),
      BASIN_BACKEND: "wasm",
      BASIN_URL: "",
    };
    said = "";
  });

  afterEach(() => {
    if (child !== null && child.exitCode === null) child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  function start(...flags: string[]): Promise<number | null> {
    const started = spawn(process.execPath, [join(workspaceRoot(), "apps/cli/dist/basin.js"), "demo", "--quick", ...flags], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    return new Promise((resolve) => started.once("close", resolve));
  }

  it("stays up with a page that opens, ends well on Ctrl-C, and says what it found", async () => {
    const ended = start();
    await eventually(() => said.includes("Ctrl-C stops it"), { timeoutSeconds: 120, what: `the demo is done: ${said}` });
    const url = /See it in the dashboard: (\S+)/.exec(said)?.[1] ?? "";
    expect((await fetch(url)).status).toBe(200);
    child?.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(said).not.toContain("✗");
    expect(said).toMatch(/Initializations that learn XOR .*: no hidden layer 0 of 8/);
  });

  it("with --json it writes the report, stops everything and ends with 0", async () => {
    const file = join(directory, "report.json");
    expect(await start("--json", file), said).toBe(0);
    const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
    expect(report.figures.runsCommitted?.value).toBe(72);
    expect(report.figures.runsExpected?.value).toBe(72);
    expect(report.rows).toHaveLength(9);
    expect(report.checks.filter(({ met }) => met !== true)).toEqual([]);
    await expect(fetch(`http://127.0.0.1:${env.BASIN_API_PORT ?? ""}/health`)).rejects.toThrow();
  });
});
