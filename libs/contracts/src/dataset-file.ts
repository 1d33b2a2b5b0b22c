import { z } from "zod";
import { DatasetId, type DatasetContent, type DatasetVector } from "./dataset";

/**
 * The content of a dataset as one file: what the control plane keeps and trainers fetch, so that only one process ever reads
 * CSV or NPZ. Little-endian: length of the header (uint32), the header as JSON, padding to 8, then each vector, padded to 8.
 * A vector takes the narrowest of uint8, float32 and float64 that holds every value exactly.
 */
const vectorTypes = { u1: Uint8Array, f4: Float32Array, f8: Float64Array } as const;
type VectorType = keyof typeof vectorTypes;

const Vector = z.object({ type: z.enum(["u1", "f4", "f8"]), length: z.int().min(0) });
const Header = z.object({
  id: DatasetId,
  name: z.string(),
  rows: z.int().min(0),
  columns: z.array(
    Vector.extend({ name: z.string(), kind: z.enum(["number", "category", "date"]), categories: z.array(z.string()) }),
  ),
  arrays: z.array(Vector.extend({ name: z.string(), shape: z.array(z.int().min(0)) })),
});

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

function narrowest(values: DatasetVector): VectorType {
  if (values instanceof Uint8Array) return "u1";
  let bytes = true;
  for (const value of values) {
    if (bytes && Object.is(value & 255, value)) continue;
    bytes = false;
    if (!Object.is(Math.fround(value), value)) return "f8";
  }
  return bytes ? "u1" : "f4";
}

/** The file of a content; the same content gives the same bytes. */
export function packDataset(content: DatasetContent): Uint8Array<ArrayBuffer> {
  const vectors = [...content.columns, ...content.arrays].map(({ values }) => ({ values, type: narrowest(values) }));
  const typed = vectors.map(({ type, values }) => ({ type, length: values.length }));
  const none = { type: "f8", length: 0 } as const;
  const header = new TextEncoder().encode(
    JSON.stringify({
      id: content.id,
      name: content.name,
      rows: content.rows,
      columns: content.columns.map(({ name, type, categories }, i) => ({
        ...(typed[i] ?? none),
        name,
        kind: type,
        categories: [...categories],
      })),
      arrays: content.arrays.map(({ name, shape }, i) => ({
        ...(typed[content.columns.length + i] ?? none),
        name,
        shape: [...shape],
      })),
    } satisfies z.input<typeof Header>),
  );
  const bodyBytes = vectors.reduce(
    (sum, { type, values }) => sum + padded(values.length * vectorTypes[type].BYTES_PER_ELEMENT),
    0,
  );
  const file = new Uint8Array(padded(4 + header.length) + bodyBytes);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 4);
  let offset = padded(4 + header.length);
  for (const { type, values } of vectors) {
    const view = new vectorTypes[type](file.buffer, offset, values.length);
    view.set(values);
    offset += padded(view.byteLength);
  }
  return file;
}

/** Reads what `packDataset` wrote. Throws on anything else. */
export function unpackDataset(file: Uint8Array): DatasetContent {
  const own = Uint8Array.from(file);
  const headerBytes = new DataView(own.buffer).getUint32(0, true);
  const header = Header.parse(JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + headerBytes))));
  let offset = padded(4 + headerBytes);
  const read = ({ type, length }: z.infer<typeof Vector>): DatasetVector => {
    const view = new vectorTypes[type](own.buffer, offset, length);
    offset += padded(view.byteLength);
    return view;
  };
  const { id, name, rows } = header;
  const columns = header.columns.map((column) => ({
    name: column.name,
    type: column.kind,
    values: Float64Array.from(read(column)),
    categories: column.categories,
  }));
  const arrays = header.arrays.map((array) => ({ name: array.name, shape: array.shape, values: read(array) }));
  return { id, name, rows, columns, arrays };
}
