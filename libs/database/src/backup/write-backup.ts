import { createHash } from "node:crypto";
import type { Writable } from "node:stream";
import type { Client } from "pg";
import { to } from "pg-copy-streams";
import { SweepId } from "@basin/contracts";
import type { Database } from "../connection";
import { BackupFault, FrameWriter } from "./frames";
import type { BackupHead, BackupProgress, BackupSummary, TableTotals } from "./backup-format";
import { listed, quoted, readSequences, readTables, rowsOfSweep, type TableShape } from "./tables";

/** Large enough that a frame's head weighs nothing, small enough that a restore holds little. */
const frameBytes = 1024 * 1024;

/**
 * Writes every row of the ledger, or of one sweep and what it needs (`sweep`), as it was at one moment: from one snapshot, while others go
 * on writing. Nothing waits for it; what is deleted meanwhile keeps its space until it has ended. Ends `out`.
 * @throws BackupFault where there is no such sweep
 */
export async function writeBackup(
  database: Database,
  out: Writable,
  options: { sweep?: string | null; progress?: BackupProgress } = {},
): Promise<BackupSummary> {
  const sweep = options.sweep == null ? null : SweepId.parse(options.sweep);
  const client = await database.dedicatedClient("basin-backup");
  try {
    await client.query("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
      `SELECT migration_name AS name, checksum FROM "_prisma_migrations" WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY 1`,
    );
    if (sweep !== null) {
      const { rowCount } = await client.query("SELECT 1 FROM sweep WHERE id = $1", [sweep]);
      if (rowCount === 0) throw new BackupFault(`there is no sweep ${sweep}`);
    }
    const { rows: about } = await client.query<{ postgres: string; at: Date }>(
      "SELECT current_setting('server_version') AS postgres, now() AS at",
    );
    const chosen = (await readTables(client)).flatMap((table) => {
      const condition = sweep === null ? "true" : rowsOfSweep(table, sweep);
      return condition === null ? [] : [{ table, condition }];
    });
    const head: BackupHead = {
      kind: "basin-backup",
      version: 1,
      sweep,
      madeAt: (about[0]?.at ?? new Date(0)).toISOString(),
      postgres: about[0]?.postgres ?? "",
      migrations,
      tables: chosen.map(({ table }) => table),
      sequences: sweep === null ? await readSequences(client) : [],
    };
    const writer = new FrameWriter(out);
    await writer.write(head);
    const tables: TableTotals[] = [];
    for (const { table, condition } of chosen) {
      const totals = await writeTable(client, writer, table, condition);
      tables.push(totals);
      await options.progress?.(totals);
    }
    await client.query("COMMIT");
    await writer.write({ kind: "end", tables });
    await writer.end();
    return { sweep, madeAt: head.madeAt, tables };
  } finally {
    await client.end();
  }
}

async function writeTable(client: Client, writer: FrameWriter, table: TableShape, condition: string): Promise<TableTotals> {
  const source = client.query(
    to(`COPY (SELECT ${listed(table.columns)} FROM ${quoted(table.name)} WHERE ${condition}) TO STDOUT (FORMAT binary)`),
  );
  const hash = createHash("sha256");
  let bytes = 0;
  let pieces: Buffer[] = [];
  let held = 0;
  const flush = async (): Promise<void> => {
    await writer.write({ kind: "rows", table: table.name }, Buffer.concat(pieces));
    pieces = [];
    held = 0;
  };
  for await (const piece of source as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
    pieces.push(piece);
    held += piece.length;
    if (held >= frameBytes) await flush();
  }
  if (held > 0) await flush();
  return { name: table.name, rows: source.rowCount, bytes, sha256: hash.digest("hex") };
}
