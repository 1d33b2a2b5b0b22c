// npm run test:prometheus …: what stands under infra/ against the programs it is for. Says what is missing, and ends with 3, where one is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Programs that a check needs, with how a Debian gets each. */
const checks = {
  prometheus: { promtool: "apt-get install prometheus", prometheus: "apt-get install prometheus" },
};

const [name, ...more] = process.argv.slice(2);
const programs = checks[name];
if (programs === undefined) {
  process.stderr.write(`"${name}": it must be one of ${Object.keys(checks).join(", ")}\n`);
  process.exit(2);
}
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
const missing = Object.entries(programs).filter(([program]) => !folders.some((folder) => existsSync(join(folder, program))));
if (missing.length > 0) {
  for (const [program, how] of missing) process.stderr.write(`missing: ${program} (${how})\n`);
  process.stderr.write(`Nothing was checked.\n`);
  process.exit(3);
}
const cwd = fileURLToPath(new URL("..", import.meta.url));
const run = (command, args) =>
  spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, PATH: folders.join(delimiter) } });
const prepared = run(process.execPath, ["tools/prepare.mjs"]);
if (prepared.status !== 0) process.exit(prepared.status ?? 1);
const { status } = run("npx", ["--no-install", "vitest", "run", "--project", "machines", `e2e/machines/${name}.e2e.ts`, ...more]);
process.exit(status ?? 1);
