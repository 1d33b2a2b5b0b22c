import { messageOf } from "@basin/contracts";
import type pg from "pg";

/** What node-postgres' connection can do and its type declarations leave out. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Sends pieces to `COPY … FROM STDIN`, no faster than the server takes them. */
class CopyIn implements pg.Submittable {
  readonly done: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #failure: Error | null = null;

  constructor(
    private readonly statement: string,
    private readonly pieces: Iterator<Buffer>,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    connection.query(this.statement);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#send(connection as CopyConnection);
  }

  handleCommandComplete(): void {
    // What is inserted is counted by the caller.
  }

  handleError(error: Error): void {
    this.#failure = error;
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (!this.#failure) this.#resolve();
  }

  #send(connection: CopyConnection): void {
    try {
      while (!this.#failure) {
        const piece = this.pieces.next();
        if (piece.done === true) {
          connection.endCopyFrom();
          return;
        }
        connection.sendCopyFromChunk(piece.value);
        if (connection.stream.writableNeedDrain) {
          connection.stream.once("drain", () => this.#send(connection));
          return;
        }
      }
    } catch (error) {
      connection.sendCopyFail(messageOf(error));
    }
  }
}

const pieceBytes = 256 * 1024;

/** Rows of text: `null` is NULL. Returns how many. */
export async function copyText(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly (string | number | null)[]>,
): Promise<number> {
  let count = 0;
  const cell = (value: string | number | null): string =>
    value === null
      ? "\\N"
      : String(value).replace(/[\\\n\r\t]/g, (c) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? "\\\\");
  function* pieces(): Generator<Buffer> {
    let text = "";
    for (const row of rows) {
      count += 1;
      text += `${row.map(cell).join("\t")}\n`;
      if (text.length < pieceBytes) continue;
      yield Buffer.from(text);
      text = "";
    }
    yield Buffer.from(text);
  }
  const copy = new CopyIn(`COPY ${table} (${columns.join(", ")}) FROM STDIN`, pieces());
  client.query(copy);
  await copy.done;
  return count;
}

export interface ChunkRow {
  run: string;
  attempt: number;
  metric: string;
  chunk: number;
  firstStep: number;
  values: Float64Array;
}

const binaryHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const [int4Oid, float8Oid] = [23, 701];

/**
 * Rows of `metric_chunk` in PostgreSQL's binary format (its manual, "COPY", Binary Format): per row the number of fields, per
 * field its length and bytes; arrays as dimensions (1), has nulls (0), element type, length, lower bound, elements with lengths.
 * The steps of a chunk are consecutive. Returns the number of points.
 */
export async function copyChunks(client: pg.Client, rows: Iterable<ChunkRow>): Promise<number> {
  let points = 0;
  function* pieces(): Generator<Buffer> {
    yield binaryHeader;
    const buffer = Buffer.allocUnsafe(pieceBytes * 2);
    let at = 0;
    const int32 = (value: number): void => {
      at = buffer.writeInt32BE(value, at);
    };
    const text = (value: string): void => {
      int32(Buffer.byteLength(value));
      at += buffer.write(value, at);
    };
    const int4 = (value: number): void => {
      int32(4);
      int32(value);
    };
    const arrayHead = (oid: number, length: number, elementBytes: number): void => {
      int32(20 + length * (4 + elementBytes));
      for (const value of [1, 0, oid, length, 1]) int32(value);
    };
    for (const { run, attempt, metric, chunk, firstStep, values } of rows) {
      points += values.length;
      at = buffer.writeInt16BE(7, at);
      text(run);
      int4(attempt);
      text(metric);
      int4(chunk);
      int4(firstStep);
      arrayHead(int4Oid, values.length, 4);
      for (let i = 0; i < values.length; i += 1) int4(firstStep + i);
      arrayHead(float8Oid, values.length, 8);
      for (const value of values) {
        int32(8);
        at = buffer.writeDoubleBE(value, at);
      }
      if (at < pieceBytes) continue;
      yield Buffer.from(buffer.subarray(0, at));
      at = 0;
    }
    yield Buffer.from(buffer.subarray(0, at));
    const end = Buffer.alloc(2);
    end.writeInt16BE(-1);
    yield end;
  }
  const copy = new CopyIn(
    `COPY metric_chunk (run_id, attempt, metric, chunk, first_step, steps, "values") FROM STDIN (FORMAT binary)`,
    pieces(),
  );
  client.query(copy);
  await copy.done;
  return points;
}
