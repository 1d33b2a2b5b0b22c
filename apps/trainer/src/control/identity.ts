import type { PoolName, TrainerId } from "@basin/contracts";
import {
  connectNats,
  credentialsFile,
  loginOf,
  NatsRefusedError,
  parseNatsCredentials,
  request,
  type NatsCredentials,
  type NatsLogin,
  type NatsTls,
} from "@basin/messaging";
import { createUser, fromSeed } from "@nats-io/jwt";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";

export interface IdentityOptions {
  natsUrl: string;
  login: NatsLogin | null;
  tls: NatsTls | null;
  /** Where `nats.creds` is kept: this trainer's key, and what the control plane signed for it. */
  directory: string;
  /** Of this directory. */
  id: TrainerId;
  pool: PoolName;
  log: Logger;
  signal: AbortSignal;
}

export interface Identity {
  id: TrainerId;
  login: NatsLogin | null;
  /** The pool that it may be in; null: any. */
  pool: PoolName | null;
}

/**
 * As whom this trainer connects. Credentials of a trainer are used as they are, and its id is theirs. By those of a token it joins: it makes a key,
 * which never leaves this machine, and asks the control plane to sign for it; what it got is kept and used again while pool and key are the same.
 * A user and password say nothing about who it is. Rejects when the server or the control plane refuses.
 */
export async function identify(options: IdentityOptions): Promise<Identity> {
  const { natsUrl, id, pool, directory } = options;
  const login = options.login ?? loginOf(new URL(natsUrl.includes("://") ? natsUrl : `nats://${natsUrl}`));
  if (login === null || "password" in login) return { id, login, pool: null };
  if (login.kind === "control-plane")
    throw new Error("these are the credentials of the control plane: a trainer needs its own, or a token");
  if (login.kind === "trainer") return { id: login.name as TrainerId, login, pool: login.pool };
  const file = join(directory, "nats.creds");
  const kept = existsSync(file) ? parseNatsCredentials(await readFile(file, "utf8")) : null;
  if (kept?.name === id && kept.pool === pool && (await isAccepted(kept, options))) return { id, login: kept, pool };
  const own = await joinBy(login, kept, options);
  await keep(file, own);
  return { id, login: own, pool };
}

/** Whether the server lets somebody in now. */
export async function isAccepted(
  login: NatsLogin | null,
  { natsUrl: url, tls, id, log, signal }: Omit<IdentityOptions, "login">,
): Promise<boolean> {
  try {
    await (await connectNats({ url, login, tls, name: `basin-trainer ${id}`, log, signal })).close();
    return true;
  } catch (error) {
    if (!(error instanceof NatsRefusedError)) throw error;
    log.warn({ reason: error.message }, "NATS does not let this trainer in");
    return false;
  }
}

async function joinBy(
  token: NatsCredentials,
  kept: NatsCredentials | null,
  { natsUrl: url, tls, id, pool, log, signal }: IdentityOptions,
): Promise<NatsCredentials> {
  const key = kept ? fromSeed(Buffer.from(kept.seed)) : createUser();
  const connection = await connectNats({ url, login: token, tls, name: `basin-trainer ${id} joins`, log, signal });
  try {
    const ask = { v: 1, trainer: id, pool, key: key.getPublicKey() } as const;
    const { jwt } = await request(connection, "join", ask, { timeoutSeconds: 24 * 3600, signal });
    log.info({ trainer: id, pool, token: token.name }, "joined");
    return parseNatsCredentials(`${jwt}.${Buffer.from(key.getSeed()).toString("utf8")}`);
  } finally {
    await connection.close();
  }
}

async function keep(file: string, credentials: NatsCredentials): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, credentialsFile(credentials), { mode: 0o600 });
  await rename(draft, file);
}
