import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Configuration, ParameterValue } from "@basin/contracts";

/** What a command is told of the run that it trains. */
export interface CommandRun {
  run: string;
  sweep: string;
  attempt: number;
  seed: number;
  parameters: Configuration;
}

/** What is started, and where. */
export interface CommandOptions {
  command: readonly string[];
  slot: number;
  /** A folder of the run's own. */
  folder: string;
  /** Ids for CUDA_VISIBLE_DEVICES; null: as it is. */
  gpu: string | null;
  timeoutSeconds: number | null;
  /** Hears every line of stdout and of the file of metrics; false: it was no measurement and belongs into the log. */
  onLine: (line: string) => boolean;
  onLog: (text: string) => void;
}

export interface CommandEnd {
  code: number | null;
  signal: string | null;
  timedOut: boolean;
}

const text = (value: ParameterValue): string => (typeof value === "object" ? JSON.stringify(value) : String(value));
/** `learningRate` as shells have it: LEARNING_RATE. */
const shout = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();

/**
 * The command line of a run. `{learningRate}` and `{seed}` in it stand for values; where nothing does, `--learningRate 0.1 … --seed 3` is put
 * behind it.
 */
export function argumentsOf(command: readonly string[], { parameters, seed }: Pick<CommandRun, "parameters" | "seed">): string[] {
  const values = { ...parameters, seed };
  const known = Object.keys(values);
  const named = command.some((part) => known.some((name) => part.includes(`{${name}}`)));
  if (named)
    return command.map((part) =>
      part.replaceAll(/\{([a-zA-Z0-9]+)\}/g, (all, name: string) => (name in values ? text(values[name as never]) : all)),
    );
  return [...command, ...Object.entries(values).flatMap(([name, value]) => [`--${name}`, text(value)])];
}

/** What of the environment a run's command finds. */
export function environmentOf(
  run: CommandRun,
  { folder, slot, gpu }: Pick<CommandOptions, "folder" | "slot" | "gpu">,
): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(run.parameters).map(([name, value]) => [`BASIN_PARAM_${shout(name)}`, text(value)])),
    BASIN_PARAMETERS: JSON.stringify(run.parameters),
    BASIN_SEED: String(run.seed),
    BASIN_RUN: run.run,
    BASIN_SWEEP: run.sweep,
    BASIN_ATTEMPT: String(run.attempt),
    BASIN_SLOT: String(slot),
    BASIN_FOLDER: folder,
    BASIN_METRICS_FILE: join(folder, "metrics.jsonl"),
    BASIN_CHECKPOINT_FILE: join(folder, "checkpoint"),
    ...(gpu === null ? {} : { CUDA_VISIBLE_DEVICES: gpu }),
  };
}

/** How often the file of metrics is looked into. */
const lookMilliseconds = 200;
/** A command that was asked to end has so long before it is killed. */
const graceMilliseconds = 20_000;

/** A command that runs: its own process group, so that what it started ends with it. */
export class RunningCommand {
  readonly ended: Promise<CommandEnd>;
  readonly #child: ChildProcess;
  readonly #options: CommandOptions;
  readonly #metricsFile: string;
  #at = 0;
  #rest = "";
  #timedOut = false;
  #killTimer: NodeJS.Timeout | null = null;

  constructor(run: CommandRun, options: CommandOptions) {
    this.#options = options;
    const [program = "", ...given] = argumentsOf(options.command, run);
    const told = environmentOf(run, options);
    this.#metricsFile = told["BASIN_METRICS_FILE"] ?? "";
    this.#child = spawn(program, given, { env: { ...process.env, ...told }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.ended = this.#follow();
  }

  /** Asks it to end (SIGTERM), and ends it after a while. */
  stop(): void {
    if (this.#killTimer) return;
    this.#signal("SIGTERM");
    this.#killTimer = setTimeout(() => this.#signal("SIGKILL"), graceMilliseconds).unref();
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      this.#child.kill(signal);
    }
  }

  async #follow(): Promise<CommandEnd> {
    const { onLine, onLog, timeoutSeconds } = this.#options;
    const child = this.#child;
    const lines: Promise<void>[] = [];
    const read = (stream: NodeJS.ReadableStream | null, heard: (line: string) => void): void => {
      if (!stream) return;
      const reader = createInterface({ input: stream, crlfDelay: Infinity });
      reader.on("line", heard);
      lines.push(new Promise((resolve) => reader.once("close", resolve)));
    };
    read(child.stdout, (line) => {
      if (!onLine(line)) onLog(`${line}\n`);
    });
    read(child.stderr, (line) => onLog(`${line}\n`));
    const timer =
      timeoutSeconds === null
        ? null
        : setTimeout(() => {
            this.#timedOut = true;
            this.stop();
          }, timeoutSeconds * 1000);
    const look = setInterval(() => this.#readMetricsFile(), lookMilliseconds);
    try {
      const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        child.once("error", (error) => {
          onLog(`${error.message}\n`);
          resolve({ code: 127, signal: null });
        });
        child.once("exit", (code, signal) => resolve({ code, signal }));
      });
      // What it left running goes with it.
      this.#signalGroup();
      await Promise.race([Promise.all(lines), new Promise((resolve) => setTimeout(resolve, 2000))]);
      this.#readMetricsFile();
      if (this.#rest.trim() !== "" && !onLine(this.#rest)) onLog(`${this.#rest}\n`);
      return { code, signal, timedOut: this.#timedOut };
    } finally {
      if (timer) clearTimeout(timer);
      if (this.#killTimer) clearTimeout(this.#killTimer);
      clearInterval(look);
    }
  }

  #signalGroup(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Nothing of it is left.
    }
  }

  #readMetricsFile(): void {
    if (!existsSync(this.#metricsFile)) return;
    const { size } = statSync(this.#metricsFile);
    if (size <= this.#at) return;
    const file = openSync(this.#metricsFile, "r");
    try {
      const content = Buffer.alloc(size - this.#at);
      this.#at += readSync(file, content, 0, content.length, this.#at);
      const lines = (this.#rest + content.toString("utf8")).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "" && !this.#options.onLine(line)) this.#options.onLog(`${line}\n`);
    } finally {
      closeSync(file);
    }
  }
}

/** Commit and dirtiness of the folder, where it is a checkout of git. */
export function gitState(folder: string): { gitCommit?: string; gitDirty?: boolean } {
  const git = (...given: string[]): string =>
    execFileSync("git", ["-C", folder, ...given], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return { gitCommit: git("rev-parse", "HEAD"), gitDirty: git("status", "--porcelain", "--untracked-files=no") !== "" };
  } catch {
    return {};
  }
}
