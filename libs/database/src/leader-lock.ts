import type { Database } from "./connection";

/** "basin" in ASCII. One leader per database. */
const leaderKey = 0x6261_7369;

/** Held as long as its database connection lives. */
export interface LeaderLock {
  /** Rises with each leader of this database. */
  readonly epoch: bigint;
  /** Resolves when the connection is gone, and with it the lock. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/** Tries once. Null: another process leads. Rejects when the database is away. */
export async function tryLead(database: Database): Promise<LeaderLock | null> {
  const client = await database.dedicatedClient("basin-leader");
  let drop: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => (drop = resolve));
  client.once("end", drop);
  client.on("error", drop);
  try {
    const { rows } = await client.query<{ locked: boolean; epoch: string }>(
      "SELECT pg_try_advisory_lock($1) AS locked, (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS epoch",
      [leaderKey],
    );
    const row = rows[0];
    if (row?.locked !== true) {
      await client.end();
      return null;
    }
    return { epoch: BigInt(row.epoch), lost, release: () => client.end() };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
