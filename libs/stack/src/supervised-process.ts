import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isSameProcess, type ProcessIdentity } from "./process-identity";
import { RotatingLog } from "./rotating-log";

export interface ProcessPlan {
  /** Shown to people and used in file names, e.g. "api-1". */
  name: string;
  command: string;
  args: readonly string[];
  /** Added to this process' environment; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  user?: { uid: number; gid: number };
  /** Opens an IPC channel, for node children with `orphanGuard`. */
  channel?: boolean;
  logFile: string;
  /** Holds the child's identity while it lives, so that a later supervisor can end what an earlier one left behind. */
  pidFile: string;
  /** Asked until it is true; then the process counts as ready. */
  ready: () => Promise<boolean>;
  readyTimeoutSeconds: number;
  /** Default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Sent when the stop signal did not end the process in time; default SIGKILL. */
  killSignal?: NodeJS.Signals;
  stopTimeoutSeconds: number;
  /** Start again after a crash, waiting 0.2 s and doubling up to 10 s while it keeps crashing. Default true. */
  restart?: boolean;
}

export interface StartOptions {
  signal?: AbortSignal | undefined;
  before?: (() => Promise<void>) | undefined;
}

export type SupervisionEvent =
  | { type: "ready"; pid: number; restarts: number }
  | { type: "exited"; code: number | null; signal: NodeJS.Signals | null; restartInSeconds: number | null };

/** The message of a line of JSON logging, other lines as they are. */
function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg ?? line, ...(err?.message === undefined ? [] : [err.message])].join(": ");
  } catch {
    return line;
  }
}

/** The process ended, or did not become ready, while it was being started; `lines` is the end of its output. */
export class ProcessFailed extends Error {
  constructor(
    readonly part: string,
    what: string,
    readonly lines: readonly string[],
    readonly logFile: string,
  ) {
    super([`${part} ${what}`, ...lines.map((line) => `  ${readable(line)}`), `  (all of it: ${logFile})`].join("\n"));
    this.name = "ProcessFailed";
  }
}

/** What is started in here makes files that its own account alone may read, unless it says otherwise. */
function privately<T>(start: () => T): T {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

/** One child process: started, watched, restarted when it crashes, stopped. */
export class SupervisedProcess {
  readonly log: RotatingLog;
  #child: ChildProcess | null = null;
  #wanted = false;
  #wasReady = false;
  #crashes = 0;
  #restarts = 0;
  #timer: NodeJS.Timeout | null = null;
  #exited: Promise<void> = Promise.resolve();

  constructor(
    readonly plan: ProcessPlan,
    private readonly notify: (event: SupervisionEvent) => void = () => undefined,
  ) {
    this.log = new RotatingLog(plan.logFile);
  }

  get name(): string {
    return this.plan.name;
  }

  /** Null between a crash and the restart. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Ends a predecessor that lost its supervisor, asks `before` (which may refuse, e.g. because the port is taken), starts the
   * process and waits until it is ready. Throws ProcessFailed; `signal` gives up and stops it.
   */
  async start({ signal, before }: StartOptions = {}): Promise<void> {
    await this.#endPredecessor();
    await before?.();
    signal?.throwIfAborted();
    const giveUp = (): void => void this.stop();
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#wanted = true;
    this.#spawn();
    try {
      await this.#becomeReady();
    } catch (error) {
      await this.stop();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** For tests and operators: sends a signal; a process that dies of it is restarted. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Stops for good: the stop signal, then the kill signal once the time is over. */
  async stop(): Promise<void> {
    this.#wanted = false;
    if (this.#timer) clearTimeout(this.#timer);
    const child = this.#child;
    if (child) {
      child.kill(this.plan.stopSignal ?? "SIGTERM");
      const timer = setTimeout(() => child.kill(this.plan.killSignal ?? "SIGKILL"), this.plan.stopTimeoutSeconds * 1000);
      const lastResort = setTimeout(() => child.kill("SIGKILL"), this.plan.stopTimeoutSeconds * 1000 + 3000);
      await this.#exited;
      clearTimeout(timer);
      clearTimeout(lastResort);
    }
    rmSync(this.plan.pidFile, { force: true });
  }

  #spawn(): void {
    const { plan } = this;
    // A variable that is undefined is left out by spawn.
    const env: NodeJS.ProcessEnv = { ...process.env, ...plan.env };
    const child = privately(() =>
      spawn(plan.command, [...plan.args], {
        env,
        stdio: plan.channel ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
        // A group of its own: Ctrl-C in the terminal reaches the supervisor only, which then stops its parts in order.
        detached: process.platform !== "win32",
        ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
        ...(plan.user ?? {}),
      }),
    );
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.log.write(text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.log.write(text));
    this.#exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.log.write(`${error.message}\n`);
        if (child.pid === undefined) this.#ended(child, null, null, resolve);
      });
      child.once("exit", (code, signal) => this.#ended(child, code, signal, resolve));
    });
    if (child.pid !== undefined) {
      mkdirSync(dirname(plan.pidFile), { recursive: true, mode: 0o700 });
      const identity = identityOf(child.pid);
      if (identity) writeFileSync(plan.pidFile, JSON.stringify(identity));
    }
  }

  #ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null, resolve: () => void): void {
    if (this.#child !== child) return;
    this.#child = null;
    resolve();
    // Before it was ready once, `start` is still waiting and throws.
    if (!this.#wanted || !this.#wasReady) return;
    const again = this.plan.restart ?? true;
    const delay = Math.min(10, 0.2 * 2 ** this.#crashes);
    this.notify({ type: "exited", code, signal, restartInSeconds: again ? delay : null });
    if (!again) return;
    this.#crashes++;
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.#spawn();
      this.#becomeReady().catch(() => this.#child?.kill("SIGKILL"));
    }, delay * 1000);
  }

  async #becomeReady(): Promise<void> {
    const child = this.#child;
    const deadline = performance.now() + this.plan.readyTimeoutSeconds * 1000;
    for (;;) {
      if (child === null || this.#child !== child) throw this.#failure("ended while it started");
      if (await this.plan.ready()) break;
      if (performance.now() > deadline) throw this.#failure(`was not ready after ${this.plan.readyTimeoutSeconds} s`);
      await sleep(50);
    }
    // Another program could have answered in the child's place: the child must be alive as well.
    if (child.pid === undefined || this.#child !== child) throw this.#failure("ended while it started");
    this.#wasReady = true;
    this.notify({ type: "ready", pid: child.pid, restarts: this.#restarts });
    setTimeout(() => {
      if (this.#child === child) this.#crashes = 0;
    }, 30_000).unref();
  }

  #failure(what: string): ProcessFailed {
    return new ProcessFailed(this.plan.name, what, this.log.lastLines(15), this.plan.logFile);
  }

  async #endPredecessor(): Promise<void> {
    let recorded: ProcessIdentity;
    try {
      recorded = JSON.parse(readFileSync(this.plan.pidFile, "utf8")) as ProcessIdentity;
    } catch {
      return;
    }
    const alive = (): boolean => isSameProcess(recorded);
    const signals = [this.plan.stopSignal ?? "SIGTERM", this.plan.killSignal ?? "SIGKILL", "SIGKILL"] as const;
    for (const signal of signals) {
      if (!alive()) break;
      process.kill(recorded.pid, signal);
      const deadline = performance.now() + this.plan.stopTimeoutSeconds * 1000;
      while (alive() && performance.now() < deadline) await sleep(50);
    }
    rmSync(this.plan.pidFile, { force: true });
  }
}
