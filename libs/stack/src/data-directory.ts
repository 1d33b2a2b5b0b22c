import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { closeDirectory } from "./closed-directory";
import { identityOf, isSameProcess, type ProcessIdentity } from "./process-identity";

/** What a running stack says about itself to others that come to the same data directory. */
export interface StackLock {
  holder: ProcessIdentity;
  command: string;
  startedAt: string;
  /** Null until the stack is up. */
  urls: { api: string; web: string | null } | null;
}

export class DataDirectoryInUse extends Error {
  constructor(
    readonly directory: string,
    readonly lock: StackLock,
  ) {
    super(
      `${directory} is in use by process ${lock.holder.pid} (${lock.command}, since ${lock.startedAt}). ` +
        `Use that stack${lock.urls?.web ? ` (${lock.urls.web})` : ""}, stop it first (kill ${lock.holder.pid}), ` +
        "or give this one a directory and ports of its own: BASIN_DATA_DIR, BASIN_WEB_PORT, BASIN_API_PORT, BASIN_POSTGRES_PORT, BASIN_NATS_PORT",
    );
    this.name = "DataDirectoryInUse";
  }
}

export interface DataDirectory {
  path: string;
  /** Publishes where the stack is reached. */
  announce(urls: { api: string; web: string | null }): void;
  release(): void;
}

const lockFile = (directory: string): string => join(directory, "lock.json");

/** The lock of a live holder; null when nobody holds the directory. */
export function readLock(directory: string): StackLock | null {
  try {
    const lock = JSON.parse(readFileSync(lockFile(directory), "utf8")) as StackLock;
    return isSameProcess(lock.holder) ? lock : null;
  } catch {
    return null;
  }
}

/** Makes the directory, for this account alone, and takes its lock; a lock whose holder died is taken over. Throws DataDirectoryInUse. */
export function openDataDirectory(directory: string, command: string): DataDirectory {
  const path = resolve(directory);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  closeDirectory(path);
  const holder = identityOf(process.pid) ?? { pid: process.pid, started: "" };
  const lock: StackLock = { holder, command, startedAt: new Date().toISOString(), urls: null };
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(lockFile(path), JSON.stringify(lock), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const other = readLock(path);
      if (other) throw new DataDirectoryInUse(path, other);
      if (tries === 3) throw new Error(`cannot take ${lockFile(path)}: it keeps coming back. Delete it if no stack runs.`);
      rmSync(lockFile(path), { force: true });
    }
  }
  return {
    path,
    announce: (urls) => writeFileSync(lockFile(path), JSON.stringify({ ...lock, urls })),
    release: () => rmSync(lockFile(path), { force: true }),
  };
}
