import { Report } from "@basin/contracts";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { benchmarks } from "./benchmarks";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** Exit code and what was printed. */
function run(name: string, file: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, name, "--quick", "--json", file], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (output += piece.toString()));
    child.once("error", reject);
    child.once("exit", (code) => resolve({ code, output }));
  });
}

test.each(Object.keys(benchmarks))("%s --quick ends with a report", async (name) => {
  const folder = mkdtempSync(join(tmpdir(), "basin-bench-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "report.json");
  const { code, output } = await run(name, file);
  expect(code, output).toBe(0);
  const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(report.report).toBe(`bench.${name}`);
  expect(report.checks.length + Object.keys(report.figures).length).toBeGreaterThan(0);
  for (const figure of Object.values(report.figures)) expect(figure.samples, JSON.stringify(figure)).toBeGreaterThan(0);
  for (const check of report.checks) {
    if (check.met === null) expect(check.reason, check.name).toMatch(/\w/);
    else expect(check.got, check.name).not.toBeNull();
  }
});
