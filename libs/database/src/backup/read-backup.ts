import { createHash } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { BackupEnd, BackupHead, RowsHead, type BackupProgress, type BackupSummary, type TableTotals } from "./backup-format";
import { BackupFault, readFrames, type Frame } from "./frames";
import { listed, quoted } from "./tables";

type Frames = AsyncGenerator<Frame<unknown>>;

/** A file whose head has been read. `finish` gives the rest up. */
export interface OpenBackup {
  head: BackupHead;
  frames: Frames;
  close(): Promise<void>;
}

/** @throws BackupFault where it is no backup, or one of a newer Basin */
export async function openBackup(input: Readable): Promise<OpenBackup> {
  const frames = readFrames(input);
  const first = await frames.next();
  const parsed = BackupHead.safeParse(first.done === true ? null : first.value.head);
  if (!parsed.success) {
    await frames.return(undefined);
    const newer = parsed.error.issues.some(({ path }) => path[0] === "version");
    throw new BackupFault(newer ? "the file was written by a newer version of Basin" : "the file is no backup of Basin");
  }
  return { head: parsed.data, frames, close: async () => void (await frames.return(undefined)) };
}

/**
 * Fills the tables of a schema, which are those of the file's migrations and are empty, in the caller's transaction. What was written is held
 * against the sums at the file's end: the caller commits only where this resolves.
 */
export async function copyIn(
  client: Client,
  { head, frames }: OpenBackup,
  schema: string,
  progress: BackupProgress = () => undefined,
): Promise<BackupSummary> {
  const columns = new Map(head.tables.map((table) => [table.name, table.columns]));
  const filled: TableTotals[] = [];
  const open: FillingTable[] = [];
  const close = async (): Promise<void> => {
    const table = open.pop();
    if (table === undefined) return;
    const totals = await table.end();
    filled.push(totals);
    await progress(totals);
  };
  for await (const frame of frames) {
    const end = BackupEnd.safeParse(frame.head);
    if (end.success) {
      await close();
      assertSame(end.data.tables, filled);
      return { sweep: head.sweep, madeAt: head.madeAt, tables: filled };
    }
    const rows = RowsHead.safeParse(frame.head);
    const names = rows.success ? columns.get(rows.data.table) : undefined;
    if (!rows.success || names === undefined) throw new BackupFault("the file is no backup of Basin, or was changed");
    if (open[0]?.name !== rows.data.table) {
      await close();
      const table = new FillingTable(client, rows.data.table, `${quoted(schema)}.${quoted(rows.data.table)} (${listed(names)})`);
      open.push(table);
    }
    await open[0]?.write(frame.content);
  }
  throw new BackupFault("the file ends too early: a part of it is missing");
}

class FillingTable {
  readonly #stream: Writable & { rowCount: number };
  readonly #done: Promise<void>;
  readonly #hash = createHash("sha256");
  #bytes = 0;

  constructor(
    client: Client,
    readonly name: string,
    target: string,
  ) {
    this.#stream = client.query(from(`COPY ${target} FROM STDIN (FORMAT binary)`));
    this.#done = finished(this.#stream);
    this.#done.catch(() => undefined);
  }

  async write(content: Buffer): Promise<void> {
    this.#hash.update(content);
    this.#bytes += content.length;
    if (!this.#stream.write(content)) await Promise.race([once(this.#stream, "drain"), this.#done]);
  }

  async end(): Promise<TableTotals> {
    this.#stream.end();
    await this.#done;
    return { name: this.name, rows: this.#stream.rowCount, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}

function assertSame(told: readonly TableTotals[], found: readonly TableTotals[]): void {
  for (const table of told) {
    const filled = found.find(({ name }) => name === table.name);
    if (filled?.sha256 !== table.sha256 || filled.rows !== table.rows)
      throw new BackupFault(
        `the rows of ${table.name} are not those that were written (their SHA-256 differs): the file was changed`,
      );
  }
}
