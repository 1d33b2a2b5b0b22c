// Makes sure that the workspace is built before a command runs. Costs milliseconds when nothing changed since the last time.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, ".nx", "prepared.json");
const logFile = join(root, ".nx", "prepare.log");
const outputs = [
  "apps/api/dist/main.js",
  "apps/api/dist/work-thread.js",
  "apps/trainer/dist/main.js",
  "apps/trainer/dist/pack-worker.js",
  "apps/cli/dist/basin.js",
  "apps/web/.next/BUILD_ID",
  "apps/web/dist/main.js",
  "bench/dist/main.js",
  "libs/database/src/generated/client.ts",
];
const skipped = new Set(["node_modules", "dist", ".next", "generated", "coverage"]);

/** Path, size and time of every file that a build reads. */
function fingerprint() {
  const hash = createHash("sha256").update(process.version);
  const visit = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) visit(below);
      } else if (entry.isFile() && !/\.(spec|e2e)\.tsx?$/.test(entry.name) && entry.name !== "next-env.d.ts") {
        const { size, mtimeMs } = statSync(join(root, below));
        hash.update(`${below} ${size} ${mtimeMs}\n`);
      }
    }
  };
  for (const folder of ["apps", "libs", "bench", "tools", "prisma"]) if (existsSync(join(root, folder))) visit(folder);
  for (const file of ["package-lock.json", "package.json", "nx.json", "tsconfig.base.json"]) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

function lastStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8")).fingerprint;
  } catch {
    return null;
  }
}

function build() {
  const tty = process.stderr.isTTY;
  const started = Date.now();
  let done = 0;
  let current = "";
  const show = (end = "") => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (tty)
      process.stderr.write(`\r\u001b[KBuilding Basin … ${seconds} s, ${done} parts done${current ? ` (${current})` : ""}${end}`);
  };
  if (!tty) process.stderr.write("Building Basin (a minute or two the first time, then cached) …\n");
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        join(root, "node_modules", "nx", "dist", "bin", "nx.js"),
        "run-many",
        "-t",
        "build",
        "--outputStyle=stream",
        "--parallel=2",
      ],
      {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, NX_DAEMON: "false", NX_TUI: "false", FORCE_COLOR: "0", NEXT_TELEMETRY_DISABLED: "1" },
      },
    );
    let output = "";
    const read = (text) => {
      output += text;
      for (const [, part] of text.matchAll(/> nx run (\S+)/g)) {
        done += current === "" ? 0 : 1;
        current = part;
      }
      show();
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    const timer = setInterval(show, 1000);
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => child.kill(signal));
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(timer);
      if (tty) process.stderr.write("\r\u001b[K");
      mkdirSync(dirname(logFile), { recursive: true });
      writeFileSync(logFile, output);
      if (code === 0) {
        process.stderr.write(`Built in ${Math.round((Date.now() - started) / 1000)} s\n`);
        resolve(true);
        return;
      }
      process.stderr.write(`${output.trimEnd()}\n\nThe build failed (exit ${code ?? "by signal"}); its log is in ${logFile}\n`);
      resolve(false);
    });
  });
}

const now = fingerprint();
const missing = outputs.filter((file) => !existsSync(join(root, file)));
if (missing.length > 0 || lastStamp() !== now) {
  if (!(await build())) process.exit(1);
  const still = outputs.filter((file) => !existsSync(join(root, file)));
  if (still.length > 0) {
    process.stderr.write(`The build ended without making ${still.join(", ")}. Try: npx nx reset, then npm run build\n`);
    process.exit(1);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  // Taken before the build: a file that changed meanwhile is built again the next time.
  writeFileSync(stampFile, JSON.stringify({ fingerprint: now }));
}
