import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { InputError } from "../http/request-errors";
import { readNpz } from "./read-npz";

/** NPY version 1 of zeros. */
function zeros(descr: string, bytesEach: number, shape: number[]): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = strToU8(`${text.padEnd(117)}\n`);
  const file = new Uint8Array(10 + header.length + bytesEach * shape.reduce((product, axis) => product * axis, 1));
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  file.set(header, 10);
  return file;
}

async function* pieces(members: Record<string, Uint8Array>): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(zipSync(members, { level: 0 })));
}

test("all of MNIST as it is distributed fits, with a byte of memory for each pixel", async () => {
  const mnist = {
    "x_train.npy": zeros("|u1", 1, [60_000, 28, 28]),
    "y_train.npy": zeros("|u1", 1, [60_000]),
    "x_test.npy": zeros("|u1", 1, [10_000, 28, 28]),
    "y_test.npy": zeros("|u1", 1, [10_000]),
  };
  const { arrays } = await readNpz(() => pieces(mnist));
  expect(arrays.map(({ name, shape }) => [name, ...shape])).toEqual([
    ["x_train", 60_000, 28, 28],
    ["y_train", 60_000],
    ["x_test", 10_000, 28, 28],
    ["y_test", 10_000],
  ]);
  expect(arrays.reduce((bytes, { values }) => bytes + values.byteLength, 0)).toBe(70_000 * 785);
});

test("numbers that grow beyond the limit in memory are refused before they take it", async () => {
  const wide = { "a.npy": zeros("<f4", 4, [1000]), "w.npy": zeros("<i2", 2, [16_000_000]) };
  const error = await readNpz(() => pieces(wide)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect(error instanceof InputError ? error.issues : []).toEqual([
    {
      path: "arrays.w",
      message:
        'array "w" has 16000000 numbers of i2, which take 128000000 bytes of memory; 127996000 are left of the limit. A number of uint8 takes 1 byte, of float32 4, of every other type 8',
    },
  ]);
});
