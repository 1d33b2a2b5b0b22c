import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { closeDirectory } from "./closed-directory";
import { postgresBinaries, type PostgresBinaries } from "./postgres-binaries";
import { postgresAnswers } from "./postgres-ping";
import type { Server } from "./server";
import { SupervisedProcess, type SupervisionEvent } from "./supervised-process";
import { runAs, unprivilegedAccount, type Account } from "./unprivileged";

export interface PostgresOptions {
  /** Holds `postgres/` (the cluster), `postgres.password`, `logs/` and `run/`. */
  directory: string;
  port: number;
  /** False drops the guarantees against a power cut, for tests only. Default true. */
  durable?: boolean;
  maxConnections?: number;
  notify?: (event: SupervisionEvent) => void;
  /** Gives up starting. */
  signal?: AbortSignal;
  /** Called when everything is prepared and no earlier server of this directory is left; may refuse by throwing. */
  beforeStart?: () => Promise<void>;
}

const user = "basin";
const database = "basin";

/** For a laptop: little memory, no helpers beyond the needed ones, every commit on disk before it is acknowledged. */
function settings(options: PostgresOptions): Record<string, string> {
  const durable = options.durable ?? true;
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: String(options.maxConnections ?? 60),
    shared_buffers: "64MB",
    work_mem: "8MB",
    maintenance_work_mem: "64MB",
    effective_cache_size: "512MB",
    // Without helper processes: each would cost memory, and a local disk answers fast enough.
    io_method: "sync",
    jit: "off",
    max_parallel_workers_per_gather: "0",
    max_worker_processes: "2",
    max_logical_replication_workers: "0",
    wal_level: "minimal",
    max_wal_senders: "0",
    wal_compression: "pglz",
    max_wal_size: "1GB",
    checkpoint_timeout: "15min",
    synchronous_commit: durable ? "on" : "off",
    fsync: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    log_checkpoints: "off",
    idle_in_transaction_session_timeout: "60s",
    tcp_keepalives_idle: "30",
    // A client that was killed must not hold its locks any longer than this.
    client_connection_check_interval: "2s",
  };
}

function runOnce(
  command: string,
  args: readonly string[],
  user: { uid: number; gid: number } | undefined,
  input?: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: "/",
      env: { ...process.env, LC_ALL: "C" },
      ...user,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${code}:\n${output.slice(-4000)}`));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
  });
}

/** Makes the cluster, its owner `basin` with a random password and its database `basin`. All or nothing. */
async function createCluster(
  data: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  account: Account | null,
): Promise<void> {
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const password = randomBytes(18).toString("base64url");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) {
    chownSync(draft, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  const folders = [dirname(binaries.postgres), dirname(draft)];
  const run = (binary: string, args: string[], input?: string): Promise<void> => {
    const invocation = runAs(account, folders, binary, args);
    return runOnce(invocation.command, invocation.args, invocation.user, input);
  };
  // The builtin locale provider needs nothing of the system and sorts the same everywhere.
  const locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"];
  const auth = ["--auth=scram-sha-256", `--username=${user}`, `--pwfile=${passwordFile}`];
  await run(binaries.initdb, [`--pgdata=${draft}`, ...locale, ...auth, "--no-sync", "--no-instructions"]);
  await run(binaries.postgres, ["--single", "-D", draft, "postgres"], `CREATE DATABASE ${database};\n`);
  renameSync(draft, data);
}

const urlAt = (password: string, port: number | string): string =>
  `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;

/** The server of a data directory whose stack runs; null where none does. */
export function runningPostgresUrl(directory: string): string | null {
  try {
    // Line 4 of the file that PostgreSQL keeps while it runs.
    const port = readFileSync(join(directory, "postgres", "postmaster.pid"), "utf8")
      .split("\n")[3]
      ?.trim();
    return port === undefined ? null : urlAt(readFileSync(join(directory, "postgres.password"), "utf8").trim(), port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whether a data directory holds a cluster. */
export const hasPostgres = (directory: string): boolean => existsSync(join(directory, "postgres", "PG_VERSION"));

/** Starts the Postgres that npm brought, on 127.0.0.1 only; makes its cluster first where there is none. */
export async function startPostgres(options: PostgresOptions): Promise<Server> {
  const binaries = postgresBinaries();
  const account = unprivilegedAccount();
  const data = join(options.directory, "postgres");
  const passwordFile = join(options.directory, "postgres.password");
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  closeDirectory(options.directory);
  if (!hasPostgres(options.directory)) {
    rmSync(data, { recursive: true, force: true });
    await createCluster(data, passwordFile, binaries, account);
  }
  const major = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (major !== "18") {
    throw new Error(
      `${data} was made by Postgres ${major}; this Basin brings 18. Back it up with the Basin that made it (basin backup FILE), move it away, and restore it with this one (basin restore FILE).`,
    );
  }
  const password = readFileSync(passwordFile, "utf8").trim();
  const flags = Object.entries(settings(options)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const folders = [dirname(binaries.postgres), options.directory];
  const process = new SupervisedProcess(
    {
      name: "postgres",
      ...runAs(account, folders, binaries.postgres, ["-D", data, "-p", String(options.port), ...flags]),
      cwd: "/",
      env: { LC_ALL: "C", TZ: undefined },
      logFile: join(options.directory, "logs", "postgres.log"),
      pidFile: join(options.directory, "run", "postgres.json"),
      ready: () => postgresAnswers(options.port),
      readyTimeoutSeconds: 60,
      // SIGINT ends every session and closes the cluster in order; SIGQUIT stops at once and recovers from the log at the next start.
      stopSignal: "SIGINT",
      killSignal: "SIGQUIT",
      stopTimeoutSeconds: 5,
    },
    options.notify,
  );
  await process.start({ signal: options.signal, before: options.beforeStart });
  return {
    url: urlAt(password, options.port),
    port: options.port,
    process,
    stop: () => process.stop(),
  };
}
