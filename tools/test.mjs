// The one test command: everything from lint to a real browser. Stops at the first stage that fails.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const environment = { ...process.env, NX_DAEMON: "false", NX_TUI: "false", CI: process.env.CI ?? "true" };

function stage(title, command, args) {
  const started = Date.now();
  process.stdout.write(`\n▶ ${title}: ${command} ${args.join(" ")}\n`);
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (error) process.stdout.write(`${error.message}\n`);
  if (status !== 0) {
    process.stdout.write(`\n✘ ${title} failed (exit ${status ?? "by signal"})\n`);
    process.exit(status ?? 1);
  }
  process.stdout.write(`✔ ${title} in ${Math.round((Date.now() - started) / 1000)} s\n`);
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
stage("typecheck", process.execPath, ["tools/typecheck.mjs"]);
stage("lint", ...npx("oxlint"));
stage("layers", ...npx("eslint", "."));
stage("circles", process.execPath, ["tools/circles.mjs"]);
stage("dead exports", ...npx("knip"));
stage("format", ...npx("prettier", "--check", "--log-level=warn", "."));
stage("tests", ...npx("vitest", "run", "--project", "unit", "--project", "int", "--project", "e2e"));
