import { freePorts, workspaceRoot } from "@basin/stack";
import { eventually } from "@basin/testing";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFailed } from "vitest";

export interface TestStackOptions {
  trainers?: number;
  apis?: number;
  web?: boolean;
  env?: Record<string, string>;
  /** Called with the data directory before anything starts. */
  beforeUp?: (directory: string) => void;
}

export interface CommandOutcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

type Event = { type: string; part?: string; at?: string; pid?: number | null; urls?: { api: string; web: string | null } };

/** `basin up` as a person runs it, in a data directory and on ports of its own. */
export class TestStack {
  readonly events: Event[] = [];
  readonly #pids = new Map<string, number>();
  readonly #addresses = new Map<string, string>();
  readonly #output: string[] = [];
  #process: ChildProcess | null = null;
  #urls: { api: string; web: string | null } | null = null;

  private constructor(
    readonly directory: string,
    readonly env: Record<string, string>,
    private readonly options: TestStackOptions,
  ) {}

  static async start(options: TestStackOptions = {}): Promise<TestStack> {
    const directory = mkdtempSync(join(tmpdir(), "basin-e2e-"));
    const [web = 0, api = 0, postgres = 0, nats = 0] = await freePorts(4);
    const env = {
      BASIN_DATA_DIR: directory,
      BASIN_WEB_PORT: String(web),
      BASIN_API_PORT: String(api),
      BASIN_POSTGRES_PORT: String(postgres),
      BASIN_NATS_PORT: String(nats),
      BASIN_URL: `http://127.0.0.1:${api}`,
      BASIN_BACKEND: "wasm",
      ...options.env,
    };
    const stack = new TestStack(directory, env, options);
    options.beforeUp?.(directory);
    await stack.up();
    return stack;
  }

  get api(): string {
    if (!this.#urls) throw new Error("the stack is not up");
    return this.#urls.api;
  }

  get web(): string {
    if (!this.#urls?.web) throw new Error("the stack has no dashboard");
    return this.#urls.web;
  }

  /** What a trainer beside it is told. */
  get trainerEnv(): Record<string, string> {
    const file = join(this.directory, "nats-keys", "trainers.token");
    return { NATS_URL: `nats://127.0.0.1:${this.env.BASIN_NATS_PORT ?? ""}`, NATS_TOKEN_FILE: file };
  }

  /** As the control plane, which may speak in everybody's name. */
  get natsUrl(): string {
    const file = join(this.directory, "nats-keys", "api.creds");
    return `nats://127.0.0.1:${this.env.BASIN_NATS_PORT ?? ""}?creds=${encodeURIComponent(file)}`;
  }

  get databaseUrl(): string {
    const password = readFileSync(join(this.directory, "postgres.password"), "utf8").trim();
    return `postgresql://basin:${password}@127.0.0.1:${this.env.BASIN_POSTGRES_PORT ?? ""}/basin`;
  }

  /** Starts (again, on the same data) and waits until everything is ready. */
  async up(changes: Pick<TestStackOptions, "trainers" | "apis" | "web"> = {}): Promise<void> {
    const { trainers = 1, apis = 1, web = false } = { ...this.options, ...changes };
    const args = ["up", "--json", "--trainers", String(trainers), "--apis", String(apis), ...(web ? [] : ["--no-web"])];
    const child = this.#spawn(args);
    this.#process = child;
    this.#urls = null;
    if (child.stdout) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        this.#output.push(line);
        // What went wrong is told in several lines.
        if (!line.startsWith('{"')) return;
        const event = JSON.parse(line) as Event;
        this.events.push(event);
        if (event.part !== undefined && typeof event.pid === "number") this.#pids.set(event.part, event.pid);
        if (event.part !== undefined && event.at !== undefined) this.#addresses.set(event.part, event.at);
        if (event.type === "up" && event.urls) this.#urls = event.urls;
      });
    }
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error("basin up ended");
        return this.#urls !== null;
      },
      { timeoutSeconds: 60, what: `the stack in ${this.directory} is up` },
    ).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}\n${this.report()}`);
    });
  }

  /** Runs another `basin` command against this stack. */
  basin(args: readonly string[], input = ""): Promise<CommandOutcome> {
    return this.basinWith({}, args, input);
  }

  async basinWith(env: Record<string, string>, args: readonly string[], input = ""): Promise<CommandOutcome> {
    const child = this.#spawn(args, "pipe", env);
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stdout, stderr };
  }

  pid(part: string): number {
    const pid = this.#pids.get(part);
    if (pid === undefined) throw new Error(`there is no part ${part}; there are ${[...this.#pids.keys()].join(", ")}`);
    return pid;
  }

  /** Where a part serves, e.g. the second API process. */
  at(part: string): string {
    const address = this.#addresses.get(part);
    if (address === undefined) throw new Error(`there is no part ${part}; there are ${[...this.#addresses.keys()].join(", ")}`);
    return address;
  }

  signal(part: string, signal: NodeJS.Signals): void {
    process.kill(this.pid(part), signal);
  }

  /** `kill -9`, and waits until the supervisor has the part back. */
  async killAndComeBack(
    part: string,
    signal: NodeJS.Signals = "SIGKILL",
    meanwhile: () => void = () => undefined,
  ): Promise<void> {
    const seen = this.events.length;
    this.signal(part, signal);
    meanwhile();
    await eventually(() => this.events.slice(seen).some((event) => event.type === "back" && event.part === part), {
      timeoutSeconds: 30,
      what: `${part} is back after ${signal}`,
    });
  }

  /** `kill -9` of `basin up` itself: its parts are on their own. */
  async killSupervisor(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const closed = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await closed;
  }

  /** Ctrl-C. Returns the exit code and how long it took. */
  async down(): Promise<{ code: number | null; seconds: number }> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return { code: child?.exitCode ?? null, seconds: 0 };
    const began = performance.now();
    const closed = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    const code = await closed;
    return { code, seconds: (performance.now() - began) / 1000 };
  }

  /** Stops it and removes its data. */
  async close(): Promise<void> {
    await this.down();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The end of every log, for the message of a failure. */
  report(): string {
    const logs = join(this.directory, "logs");
    const files = existsSync(logs) ? readdirSync(logs).filter((file) => file !== "nats.log") : [];
    const tails = files.map((file) => `--- ${file}\n${readFileSync(join(logs, file), "utf8").split("\n").slice(-15).join("\n")}`);
    return [`--- basin up`, ...this.#output.slice(-10), ...tails].join("\n");
  }

  /** Call inside a test: prints the logs when it fails. */
  reportOnFailure(): void {
    onTestFailed(() => console.error(this.report()));
  }

  #spawn(args: readonly string[], stdin: "ignore" | "pipe" = "ignore", env: Record<string, string> = {}): ChildProcess {
    return spawn(process.execPath, [join(workspaceRoot(), "apps", "cli", "dist", "basin.js"), ...args], {
      env: { ...process.env, NO_COLOR: "1", ...this.env, ...env },
      stdio: [stdin, "pipe", "pipe"],
    });
  }
}
