import { hasPostgres, openDataDirectory, readLock, runningPostgresUrl, startPostgres } from "@basin/stack";
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CommandFailed, exitCodes } from "../exit";
import { Output } from "../output";
import { readSettings, type Settings } from "../settings";
import { byteSize } from "../terminal/number-format";
import { LiveArea } from "../terminal/live-area";

interface Told {
  table?: string;
  rows?: number;
  bytes?: number;
  done?: boolean;
  fault?: string;
  sweep?: string | null;
  madeAt?: string;
}

/**
 * Works on the ledger that DATABASE_URL names, else on that of the data directory: beside its running stack, or with its database started for
 * the time. `make`: a data directory without a ledger gets an empty one.
 */
async function withLedger<T>(command: string, make: boolean, work: (url: string, settings: Settings) => Promise<T>): Promise<T> {
  const settings = readSettings();
  if (settings.databaseUrl !== null) return work(settings.databaseUrl, settings);
  const { dataDirectory } = settings;
  const running = readLock(dataDirectory) === null ? null : runningPostgresUrl(dataDirectory);
  if (running !== null) return work(running, settings);
  if (!make && !hasPostgres(dataDirectory))
    throw new CommandFailed(
      exitCodes.badInput,
      `${dataDirectory} holds no ledger; name another with BASIN_DATA_DIR or DATABASE_URL`,
    );
  const directory = openDataDirectory(dataDirectory, command);
  try {
    const server = await startPostgres({ directory: directory.path, port: settings.postgresPort });
    try {
      return await work(server.url, settings);
    } finally {
      await server.stop();
    }
  } finally {
    directory.release();
  }
}

/** Runs the control plane's own program for the ledger, and shows how far it is. */
async function ledgerProgram(url: string, { root }: Settings, args: readonly string[]): Promise<Told> {
  const program = join(root, "apps", "api", "dist", "ledger.js");
  if (!existsSync(program))
    throw new CommandFailed(exitCodes.unavailable, "apps/api/dist/ledger.js is missing: build first with `npm run build`");
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["inherit", "inherit", "pipe"],
    env: { ...process.env, NODE_ENV: "production", DATABASE_URL: url },
  });
  const area = new LiveArea(process.stderr);
  let last: Told = {};
  let rows = 0;
  let bytes = 0;
  const noise: string[] = [];
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (line) => {
    if (!line.startsWith("{")) return void noise.push(line);
    last = JSON.parse(line) as Told;
    rows += last.table === undefined ? 0 : (last.rows ?? 0);
    bytes += last.table === undefined ? 0 : (last.bytes ?? 0);
    area.draw([`  ${last.table ?? ""}  ${rows} rows, ${byteSize(bytes)}`]);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  area.end({ clear: true });
  if (code === 0 && last.done === true) return last;
  const message = last.fault ?? (noise.join("\n") || `it ended with ${code ?? "a signal"}`);
  throw new CommandFailed(code === 2 ? exitCodes.badInput : exitCodes.unavailable, message);
}

const counted = ({ rows = 0, bytes = 0 }: Told): string => `${rows} rows, ${byteSize(bytes)} of contents`;

export async function backup(file: string, flags: { sweep?: string; json?: boolean }): Promise<void> {
  // The file itself may be standard output.
  const output = new Output(flags.json === true || file === "-");
  const what = flags.sweep === undefined ? [] : ["--sweep", flags.sweep];
  const told = await withLedger("basin backup", false, (url, settings) =>
    ledgerProgram(url, settings, ["backup", file, ...what]),
  );
  const size = file === "-" ? null : statSync(file).size;
  const lines = [`${told.sweep == null ? "the ledger" : `sweep ${told.sweep}`} as of ${told.madeAt ?? ""}: ${counted(told)}`];
  if (size !== null) lines.push(`${file}  ${byteSize(size)}`);
  if (file === "-") for (const line of lines) output.say(line);
  else
    output.result(
      { file, sweep: told.sweep ?? null, madeAt: told.madeAt, rows: told.rows, bytes: told.bytes, size },
      () => lines,
    );
}

export async function restore(file: string, flags: { json?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const told = await withLedger("basin restore", true, (url, settings) => ledgerProgram(url, settings, ["restore", file]));
  output.result({ restored: file, madeAt: told.madeAt, rows: told.rows, bytes: told.bytes }, () => [
    `restored as of ${told.madeAt ?? ""}: ${counted(told)}`,
    "Runs that trained then go on from their checkpoints once trainers are there.",
  ]);
}

export async function importFile(file: string, flags: { json?: boolean }): Promise<void> {
  const output = new Output(flags.json ?? false);
  const told = await withLedger("basin import", false, (url, settings) => ledgerProgram(url, settings, ["import", file]));
  output.result({ imported: told.sweep, madeAt: told.madeAt, rows: told.rows, bytes: told.bytes }, () => [
    `sweep ${told.sweep ?? ""} as of ${told.madeAt ?? ""} is in this ledger now: ${counted(told)}`,
  ]);
}
