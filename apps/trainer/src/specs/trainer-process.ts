import { BuildId } from "@basin/contracts";
import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

export interface Bundle {
  main: string;
  build: BuildId;
  remove(): void;
}

/** Bundles the trainer as it ships, in a directory of its own below node_modules, so that npm packages are found. */
export async function bundleTrainer(): Promise<Bundle> {
  const cache = join(root, "node_modules/.cache/basin-trainer-specs");
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "bundle-"));
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "tools/bundle.mjs"), "trainer", outdir]);
  return {
    main: join(outdir, "main.js"),
    build: BuildId.parse(stdout.trim()),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

export interface TrainerProcess {
  child: ChildProcess;
  directory: string;
  /** Lines of its log, parsed. */
  log: Record<string, unknown>[];
  port(): number | undefined;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<number | NodeJS.Signals>;
}

/** Whether the kernel can be told how large a file of a process may become: a write beyond fails with EFBIG, as on a full disk with ENOSPC. */
export const canLimitFiles = spawnSync("prlimit", ["--version"]).status === 0;

/** From now on its files may be as large as they like. */
export function liftFileLimit({ child }: TrainerProcess): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:unlimited"]);
  if (status !== 0) throw new Error(`the limit could not be lifted: ${stderr.toString()}`);
}

function commandOf(bundle: Bundle, largestFileBytes: number | undefined): [string, string[]] {
  if (largestFileBytes === undefined) return [process.execPath, [bundle.main]];
  return ["prlimit", [`--fsize=${largestFileBytes}:unlimited`, process.execPath, bundle.main]];
}

/** Starts a trainer; it is killed at the end of the test if it still lives. */
export function startTrainer(
  bundle: Bundle,
  natsUrl: string,
  options: { directory?: string; slots?: number; slotMiB?: number; extensions?: string; largestFileBytes?: number } = {},
): TrainerProcess {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "basin-trainer-"));
  const child = spawn(...commandOf(bundle, options.largestFileBytes), {
    env: {
      ...process.env,
      NATS_URL: natsUrl,
      BASIN_TRAINER_DIR: directory,
      BASIN_TRAINER_NAME: "spec",
      BASIN_SLOTS: String(options.slots ?? 1),
      BASIN_SLOT_MIB: options.slotMiB === undefined ? "" : String(options.slotMiB),
      BASIN_EXTENSIONS: options.extensions ?? "",
      BASIN_TRAINER_PORT: "0",
      BASIN_LOG_LEVEL: "debug",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: Record<string, unknown>[] = [];
  let rest = "";
  child.stdout.on("data", (piece: Buffer) => {
    const lines = (rest + piece.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line) as Record<string, unknown>);
  });
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? signal ?? 0));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  });
  return {
    child,
    directory,
    log,
    port: () => log.find((line) => typeof line["port"] === "number")?.["port"] as number | undefined,
    kill: (signal) => void child.kill(signal),
    exited,
  };
}
