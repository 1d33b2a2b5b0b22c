import { messageOf, secretVariables, withSecretFiles } from "@basin/contracts";
import { readLock, workspaceRoot } from "@basin/stack";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandFailed, exitCodes } from "./exit";

/** Where things are, from the environment. */
export interface Settings {
  root: string;
  dataDirectory: string;
  webPort: number;
  apiPort: number;
  postgresPort: number;
  natsPort: number;
  /** Where the embedded NATS listens. */
  natsHost: string;
  /** Where the API puts the first token when it asks for tokens (BASIN_AUTH=token). */
  firstTokenFile: string;
  /** Replace the embedded servers when set. */
  databaseUrl: string | null;
  natsUrl: string | null;
}

function port(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new CommandFailed(exitCodes.badInput, `${name}=${text} is not a port: it must be a whole number from 1 to 65535`);
  }
  return value;
}

const text = (name: string): string | null => (process.env[name] === "" ? null : (process.env[name] ?? null));

function readPlaces(): Pick<Settings, "root" | "dataDirectory" | "firstTokenFile"> {
  const root = workspaceRoot();
  const dataDirectory = resolve(root, text("BASIN_DATA_DIR") ?? ".basin");
  return {
    root,
    dataDirectory,
    firstTokenFile: resolve(root, text("BASIN_FIRST_TOKEN_FILE") ?? join(dataDirectory, "first-token")),
  };
}

/** From now on secrets that stand in files are as if they stood in the environment, also for processes that are started. */
export function readSecretFiles(): void {
  let read: Record<string, string | undefined>;
  try {
    read = withSecretFiles(process.env, (file) => readFileSync(file, "utf8"));
  } catch (error) {
    throw new CommandFailed(exitCodes.badInput, messageOf(error));
  }
  for (const name of secretVariables) {
    if (read[name] === process.env[name]) continue;
    process.env[name] = read[name];
    delete process.env[`${name}_FILE`];
  }
}

export function readSettings(): Settings {
  return {
    ...readPlaces(),
    webPort: port("BASIN_WEB_PORT", 4000),
    apiPort: port("BASIN_API_PORT", 4001),
    postgresPort: port("BASIN_POSTGRES_PORT", 54_329),
    natsPort: port("BASIN_NATS_PORT", 42_229),
    natsHost: text("BASIN_NATS_HOST") ?? "127.0.0.1",
    databaseUrl: text("DATABASE_URL"),
    natsUrl: text("NATS_URL"),
  };
}

/** The API that client commands talk to: BASIN_URL, else the running stack of the data directory, else the default port. */
export function apiOrigin(): string {
  const given = text("BASIN_URL");
  if (given !== null) {
    if (!URL.canParse(given))
      throw new CommandFailed(exitCodes.badInput, `BASIN_URL=${given} is not a URL; e.g. http://127.0.0.1:4001`);
    return new URL(given).origin;
  }
  const settings = readSettings();
  return readLock(settings.dataDirectory)?.urls?.api ?? `http://127.0.0.1:${settings.apiPort}`;
}

/** How to use the first token of this machine's stack, which its API has put into a file; null where there is none. */
export function firstTokenHint(): string | null {
  const { firstTokenFile } = readPlaces();
  return existsSync(firstTokenFile) ? `the first token is in ${firstTokenFile}: BASIN_TOKEN=$(cat ${firstTokenFile})` : null;
}

/** Where a person sees a sweep, when the stack of this data directory serves the dashboard. */
export function dashboardOrigin(): string | null {
  return readLock(readSettings().dataDirectory)?.urls?.web ?? null;
}
