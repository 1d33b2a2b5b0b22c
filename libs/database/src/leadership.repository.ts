import type { Database } from "./connection";
import type { Epoch } from "./epoch";
import { statement } from "./statement";
import { float8, int8, text } from "./sql-types";

const takeLease = statement({
  text: `UPDATE leadership SET epoch = epoch + 1, holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2)
    WHERE expires_at <= clock_timestamp() RETURNING epoch::text`,
  parameters: [text, float8],
  row: { epoch: text },
});

const renewLease = statement({
  text: "UPDATE leadership SET expires_at = clock_timestamp() + make_interval(secs => $2) WHERE epoch = $1",
  parameters: [int8, float8],
});

const endLease = statement({
  text: "UPDATE leadership SET expires_at = '-infinity' WHERE epoch = $1",
  parameters: [int8],
});

/** Leadership of a database as a lease in one row. Every time is the database's: the clocks of processes are not asked. */
export class LeadershipRepository {
  constructor(private readonly database: Database) {}

  /** The new epoch, or null while another process' lease lasts. Waits for what the leader before is writing this moment. */
  async take(holder: string, leaseSeconds: number): Promise<Epoch | null> {
    const { rows } = await this.database.urgent.query(takeLease(holder, leaseSeconds));
    return rows[0] ? BigInt(rows[0].epoch) : null;
  }

  /** False: the leadership is over. */
  async renew(epoch: Epoch, leaseSeconds: number): Promise<boolean> {
    const { rowCount } = await this.database.urgent.query(renewLease(epoch.toString(), leaseSeconds));
    return rowCount === 1;
  }

  /** Others may lead at once, also where the database's clock is set back meanwhile. Changes nothing when they do. */
  async release(epoch: Epoch): Promise<void> {
    await this.database.urgent.query(endLease(epoch.toString()));
  }
}
