import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { ParquetStream, type ParquetValue } from "./parquet";

it.each([0, 1, 10, 25])("writes %i rows in groups of ten, and holds no more than one", async (rows) => {
  const stream = new ParquetStream(
    [
      { name: "i", type: "INT32" },
      { name: "x", type: "DOUBLE" },
      { name: "s", type: "STRING" },
      { name: "b", type: "BOOLEAN" },
    ],
    10,
  );
  const row = (i: number): ParquetValue[] => [i, i % 4 === 0 ? null : i / 8, `t${i}`, i % 2 === 0];
  const parts: Buffer[] = [];
  for (let i = 0; i < rows; i += 1) {
    const part = stream.add(row(i));
    expect(part !== null).toBe(i % 10 === 9);
    if (part) parts.push(part);
  }
  parts.push(stream.finish());
  const bytes = new Uint8Array(Buffer.concat(parts));
  const metadata = parquetMetadata(bytes.buffer);
  expect(metadata.row_groups).toHaveLength(Math.ceil(rows / 10));
  const read: Record<string, unknown>[] = await parquetReadObjects({ file: bytes.buffer });
  expect(read.map(({ i, x, s, b }) => [i, x, s, b])).toEqual(Array.from({ length: rows }, (_, i) => row(i)));
});
