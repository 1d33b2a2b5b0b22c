import { Database, migrate } from "@basin/database";
import { connectNats, ensureStreams, type NatsConnection } from "@basin/messaging";
import type { Env } from "./env";
import type { Log } from "./log";

/** What must be there before the process can serve anything. */
export interface Resources {
  env: Env;
  log: Log;
  database: Database;
  nats: NatsConnection;
  /** The program of work threads. Default: the one that is bundled beside this file. */
  workThread?: () => Promise<URL>;
  /** Ends both connections. */
  close(): Promise<void>;
}

/** PostgreSQL and NATS may come up after us; who is not there by then is named in the error. */
const patienceSeconds = 30;

/** Connects to both, applies the migrations and creates the streams. Rejects with one message that says what is missing. */
export async function openResources(env: Env, log: Log): Promise<Resources> {
  const database = new Database({ url: env.databaseUrl, log });
  const giveUp = AbortSignal.timeout(patienceSeconds * 1000);
  const { natsUrl: url, natsLogin: login, natsTls: tls } = env;
  const connecting = connectNats({ url, login, tls, name: "basin-api", log, signal: giveUp }).catch((error: unknown) => {
    if (!giveUp.aborted) throw error;
    throw new Error(`NATS at ${env.natsUrl.replace(/\/\/.*@/, "//")} is not reachable after ${patienceSeconds} s`);
  });
  const preparing = database.whenReachable(patienceSeconds).then(async () => {
    const applied = await migrate(database);
    if (applied.length > 0) log.info({ migrations: applied }, "migrations applied");
  });
  try {
    const [nats] = await Promise.all([connecting, preparing]);
    await ensureStreams(nats, { log, timeoutSeconds: patienceSeconds });
    return {
      env,
      log,
      database,
      nats,
      async close() {
        await Promise.allSettled([nats.close(), database.close()]);
      },
    };
  } catch (error) {
    void connecting.then((nats) => nats.close()).catch(() => undefined);
    await Promise.allSettled([preparing, database.close()]);
    throw error;
  }
}
