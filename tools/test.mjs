// The one test command: everything from lint to a real browser. Stops at the first stage that fails.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const environment = { ...process.env, NX_DAEMON: "false", NX_TUI: "false", CI: process.env.CI ?? "true" };

const seconds = (since) => Math.round((Date.now() - since) / 1000);

function fail(title, status) {
  process.stdout.write(`\n✘ ${title} failed (exit ${status ?? "by signal"})\n`);
  process.exit(status ?? 1);
}

function stage(title, command, args) {
  const started = Date.now();
  process.stdout.write(`\n▶ ${title}: ${command} ${args.join(" ")}\n`);
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (error) process.stdout.write(`${error.message}\n`);
  if (status !== 0) fail(title, status);
  process.stdout.write(`✔ ${title} in ${seconds(started)} s\n`);
}

/** Stages that use one core each, so that some of them run beside each other; what one says is shown when it is over. */
async function together(lanes) {
  const running = new Set();
  const run = async ([title, command, args]) => {
    const started = Date.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: environment });
    running.add(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    const status = await new Promise((resolve) => {
      child.once("close", resolve);
      child.once("error", ({ message }) => {
        said += `${message}\n`;
        resolve(1);
      });
    });
    running.delete(child);
    process.stdout.write(`\n▶ ${title}: ${command} ${args.join(" ")}\n${said}`);
    if (status !== 0) {
      for (const other of running) other.kill();
      fail(title, status);
    }
    process.stdout.write(`✔ ${title} in ${seconds(started)} s\n`);
  };
  const alongLane = async (stages) => {
    for (const one of stages) await run(one);
  };
  await Promise.all(lanes.map(alongLane));
}

function ensureBrowser() {
  const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env.BASIN_CHROMIUM ?? ""];
  if (browsers.some((path) => path !== "" && existsSync(path))) return;
  if (process.platform === "linux" && existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    stage("install Chromium", "sh", [
      "-c",
      "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null",
    ]);
    return;
  }
  process.stdout.write(
    "The browser tests need Chromium: install it (Debian: apt install chromium) or set BASIN_CHROMIUM to its path.\n",
  );
  process.exit(1);
}

const npx = (...args) => ["npx", ["--no-install", ...args]];
ensureBrowser();
stage("build", process.execPath, ["tools/prepare.mjs"]);
// The types of every file as well, from the programs that its rules need anyhow.
stage("lint and types", ...npx("oxlint", "--type-check"));
await together([
  [
    ["format", ...npx("prettier", "--check", "--log-level=warn", ".")],
    ["circles", process.execPath, ["tools/circles.mjs"]],
  ],
  [
    ["layers", ...npx("eslint", ".")],
    ["dead exports", ...npx("knip")],
  ],
]);
stage("tests", ...npx("vitest", "run", "--project", "unit", "--project", "int", "--project", "e2e"));
