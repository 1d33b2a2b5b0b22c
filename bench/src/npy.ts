import { writeFileSync } from "node:fs";

/** Writes float32 values as a NumPy file (format 1.0, C order). */
export function writeNpy(file: string, values: Float32Array, shape: readonly number[]): void {
  if (shape.reduce((product, size) => product * size, 1) !== values.length) {
    throw new RangeError(`${values.length} values do not fill the shape [${shape.join(", ")}]`);
  }
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(", ");
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  const preamble = 10;
  const padded = description.padEnd(Math.ceil((preamble + description.length + 1) / 64) * 64 - preamble - 1) + "\n";
  const header = Buffer.alloc(preamble);
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(padded.length, 8);
  writeFileSync(
    file,
    Buffer.concat([header, Buffer.from(padded), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]),
  );
}
