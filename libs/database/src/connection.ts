import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client";
import { isTransient } from "./transient-errors";

export interface DatabaseLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  url: string;
  log: DatabaseLog;
  /** Most connections at a time; default 10. More than the cores can use only adds memory (about 10 MB each). */
  maxConnections?: number;
  /** How long one piece of work is repeated while the database is away; default 5. */
  retrySeconds?: number;
}

export type Row = Record<string, unknown>;

/** One statement at a time: the pool, or the connection of a transaction. */
export interface Queryable {
  query<R extends pg.QueryResultRow = Row>(statement: Statement): Promise<pg.QueryResult<R>>;
}

/** `name` makes it a prepared statement of its connection: for statements whose planning costs more than their work. */
export interface Statement {
  text: string;
  values?: unknown[];
  name?: string;
}

/**
 * The connection to the ledger: one pool for hand-written SQL and for Prisma. It outlives restarts of PostgreSQL: work that
 * meets a transient error is begun again until `retrySeconds` are over, so a transaction's function must have no other effects.
 */
export class Database implements Queryable {
  readonly #pool: pg.Pool;
  readonly #log: DatabaseLog;
  readonly #url: string;
  readonly #retryMilliseconds: number;
  /** For simple reads and writes. Its types stay inside this library. */
  readonly prisma: PrismaClient;

  constructor(options: DatabaseOptions) {
    this.#log = options.log;
    this.#url = options.url;
    this.#retryMilliseconds = (options.retrySeconds ?? 5) * 1000;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 10,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: "basin-api",
      idle_in_transaction_session_timeout: 30_000,
      statement_timeout: 120_000,
      // Just-in-time compilation costs more than any of our statements; and a plan that was made while a table was small must
      // not be kept when it has grown, so prepared statements only save parsing.
      options: "-c jit=off -c plan_cache_mode=force_custom_plan",
    });
    const onError = (error: Error): void => this.#log.warn({ reason: error.message }, "a database connection broke");
    this.#pool.on("error", onError);
    // Without a listener of its own, a connection that breaks while checked out would end the process.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.#pool) });
  }

  /** Runs one statement by itself. Repeated on transient errors, so it must be idempotent or harmless twice. */
  query<R extends pg.QueryResultRow = Row>(statement: Statement): Promise<pg.QueryResult<R>> {
    return this.#repeat(() => this.#pool.query<R>(statement));
  }

  /**
   * Runs `work` in one transaction (read committed) and commits. `work` is repeated as a whole on transient errors; when the
   * connection breaks during COMMIT the first try may have been committed, so it must be idempotent.
   * `durable: false` lets PostgreSQL answer before the log is on disk: a crash of PostgreSQL may undo the last second.
   */
  transaction<T>(work: (connection: Queryable) => Promise<T>, options: { durable?: boolean } = {}): Promise<T> {
    const begin = options.durable === false ? "BEGIN; SET LOCAL synchronous_commit = off" : "BEGIN";
    return this.#repeat(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query(begin);
        const result = await work({
          query: <R extends pg.QueryResultRow = Row>(statement: Statement) => client.query<R>(statement),
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((failure: unknown) => {
          broken = failure instanceof Error ? failure : new Error(String(failure));
        });
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  /** A connection outside the pool, for a session-long advisory lock or a server-side cursor. The caller ends it. */
  async dedicatedClient(applicationName: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** Null when the database answers; otherwise why not. Never repeats. */
  async trouble(): Promise<string | null> {
    try {
      await this.#pool.query("SELECT 1");
      return null;
    } catch (error) {
      return error instanceof Error && error.message !== "" ? error.message : "PostgreSQL does not answer";
    }
  }

  /** Waits for a database that is not up yet. Rejects with the last reason after `seconds`. */
  async whenReachable(seconds: number): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    for (let attempt = 0; ; attempt++) {
      const trouble = await this.trouble();
      if (trouble === null) return;
      if (performance.now() > deadline) throw new Error(`PostgreSQL at ${this.address()} is not reachable: ${trouble}`);
      if (attempt === 0) this.#log.info({ reason: trouble }, "PostgreSQL is not reachable; waiting for it");
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Host, port and database without the password. */
  address(): string {
    try {
      const url = new URL(this.#url);
      return `${url.host}${url.pathname}`;
    } catch {
      return "DATABASE_URL";
    }
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #repeat<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#retryMilliseconds;
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      try {
        return await work();
      } catch (error) {
        if (!isTransient(error) || this.#pool.ending || performance.now() + wait > deadline) throw error;
        this.#log.debug({ reason: error instanceof Error ? error.message : String(error) }, "repeating database work");
        await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
      }
    }
  }
}
