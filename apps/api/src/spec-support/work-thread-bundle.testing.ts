import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
let bundled: Promise<URL> | null = null;

/** The program of work threads as it ships, bundled once for each process of the test runner, below node_modules so that npm packages are found. */
export function bundleWorkThread(): Promise<URL> {
  return (bundled ??= bundle());
}

async function bundle(): Promise<URL> {
  const cache = join(root, "node_modules/.cache/basin-api-specs");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "bundle-"));
  process.once("exit", () => rmSync(outdir, { recursive: true, force: true }));
  await promisify(execFile)(process.execPath, [join(root, "tools/bundle.mjs"), "api", outdir]);
  return pathToFileURL(join(outdir, "work-thread.js"));
}
