import { freePorts, identityOf, isSameProcess, startPostgres, type ProcessIdentity } from "@basin/stack";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    /** Where the servers of this test run keep their files. */
    serversDirectory: string;
  }
}

const prefix = "basin-int-";

/** Removes what earlier runs left: their owner is dead, and only the newest failure is worth keeping. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    try {
      const owner = JSON.parse(readFileSync(join(directory, "owner.json"), "utf8")) as ProcessIdentity;
      if (!isSameProcess(owner)) rmSync(directory, { recursive: true, force: true });
    } catch {
      // Being made this moment, or not ours: leave it.
    }
  }
}

/** One Postgres for all integration tests of this run; each has a database of its own, and a nats-server of its own where it needs one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const directory = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, "owner.json"), JSON.stringify(identityOf(process.pid)));
  const [postgresPort = 0] = await freePorts(1);
  const postgres = await startPostgres({ directory, port: postgresPort, durable: false, maxConnections: 200 });
  project.provide("postgresUrl", postgres.url);
  project.provide("serversDirectory", directory);
  return async () => {
    await postgres.stop();
    const kept = join(directory, "kept-databases");
    if (existsSync(kept)) {
      console.error(`databases of failed tests are kept until the next run (Postgres files in ${directory}/postgres):`);
      console.error(readFileSync(kept, "utf8").trimEnd());
    } else {
      rmSync(directory, { recursive: true, force: true });
    }
  };
}
