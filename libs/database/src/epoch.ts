import { int8 } from "./sql-types";
import { statement, type Row, type Statement } from "./statement";

/** Rises with each leader of a database. */
export type Epoch = bigint;

/** What the leader wanted to write was refused, because another process took its place. */
export class LeadershipLostError extends Error {
  override readonly name = "LeadershipLostError";
  constructor(readonly epoch: Epoch) {
    super(`the leadership of epoch ${epoch} is over: another process leads`);
  }
}

/** What a fence asks of a connection. */
interface Asked {
  query<R extends Row>(statement: Statement<R>): Promise<{ rowCount: number | null }>;
}

const holdEpoch = statement({
  name: "fence",
  text: "SELECT 1 FROM leadership WHERE epoch = $1 FOR KEY SHARE",
  parameters: [int8],
});

/**
 * At the beginning of a transaction: nobody else can lead before it has ended.
 * @throws LeadershipLostError when somebody does already
 */
export async function fence(connection: Asked, epoch: Epoch): Promise<void> {
  const { rowCount } = await connection.query(holdEpoch(epoch.toString()));
  if (rowCount === 0) throw new LeadershipLostError(epoch);
}
