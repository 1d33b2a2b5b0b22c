import { datasetMaxMemoryBytes, type ArraySummary, type Issue } from "@basin/contracts";
import { InputError } from "../http/request-errors";
import { figuresOf } from "./csv-column";
import { NpyError, readNpy } from "./npy";
import { previewRows, type ReadFile } from "./read-csv";
import { unzip, ZipError, zipEntries, type ZipEntry } from "./zip-entries";

const mostArrays = 256;
/** Of all members together, unpacked, headers included. */
const mostUnpackedBytes = datasetMaxMemoryBytes + mostArrays * 1024;
const longestName = 200;

/** Reads the arrays of an NPZ file (numpy.savez, numpy.savez_compressed). Throws InputError with all that is wrong. */
export async function readNpz(pieces: () => AsyncIterable<Buffer>): Promise<ReadFile> {
  const all: Buffer[] = [];
  for await (const piece of pieces()) all.push(piece);
  const file = Buffer.concat(all);
  try {
    const entries = zipEntries(file, mostArrays);
    checkEntries(entries);
    return await readArrays(file, entries);
  } catch (error) {
    if (error instanceof ZipError) throw new InputError([{ path: "", message: `the file ${error.message}` }]);
    throw error;
  }
}

function checkEntries(entries: readonly ZipEntry[]): void {
  if (entries.length === 0) throw new InputError([{ path: "", message: "the file holds no arrays" }]);
  const unpacked = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (unpacked > mostUnpackedBytes) {
    const packed = entries.reduce((sum, entry) => sum + entry.compressedBytes, 0);
    const message = `the arrays unpack from ${packed} to ${unpacked} bytes; the limit is ${mostUnpackedBytes}`;
    throw new InputError([{ path: "", message, hint: "save fewer samples, or narrower numbers (uint8, float32)" }]);
  }
  const issues: Issue[] = [];
  const names = new Set<string>();
  for (const { name } of entries) {
    const path = `arrays.${name.slice(0, 80)}`;
    if (!name.endsWith(".npy") || name === ".npy" || name.length > longestName)
      issues.push({ path, message: `member "${name.slice(0, 80)}" is no array`, hint: "numpy names them <name>.npy" });
    if (names.has(name)) issues.push({ path, message: `two arrays have the name "${name.slice(0, 80)}"` });
    names.add(name);
  }
  if (issues.length > 0) throw new InputError(issues);
}

async function readArrays(file: Buffer, entries: readonly ZipEntry[]): Promise<ReadFile> {
  const issues: Issue[] = [];
  const arrays: ReadFile["arrays"] = [];
  const summaries: ArraySummary[] = [];
  const missing: ReadFile["facts"]["missing"] = { count: 0, first: [] };
  let left = datasetMaxMemoryBytes;
  for (const entry of entries) {
    const name = entry.name.slice(0, -".npy".length);
    try {
      const { dtype, shape, values } = readNpy(await unzip(file, entry), left);
      left -= values.byteLength;
      const width = shape.slice(1).reduce((product, axis) => product * axis, 1);
      let absent = 0;
      values.forEach((value, i) => {
        if (Number.isFinite(value)) return;
        absent += 1;
        if (missing.first.length < 20) missing.first.push({ row: Math.floor(i / Math.max(1, width)) + 1, column: name });
      });
      missing.count += absent;
      if (values.length === 0)
        issues.push({ path: `arrays.${name}`, message: `array "${name}" is empty: shape (${shape.join(", ")})` });
      arrays.push({ name, shape, values });
      summaries.push({ name, dtype, shape, missing: absent, ...figuresOf(values) });
    } catch (error) {
      if (!(error instanceof NpyError)) throw error;
      issues.push({ path: `arrays.${name}`, message: `array "${name}" ${error.message}` });
    }
  }
  if (issues.length > 0) throw new InputError(issues);
  const lengths = new Set(arrays.flatMap(({ shape }) => (shape.length > 0 ? [shape[0] ?? 0] : [])));
  const [rows = 0] = lengths.size === 1 ? lengths : [];
  return {
    facts: { format: "npz", rows, delimiter: null, decimal: null, thousands: null, columns: [], arrays: summaries, missing },
    preview: firstRows(arrays[0]),
    columns: [],
    arrays,
  };
}

function firstRows(array: ReadFile["arrays"][number] | undefined): ReadFile["preview"] {
  if (!array) return [];
  const [samples = 1, ...rest] = array.shape;
  const width = rest.reduce((product, axis) => product * axis, 1);
  return Array.from({ length: Math.min(previewRows, samples) }, (_, i) =>
    Array.from(array.values.subarray(i * width, i * width + Math.min(width, 20)), (value) =>
      Number.isFinite(value) ? value : null,
    ),
  );
}
