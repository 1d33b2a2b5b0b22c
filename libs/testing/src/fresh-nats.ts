import { freePorts, startNats, type NatsServer } from "@basin/stack";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface FreshNats {
  /** As the control plane. */
  url: string;
  /** As a trainer, which may do less. */
  trainerUrl: string;
  /** The directory of the JetStream store. */
  store: string;
  /** Ends the server the hard way; it comes back by itself with what its store holds. Resolves when it takes connections again. */
  restart(): Promise<void>;
  /** The same, and every stream, consumer and message is gone. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** For `connect`, which reads no user and password from a URL. */
export function natsOptions(url: string): { servers: string; user: string; pass: string } {
  const { host, username, password } = new URL(url);
  return { servers: host, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

/**
 * A nats-server of its own (it starts in a few tens of milliseconds), so that no test sees another's streams. Made inside a
 * test or a beforeEach hook it is stopped at the end; elsewhere the caller stops it.
 */
export async function freshNats(): Promise<FreshNats> {
  const directory = mkdtempSync(join(tmpdir(), "basin-nats-"));
  const [port = 0] = await freePorts(1);
  const store = join(directory, "nats");
  let server: NatsServer = await startNats({ directory, port });
  const passwords = { api: new URL(server.url).password, trainer: new URL(server.trainerUrl).password };
  const again = async (between: () => void): Promise<void> => {
    server.process.signal("SIGKILL");
    await server.process.stop();
    between();
    // `stop` removes the directory; whoever is connected still knows these.
    mkdirSync(directory, { recursive: true });
    for (const [user, password] of Object.entries(passwords)) {
      writeFileSync(join(directory, `nats-${user}.password`), password, { mode: 0o600 });
    }
    server = await startNats({ directory, port });
  };
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    onTestFinished(stop);
  } catch {
    // Outside of a test (beforeAll): the caller stops it.
  }
  return {
    url: server.url,
    trainerUrl: server.trainerUrl,
    store,
    restart: () => again(() => undefined),
    wipe: () => again(() => rmSync(store, { recursive: true, force: true })),
    stop,
  };
}
