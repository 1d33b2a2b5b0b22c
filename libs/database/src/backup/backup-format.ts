import { z } from "zod";

/** The first frame of a file. `sweep`: it holds one sweep and what it needs; null: everything. */
export const BackupHead = z.object({
  kind: z.literal("basin-backup"),
  version: z.literal(1, { error: "is of a newer version of Basin" }),
  sweep: z.string().nullable(),
  madeAt: z.string(),
  /** `server_version` of the PostgreSQL it was read from */
  postgres: z.string(),
  /** names of the migrations that made its tables, with the SHA-256 of each */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.array(z.object({ name: z.string(), last: z.string(), called: z.boolean() })),
});
export type BackupHead = z.infer<typeof BackupHead>;

/** A piece of a table as `COPY … (FORMAT binary)` gave it; the pieces of a table follow each other. */
export const RowsHead = z.object({ kind: z.literal("rows"), table: z.string() });

export const TableTotals = z.object({ name: z.string(), rows: z.number(), bytes: z.number(), sha256: z.string() });
export type TableTotals = z.infer<typeof TableTotals>;

/** The last frame: what is missing before it was lost on the way. */
export const BackupEnd = z.object({ kind: z.literal("end"), tables: z.array(TableTotals) });

export interface BackupSummary {
  sweep: string | null;
  madeAt: string;
  tables: TableTotals[];
}

/** Told after each table, and waited for. */
export type BackupProgress = (table: TableTotals) => void | Promise<void>;
