import { freePorts, startNats, type Server } from "@basin/stack";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface FreshNats {
  url: string;
  /** The directory of the JetStream store. */
  store: string;
  /** Ends the server the hard way; it comes back by itself with what its store holds. Resolves when it takes connections again. */
  restart(): Promise<void>;
  /** The same, and every stream, consumer and message is gone. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A nats-server of its own (it starts in a few tens of milliseconds), so that no test sees another's streams. Made inside a
 * test or a beforeEach hook it is stopped at the end; elsewhere the caller stops it.
 */
export async function freshNats(): Promise<FreshNats> {
  const directory = mkdtempSync(join(tmpdir(), "basin-nats-"));
  const [port = 0] = await freePorts(1);
  const store = join(directory, "nats");
  let server: Server = await startNats({ directory, port });
  const again = async (between: () => void): Promise<void> => {
    server.process.signal("SIGKILL");
    await server.process.stop();
    between();
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
    store,
    restart: () => again(() => undefined),
    wipe: () => again(() => rmSync(store, { recursive: true, force: true })),
    stop,
  };
}
