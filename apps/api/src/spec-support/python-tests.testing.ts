import "reflect-metadata";
import { freshDatabase, freshNats } from "@basin/testing";
import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startApplication } from "../application";
import { migrateAt } from "../http/http-harness.testing";
import { readEnv } from "../platform/env";
import { createLog } from "../platform/log";

const folder = fileURLToPath(new URL("../../../../clients/python/tests", import.meta.url));

/** Why the client cannot be tried; null: it can. */
export function missingPython(): string | null {
  try {
    const version = execFileSync("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], {
      encoding: "utf8",
    }).trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return major > 3 || (major === 3 && minor >= 10) ? null : `python3 is ${version}; the client needs 3.10`;
  } catch {
    return "there is no python3";
  }
}

/** Runs tests of the client against a Basin of its own; what they wrote. */
export async function pythonTests(
  tests: readonly string[],
  settings: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const [database, nats] = await Promise.all([freshDatabase({ migrate: migrateAt }), freshNats()]);
  const running = await startApplication(
    readEnv({ DATABASE_URL: database.url, NATS_URL: nats.url, BASIN_API_PORT: "0", BASIN_LOG_LEVEL: "silent", ...settings }),
    createLog("silent"),
  );
  try {
    const child = spawn("python3", ["-W", "ignore::ResourceWarning", "-m", "unittest", ...tests], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: "../src", PYTHONDONTWRITEBYTECODE: "1", BASIN_TEST_URL: running.url },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (text += piece.toString()));
    const code = await new Promise<number>((resolve) => child.once("exit", (status) => resolve(status ?? 1)));
    return { code, text };
  } finally {
    await running.stop();
  }
}
