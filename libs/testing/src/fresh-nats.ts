import { PoolName, TrainerId } from "@basin/contracts";
import { credentialsFile, TrainerAuthority, parseNatsCredentials } from "@basin/messaging";
import { freePorts, makeNatsKeys, startNats, type NatsServer } from "@basin/stack";
import { createUser } from "@nats-io/jwt";
import { credsAuthenticator, type ConnectionOptions } from "@nats-io/transport-node";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";

export interface FreshNats {
  /** As the control plane. */
  url: string;
  /** As one trainer of a pool (default: `default`), which may do less. */
  trainerUrl(trainer: string, pool?: string): Promise<string>;
  /** As whoever may join as any trainer. */
  joinUrl: string;
  /** With what a token's credentials are, in one line. */
  urlOf(credentials: string): string;
  /** The folder of its keys. */
  keys: string;
  /** The directory of the JetStream store. */
  store: string;
  /** Ends the server the hard way; it comes back by itself with what its store holds. Resolves when it takes connections again. */
  restart(): Promise<void>;
  /** The same, and every stream, consumer and message is gone. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** For `connect`, which reads no credentials from a URL. */
export function natsOptions(url: string): ConnectionOptions {
  const { host, searchParams } = new URL(url);
  const creds = readFileSync(searchParams.get("creds") ?? "", "utf8");
  const { name } = parseNatsCredentials(creds);
  return { servers: host, authenticator: credsAuthenticator(Buffer.from(creds)), inboxPrefix: `_INBOX.${name}` };
}

/** The public half of a key as a trainer makes it for itself. */
export const aTrainerKey = (): string => createUser().getPublicKey();

/** Made once: it takes longer than starting a server. Whoever is connected still knows them when `stop` has removed a server's directory. */
let keysOfThisProcess: Promise<string> | null = null;
/** As it is now: a spec that has a folder of its own for temporary files removes it with what is in it. */
const temporary = tmpdir();
const folders: string[] = [];
process.once("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

async function newKeys(): Promise<string> {
  const folder = mkdtempSync(join(temporary, "basin-nats-keys-"));
  folders.push(folder);
  await makeNatsKeys(folder);
  return folder;
}

/**
 * A nats-server of its own (it starts in a few tens of milliseconds), so that no test sees another's streams; with `ownKeys` no credentials of another's count. Made inside a
 * test or a beforeEach hook it is stopped at the end; elsewhere the caller stops it.
 */
export async function freshNats({ ownKeys = false }: { ownKeys?: boolean } = {}): Promise<FreshNats> {
  const directory = mkdtempSync(join(tmpdir(), "basin-nats-"));
  const [port = 0] = await freePorts(1);
  const store = join(directory, "nats");
  const kept = await (ownKeys ? newKeys() : (keysOfThisProcess ??= newKeys()));
  const keys = join(directory, "nats-keys");
  cpSync(kept, keys, { recursive: true });
  let server: NatsServer = await startNats({ directory, port });
  const authority = await TrainerAuthority.open(kept);
  const urlOf = (credentials: string): string => {
    const parsed = parseNatsCredentials(credentials);
    const file = join(kept, `${basename(parsed.name)}.creds`);
    writeFileSync(file, credentialsFile(parsed), { mode: 0o600 });
    return `nats://127.0.0.1:${port}?creds=${encodeURIComponent(file)}`;
  };
  const again = async (between: () => void): Promise<void> => {
    server.process.signal("SIGKILL");
    await server.process.stop();
    between();
    mkdirSync(directory, { recursive: true });
    cpSync(kept, keys, { recursive: true });
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
    url: `nats://127.0.0.1:${port}?creds=${encodeURIComponent(join(kept, "api.creds"))}`,
    trainerUrl: async (trainer, pool = "default") => {
      const key = createUser();
      const jwt = await authority.trainer(TrainerId.parse(trainer), PoolName.parse(pool), key.getPublicKey());
      return urlOf(`${jwt}.${Buffer.from(key.getSeed()).toString("utf8")}`);
    },
    joinUrl: urlOf((await authority.newToken("join-local", null, null)).text),
    urlOf,
    keys: kept,
    store,
    restart: () => again(() => undefined),
    wipe: () => again(() => rmSync(store, { recursive: true, force: true })),
    stop,
  };
}
