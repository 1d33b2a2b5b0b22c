import { controlPlaneName, retrying, subjects, type Patience, messageOf } from "@basin/contracts";
import {
  connect,
  createInbox,
  errors,
  jwtAuthenticator,
  type ConnectionOptions,
  type NatsConnection,
  type TlsOptions,
} from "@nats-io/transport-node";
import { setTimeout as sleep } from "node:timers/promises";
import { loginOf, type NatsLogin, type NatsTls } from "./login";
import { silentLog, type MessagingLog } from "./log";

export interface ConnectNatsOptions {
  /** `nats://[user:password@]host:port[?creds=file]`, or several separated by commas. */
  url: string;
  /** In the place of what the URL says; null: the URL's, or none. */
  login?: NatsLogin | null;
  tls?: NatsTls | null;
  /** Shown in the server's monitoring. */
  name: string;
  /** In subjects: a trainer's id. Default: what the credentials say, else that of the control plane. */
  as?: string;
  log?: MessagingLog;
  /** Called when a server that let us in does so no longer: at a reconnect, or because the user was revoked. */
  onRefused?: () => void;
  /** Gives up waiting for the first connection. */
  signal?: AbortSignal;
}

const reconnectMilliseconds = 250;
const firstConnectMaxMilliseconds = 2000;

/**
 * Connects and stays connected: waits for a server that is not up yet, and reconnects for ever afterwards. Logs changes of
 * state, not every attempt. Rejects only when `signal` is aborted, the address makes no sense, or the server refuses who we are
 * (NatsRefusedError); a server that refuses it later, at a reconnect, is asked again unless `onRefused` ends it.
 */
export async function connectNats(options: ConnectNatsOptions): Promise<NatsConnection> {
  const log = options.log ?? silentLog;
  const { settings, login, as } = settingsOf(options);
  let told = false;
  try {
    const connection = await retrying(
      () => {
        options.signal?.throwIfAborted();
        return connect(settings);
      },
      {
        ...patienceOf(Infinity, options.signal),
        first: reconnectMilliseconds,
        longest: firstConnectMaxMilliseconds,
        growth: 1.5,
        isFinal: (error) => isRefusal(error) || (options.signal?.aborted === true && error === options.signal.reason),
        beforePause: (error) => {
          if (!told) log.warn({ servers: settings.servers, reason: messageOf(error) }, "NATS is not reachable; waiting for it");
          told = true;
        },
      },
    );
    log.info({ server: connection.getServer() }, "connected to NATS");
    names.set(connection, as);
    void tellRefusals(connection, log, options.onRefused);
    linkOf(connection).onChange((connected) => {
      if (connected) log.info({ server: connection.getServer() }, "connected to NATS again");
      else if (!connection.isClosed()) log.warn({ server: connection.getServer() }, "lost the connection to NATS; reconnecting");
    });
    return connection;
  } catch (error) {
    throw isRefusal(error) ? new NatsRefusedError(settings.servers, login) : error;
  }
}

/** The server is there, and does not let us in. */
export class NatsRefusedError extends Error {
  override readonly name = "NatsRefusedError";
  constructor(servers: ConnectionOptions["servers"], login: NatsLogin | null) {
    super(`NATS at ${String(servers)} refused: ${refusalOf(login)}`);
  }
}

function refusalOf(login: NatsLogin | null): string {
  if (login === null) {
    return (
      "wrong user or password (as nobody: no user was given). Set NATS_TOKEN to what `basin trainer token` prints, or NATS_USER and " +
      "NATS_PASSWORD, or write NATS_URL=nats://user:password@host:4222"
    );
  }
  if ("password" in login) {
    return (
      `wrong user or password (as user "${login.user}"). ` +
      "Set NATS_USER and NATS_PASSWORD or NATS_PASSWORD_FILE, or write NATS_URL=nats://user:password@host:4222"
    );
  }
  const { kind, name, expires } = login;
  const who = kind === "join" ? `token "${name}"` : kind === "trainer" ? `trainer "${name}"` : "the control plane";
  const why =
    expires !== null && expires * 1000 < Date.now()
      ? `expired at ${new Date(expires * 1000).toISOString()}`
      : "revoked, or made for another server";
  return `the credentials of ${who} are ${why}. Make others with \`basin trainer token\``;
}

/** The server's words for a user that it does not know or no longer lets in; the client library knows some of them only as text. */
const isRefusal = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError ||
  error instanceof errors.UserAuthenticationExpiredError ||
  (error instanceof Error &&
    (/revoked|authentication (expired|revoked)|authorization violation/i.test(error.message) ||
      (error.cause !== undefined && isRefusal(error.cause))));

async function tellRefusals(
  connection: NatsConnection,
  log: MessagingLog,
  onRefused: () => void = () => undefined,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type !== "error") continue;
    const server = connection.getServer();
    if (isRefusal(status.error)) {
      log.error({ server, reason: messageOf(status.error) }, "NATS refused: wrong, expired or revoked credentials; trying again");
      onRefused();
    } else if (status.error instanceof errors.PermissionViolationError) {
      const { operation, subject } = status.error;
      log.error({ server, operation, subject }, "NATS refused: this user may not do that");
    }
  }
}

function settingsOf(options: ConnectNatsOptions): { settings: ConnectionOptions; login: NatsLogin | null; as: string } {
  const addresses = options.url.split(",").map((part) => {
    const text = part.trim();
    try {
      return new URL(text.includes("://") ? text : `nats://${text}`);
    } catch {
      throw new Error(`"${text}" is no NATS address; write it like nats://127.0.0.1:4222`);
    }
  });
  const [first] = addresses;
  const login = options.login ?? (first ? loginOf(first) : null);
  const as = options.as ?? (login && "jwt" in login ? login.name : controlPlaneName);
  const settings: ConnectionOptions = {
    servers: addresses.map((address) => address.host),
    name: options.name,
    ...authenticated(login),
    inboxPrefix: subjects.inbox(as),
    ...(first?.protocol === "tls:" || options.tls ? { tls: tlsOf(options.tls ?? null) } : {}),
    timeout: 5000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectMilliseconds,
    reconnectJitter: 100,
    ignoreAuthErrorAbort: true,
    // A server that hangs is noticed within 6 s instead of the client's default of four minutes.
    pingInterval: 2000,
    maxPingOut: 2,
    // A trace per request costs more than the request.
    noAsyncTraces: true,
  };
  return { settings, login, as };
}

function authenticated(login: NatsLogin | null): Pick<ConnectionOptions, "authenticator" | "user" | "pass"> {
  if (login === null) return {};
  if ("password" in login) return { user: login.user, pass: login.password };
  return { authenticator: jwtAuthenticator(login.jwt, Buffer.from(login.seed)) };
}

function tlsOf(tls: NatsTls | null): TlsOptions {
  if (!tls) return {};
  const { ca, cert, key } = tls;
  return { ...(ca !== null && { caFile: ca }), ...(cert !== null && { certFile: cert }), ...(key !== null && { keyFile: key }) };
}

const names = new WeakMap<NatsConnection, string>();

/** In subjects: a trainer's id, or that of the control plane. */
export function nameOf(connection: NatsConnection): string {
  return names.get(connection) ?? controlPlaneName;
}

/** A fresh subject that only this connection's user can listen to. */
export function inboxOf(connection: NatsConnection): string {
  return createInbox(subjects.inbox(nameOf(connection)));
}

/** The largest payload, in bytes, that the server accepts in one message. Splitting is the sender's part. */
export function maxPayloadBytes(connection: NatsConnection): number {
  return connection.info?.max_payload ?? 1024 * 1024;
}

/** Follows whether a connection is up. What is published while it is down is lost, so senders ask here first. */
export class Link {
  #connected: boolean;
  readonly #listeners = new Set<(connected: boolean) => void>();

  constructor(connection: NatsConnection) {
    this.#connected = !connection.isClosed();
    void this.#follow(connection);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Returns the function that ends it. */
  onChange(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves to true once connected, to false when `deadlineMilliseconds` passed or `signal` was aborted before. */
  whenConnected(deadlineMilliseconds: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#connected) return Promise.resolve(true);
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        stop();
        signal?.removeEventListener("abort", finish);
        resolve(this.#connected);
      };
      const timer = setTimeout(finish, Math.min(deadlineMilliseconds, 2 ** 31 - 1));
      const stop = this.onChange((connected) => connected && finish());
      signal?.addEventListener("abort", finish, { once: true });
    });
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect" || status.type === "close") this.#set(false);
      else if (status.type === "reconnect") this.#set(true);
    }
    this.#set(false);
  }

  #set(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    for (const listener of [...this.#listeners]) listener(connected);
  }
}

const links = new WeakMap<NatsConnection, Link>();

export function linkOf(connection: NatsConnection): Link {
  let link = links.get(connection);
  if (!link) {
    link = new Link(connection);
    links.set(connection, link);
  }
  return link;
}

/** Whether the server passes on what is sent to it now: false when it takes longer than the time, or is away. */
export async function answersWithin(connection: NatsConnection, milliseconds: number): Promise<boolean> {
  if (!linkOf(connection).connected) return false;
  const ending = new AbortController();
  const flushed = connection.flush().then(
    () => true,
    () => false,
  );
  const late = pause(milliseconds, ending.signal).then(() => false);
  const answered = await Promise.race([flushed, late]);
  ending.abort();
  return answered;
}

/** Resolves after the time, or at once when `signal` is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** So many seconds from now, with pauses that `signal` ends. */
export function patienceOf(seconds: number, signal?: AbortSignal): Pick<Patience, "now" | "until" | "pause"> {
  const now = (): number => performance.now();
  return { now, until: now() + seconds * 1000, pause: (milliseconds) => pause(milliseconds, signal) };
}
