import {
  assertPortFree,
  freePorts,
  openDataDirectory,
  startNats,
  startPostgres,
  SupervisedProcess,
  type DataDirectory,
  type ProcessPlan,
  type SupervisionEvent,
} from "@basin/stack";
import type { Settings } from "../settings";
import { apiPlan, assertBuilt, trainerPlan, webPlan, type PartsContext } from "./node-parts";

export interface StackOptions {
  settings: Settings;
  trainers: number;
  apis: number;
  web: boolean;
  /** Named in the data directory's lock, e.g. "basin up". */
  command: string;
  notify: (event: StackEvent) => void;
  /** Gives up starting and stops what already runs. */
  signal: AbortSignal;
}

export type StackEvent =
  | { type: "starting"; part: string }
  | { type: "ready"; part: string; at: string; pid: number | null; seconds: number }
  | { type: "crashed"; part: string; cause: string; restartInSeconds: number | null }
  | { type: "back"; part: string; pid: number }
  | { type: "stopping" }
  | { type: "stopped" };

export interface StackUrls {
  api: string;
  web: string | null;
}

interface Part {
  name: string;
  stop(): Promise<void>;
}

/** The whole of Basin on this machine, each part in a process of its own. */
export class LocalStack {
  readonly urls: StackUrls;
  /** Groups in the order of starting; the members of a group start and stop together. */
  readonly #groups: Part[][] = [];
  readonly #giveUp = new AbortController();
  readonly #signal: AbortSignal;
  #stopping: Promise<void> | null = null;
  /** Of the embedded server; null: one that is not ours, where everybody comes as the environment says. */
  #natsKeys: string | null = null;

  private constructor(
    private readonly options: StackOptions,
    private readonly directory: DataDirectory,
  ) {
    const { settings } = options;
    this.#signal = AbortSignal.any([options.signal, this.#giveUp.signal]);
    this.urls = {
      api: `http://127.0.0.1:${settings.apiPort}`,
      web: options.web ? `http://127.0.0.1:${settings.webPort}` : null,
    };
  }

  /** Throws DataDirectoryInUse, PortTaken, ProcessFailed, NatsMissing; whatever had started is stopped by then. */
  static async start(options: StackOptions): Promise<LocalStack> {
    assertBuilt(options.settings.root, options);
    const directory = openDataDirectory(options.settings.dataDirectory, options.command);
    const stack = new LocalStack(options, directory);
    try {
      await stack.#start();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** Stops every part, the last started first. Safe to call again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { settings } = this.options;
    const [databaseUrl, natsUrl] = await this.#group([
      () => (settings.databaseUrl === null ? this.#postgres() : this.#external("postgres", settings.databaseUrl)),
      () => (settings.natsUrl === null ? this.#nats() : this.#external("nats", settings.natsUrl)),
    ]);
    const context: PartsContext = {
      root: settings.root,
      directory: this.directory.path,
      databaseUrl: databaseUrl ?? "",
      natsUrl: natsUrl ?? "",
      natsKeys: this.#natsKeys,
      apiPort: settings.apiPort,
      firstTokenFile: settings.firstTokenFile,
    };
    const extra = await freePorts(this.options.apis - 1 + this.options.trainers);
    await this.#group(
      Array.from({ length: this.options.apis }, (_, i) => {
        const port = i === 0 ? settings.apiPort : (extra.pop() ?? 0);
        const plan = apiPlan(context, this.options.apis === 1 ? "api" : `api-${i + 1}`, port);
        return () =>
          this.#node(plan, `http://127.0.0.1:${port}`, i === 0 ? { role: "the API", variable: "BASIN_API_PORT", port } : null);
      }),
    );
    const trainers = Array.from({ length: this.options.trainers }, (_, i) => {
      const port = extra.pop() ?? 0;
      const plan = trainerPlan(context, `trainer-${i + 1}`, port, this.options.trainers);
      return () => this.#node(plan, `metrics on http://127.0.0.1:${port}/metrics`, null);
    });
    const web = this.options.web ? [() => this.#web(context)] : [];
    await this.#group([...trainers, ...web]);
    this.directory.announce(this.urls);
  }

  /** Starts parts side by side; the first that fails makes the others give up. */
  async #group(starts: readonly (() => Promise<string>)[]): Promise<string[]> {
    this.#groups.push([]);
    const urls = starts.map((start) =>
      start().catch((error: unknown) => {
        this.#giveUp.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(urls);
    this.#signal.throwIfAborted();
    return Promise.all(urls);
  }

  async #timed(part: string, at: string, start: () => Promise<{ url: string; pid: number | null }>): Promise<string> {
    this.options.notify({ type: "starting", part });
    const began = performance.now();
    const { url, pid } = await start();
    this.options.notify({ type: "ready", part, at, pid, seconds: (performance.now() - began) / 1000 });
    return url;
  }

  #postgres(): Promise<string> {
    const port = this.options.settings.postgresPort;
    return this.#timed("postgres", `127.0.0.1:${port}`, async () => {
      const server = await startPostgres({
        directory: this.directory.path,
        port,
        notify: this.#watch("postgres"),
        signal: this.#signal,
        beforeStart: () => assertPortFree({ port, role: "the database", variable: "BASIN_POSTGRES_PORT" }),
      });
      this.#groups.at(-1)?.push({ name: "postgres", stop: () => server.stop() });
      return { url: server.url, pid: server.process.pid };
    });
  }

  #nats(): Promise<string> {
    const { natsPort: port, natsHost: host } = this.options.settings;
    return this.#timed("nats", `${host}:${port}`, async () => {
      const server = await startNats({
        directory: this.directory.path,
        port,
        host,
        notify: this.#watch("nats"),
        signal: this.#signal,
        beforeStart: () => assertPortFree({ port, host, role: "NATS", variable: "BASIN_NATS_PORT" }),
      });
      this.#groups.at(-1)?.push({ name: "nats", stop: () => server.stop() });
      this.#natsKeys = server.keys;
      return { url: server.url, pid: server.process.pid };
    });
  }

  #external(part: string, url: string): Promise<string> {
    const { host } = new URL(url);
    return this.#timed(part, `${host} (not ours)`, () => Promise.resolve({ url, pid: null }));
  }

  #web(context: PartsContext): Promise<string> {
    const port = this.options.settings.webPort;
    return this.#node(webPlan(context, port), `http://127.0.0.1:${port}`, {
      role: "the dashboard",
      variable: "BASIN_WEB_PORT",
      port,
    });
  }

  #node(plan: ProcessPlan, at: string, use: { role: string; variable: string; port: number } | null): Promise<string> {
    return this.#timed(plan.name, at, async () => {
      const process = new SupervisedProcess(plan, this.#watch(plan.name));
      this.#groups.at(-1)?.push({ name: plan.name, stop: () => process.stop() });
      await process.start({ signal: this.#signal, ...(use ? { before: () => assertPortFree(use) } : {}) });
      return { url: at, pid: process.pid };
    });
  }

  #watch(part: string): (event: SupervisionEvent) => void {
    return (event) => {
      if (event.type === "ready") {
        if (event.restarts > 0) this.options.notify({ type: "back", part, pid: event.pid });
        return;
      }
      const cause = event.signal ? `signal ${event.signal}` : `exit code ${event.code ?? "unknown"}`;
      this.options.notify({ type: "crashed", part, cause, restartInSeconds: event.restartInSeconds });
    };
  }

  async #stop(): Promise<void> {
    this.options.notify({ type: "stopping" });
    for (const group of [...this.#groups].reverse()) await Promise.all(group.map((part) => part.stop()));
    this.directory.release();
    this.options.notify({ type: "stopped" });
  }
}
