import { retrying, messageOf } from "@basin/contracts";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { PrismaClient } from "./generated/client";
import { fence, type Epoch } from "./epoch";
import { statement, type Row, type Statement } from "./statement";
import { nullable, textOf, xid8 } from "./sql-types";
import { asToldByPg, isTransient, isTimeout } from "./transient-errors";

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

/** One statement at a time: the pool, or the connection of a transaction. */
export interface Queryable {
  query<R extends Row>(statement: Statement<R>): Promise<pg.QueryResult<R>>;
}

/** PostgreSQL gives a statement up after this long. */
const statementSeconds = 60;
/** We give it up a little later: the server, or what is between us, hangs. */
const answerSeconds = 65;
/** What the leader writes, and urgent statements, are short. */
const urgentAnswerSeconds = 5;
/**
 * A transaction that its process leaves alone for this long is rolled back: a process that hangs holds locks that all others need. Ours
 * think between two statements for milliseconds.
 */
const thinkingSeconds = 5;

const outcomeOf = statement({
  text: "SELECT pg_xact_status($1::xid8) AS status",
  parameters: [xid8],
  row: { status: nullable(textOf<"in progress" | "committed" | "aborted">()) },
});

/** A transaction was to be committed, and nobody can say whether it was: the database is away, or is still at it. */
export class UnknownOutcomeError extends Error {
  override readonly name = "UnknownOutcomeError";
  constructor() {
    super("the database broke off while it committed, and did not tell since whether it had");
  }
}

/** pg writes nothing into the values. */
function send<R extends Row>(
  to: pg.Pool | pg.PoolClient,
  { text, values, name }: Statement<R>,
  limits: { query_timeout?: number } = {},
): Promise<pg.QueryResult<R>> {
  return to.query<R>({ text, values: values as unknown[], ...(name === undefined ? {} : { name }), ...limits });
}

/**
 * The connection to the ledger: one pool for hand-written SQL and for Prisma. It outlives restarts of PostgreSQL: work that
 * meets a transient error is begun again until `retrySeconds` are over, so a transaction's function must have no other effects.
 */
export class Database implements Queryable {
  readonly #pool: pg.Pool;
  readonly #urgentPool: pg.Pool;
  readonly #log: DatabaseLog;
  readonly #url: string;
  readonly #retryMilliseconds: number;
  readonly #records: PrismaClient;
  /** Connections of their own for what must not wait behind other work: signs of life and the leader's lease. */
  readonly urgent: Queryable;

  constructor(options: DatabaseOptions) {
    this.#log = options.log;
    this.#url = options.url;
    this.#retryMilliseconds = (options.retrySeconds ?? 5) * 1000;
    this.#pool = this.#open("basin-api", options.maxConnections ?? 10, statementSeconds, answerSeconds);
    this.#urgentPool = this.#open("basin-urgent", 2, urgentAnswerSeconds, urgentAnswerSeconds);
    this.#records = new PrismaClient({ adapter: new PrismaPg(this.#pool) });
    this.urgent = {
      query: <R extends Row>(statement: Statement<R>) => this.#repeat(() => send(this.#urgentPool, statement)),
    };
  }

  #open(name: string, connections: number, seconds: number, answer: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.#url,
      max: connections,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: name,
      idle_in_transaction_session_timeout: thinkingSeconds * 1000,
      statement_timeout: seconds * 1000,
      query_timeout: answer * 1000,
      // Just-in-time compilation costs more than any of our statements; and a plan that was made while a table was small must
      // not be kept when it has grown, so prepared statements only save parsing.
      options: "-c jit=off -c plan_cache_mode=force_custom_plan",
    });
    pool.on("error", (error) => this.#log.warn({ reason: error.message }, "a database connection broke"));
    // Without a listener of its own, a connection that breaks while checked out would end the process.
    pool.on("connect", (client) => client.on("error", () => undefined));
    return pool;
  }

  /** Runs one statement by itself. Repeated on transient errors, so it must be idempotent or harmless twice. */
  query<R extends Row>(statement: Statement<R>): Promise<pg.QueryResult<R>> {
    return this.#repeat(() => send(this.#pool, statement));
  }

  /**
   * Plain reads and writes of records through Prisma, each in a transaction of its own; what belongs into a transaction of ours is SQL,
   * since Prisma takes connections for itself. Repeated on transient errors like `query`. Its types stay inside this library.
   */
  plain<T>(work: (records: PrismaClient) => Promise<T>): Promise<T> {
    return this.#repeat(async () => {
      try {
        return await work(this.#records);
      } catch (error) {
        throw asToldByPg(error);
      }
    });
  }

  /**
   * Runs `work` in one transaction (read committed) and commits. `work` is repeated as a whole on transient errors, and takes effect
   * once: where the answer to a COMMIT is lost, the database is asked what became of the transaction.
   * `durable: false` lets PostgreSQL answer before the log is on disk: a crash of PostgreSQL may undo the last second.
   * `epoch`: written as the leader of this epoch, or not at all (LeadershipLostError).
   * @throws UnknownOutcomeError when the database does not tell what became of it
   */
  transaction<T>(work: (connection: Queryable) => Promise<T>, options: { durable?: boolean; epoch?: Epoch } = {}): Promise<T> {
    const { epoch } = options;
    const answer = epoch === undefined ? {} : { query_timeout: urgentAnswerSeconds * 1000 };
    const begin = `BEGIN; ${options.durable === false ? "SET LOCAL synchronous_commit = off; " : ""}SELECT pg_current_xact_id()::text AS id`;
    return this.#repeat(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        const connection: Queryable = {
          query: <R extends Row>(statement: Statement<R>) => send(client, statement, answer),
        };
        const id = await idOfBegun(client.query(begin));
        if (epoch !== undefined) await fence(connection, epoch);
        const result = await work(connection);
        try {
          await client.query("COMMIT");
        } catch (error) {
          if (!isTransient(error)) throw error;
          broken = error instanceof Error ? error : new Error(String(error));
          if (!(await this.#wasCommitted(id))) throw error;
        }
        return result;
      } catch (error) {
        // The connection still waits for the answer that we do not: nothing can be asked on it any more.
        if (isTimeout(error)) broken = error;
        else if (!broken)
          await client.query("ROLLBACK").catch((failure: unknown) => {
            broken = failure instanceof Error ? failure : new Error(String(failure));
          });
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  /** What became of a transaction whose COMMIT was not answered. Waits while the server is at it. */
  async #wasCommitted(id: string): Promise<boolean> {
    const deadline = performance.now() + this.#retryMilliseconds;
    while (performance.now() < deadline) {
      try {
        const { rows } = await this.query(outcomeOf(id));
        const status = rows[0]?.status ?? null;
        if (status === "committed" || status === "aborted") return status === "committed";
        if (status === null) break;
      } catch (error) {
        // A server that crashed before anything of the transaction reached its disk gives the number to another one.
        if (error instanceof Error && "code" in error && error.code === "22023") return false;
        if (!isTransient(error)) throw error;
        break;
      }
      await sleep(20);
    }
    throw new UnknownOutcomeError();
  }

  /** A connection outside the pools and without their limits, for migrations. The caller ends it. */
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
    let told = false;
    await retrying(
      async () => {
        const trouble = await this.trouble();
        if (trouble === null) return;
        if (!told) this.#log.info({ reason: trouble }, "PostgreSQL is not reachable; waiting for it");
        told = true;
        throw new Error(`PostgreSQL at ${this.address()} is not reachable: ${trouble}`);
      },
      { now: () => performance.now(), until: performance.now() + seconds * 1000, first: 250, pause: sleep },
    );
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
    await this.#records.$disconnect();
    for (const pool of [this.#pool, this.#urgentPool]) if (!pool.ended) await pool.end();
  }

  #repeat<T>(work: () => Promise<T>): Promise<T> {
    return retrying(work, {
      now: () => performance.now(),
      until: performance.now() + this.#retryMilliseconds,
      first: 20,
      longest: 500,
      pause: (milliseconds) => sleep(milliseconds * (0.5 + Math.random())),
      isFinal: (error) => !isTransient(error) || this.#pool.ending,
      beforePause: (error) => this.#log.debug({ reason: messageOf(error) }, "repeating database work"),
    });
  }
}

/** The id that BEGIN and what follows it asked for last. */
async function idOfBegun(begun: Promise<unknown>): Promise<string> {
  const results = (await begun) as pg.QueryResult<{ id: string }>[];
  const id = results.at(-1)?.rows[0]?.id;
  if (id === undefined) throw new Error("the transaction has no id");
  return id;
}
