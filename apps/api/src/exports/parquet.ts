import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

export interface ParquetColumn {
  name: string;
  type: "INT32" | "DOUBLE" | "BOOLEAN" | "STRING" | "TIMESTAMP";
}
export type ParquetValue = number | boolean | string | Date | null;

/**
 * Writes a Parquet file row group by row group; what was written is taken away in between, so that memory holds one row group
 * whatever the file's size. Columns are optional; a row has a value for each, in their order.
 */
export class ParquetStream {
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #cells: ParquetValue[][];
  #rows = 0;

  constructor(
    private readonly columns: readonly ParquetColumn[],
    private readonly rowsPerGroup: number,
  ) {
    const columnData = columns.map(({ name, type }) => ({ name, type, nullable: true, data: [] }));
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: schemaFromColumnData({ columnData }), createdBy: "basin" });
    this.#cells = columns.map(() => []);
  }

  /** Returns bytes when a row group is full. */
  add(row: readonly ParquetValue[]): Buffer | null {
    this.#cells.forEach((cells, i) => cells.push(row[i] ?? null));
    this.#rows += 1;
    return this.#rows < this.rowsPerGroup ? null : this.#flush();
  }

  /** The last row group and the footer. */
  finish(): Buffer {
    const last = this.#rows > 0 ? this.#flush() : Buffer.alloc(0);
    void this.#writer.finish();
    return Buffer.concat([last, this.#take()]);
  }

  #flush(): Buffer {
    const columnData = this.columns.map(({ name, type }, i) => ({ name, type, nullable: true, data: this.#cells[i] ?? [] }));
    void this.#writer.write({ columnData, rowGroupSize: this.#rows });
    this.#cells = this.columns.map(() => []);
    this.#rows = 0;
    return this.#take();
  }

  #take(): Buffer {
    const taken = Buffer.from(this.#bytes.getBytes());
    this.#bytes.index = 0;
    return taken;
  }
}
