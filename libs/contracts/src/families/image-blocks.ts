import { z } from "zod";

/** Size of an image, channels last. A vector is an image of one row and one column. */
export interface ImageShape {
  rows: number;
  columns: number;
  channels: number;
}

/** One block of a convolutional network. Windows are square; padding is the same on all sides. */
export type ImageBlock =
  | { kind: "conv" | "transposed"; channels: number; kernel: number; stride: number; padding: number }
  | { kind: "max-pool" | "average-pool"; kernel: number; stride: number; padding: number };

const syntax =
  "blocks are separated by commas: conv 8 k3 s1 p1 or transposed 8 k4 s2 p1 (channels, kernel, stride, padding), max-pool 2 s2 p0 or average-pool 2 (window, stride, padding)";
const blockPattern = /^(conv|transposed|max-pool|average-pool) (\d{1,4})((?: [ksp]\d{1,3})*)$/;

/**
 * Reads "conv 4 k4 p1, max-pool 2". Left out: kernel 3, stride 1 (a pool's window slides by its size), padding 0. Empty text: no
 * blocks. Throws RangeError with words for the person who wrote it.
 */
export function parseImageBlocks(text: string): ImageBlock[] {
  const parts = text.split(",").map((part) => part.trim().replaceAll(/\s+/g, " "));
  return text.trim() === "" ? [] : parts.map(parseBlock);
}

function parseBlock(part: string): ImageBlock {
  const match = blockPattern.exec(part);
  if (!match) throw new RangeError(`"${part}" is no block; ${syntax}`);
  const [, kind = "", first = "", rest = ""] = match;
  const options = rest.trim() === "" ? [] : rest.trim().split(" ");
  const option = (letter: string): number | undefined => {
    const given = options.filter((one) => one.startsWith(letter));
    if (given.length > 1) throw new RangeError(`"${part}" gives ${letter} twice`);
    return given[0] === undefined ? undefined : Number(given[0].slice(1));
  };
  const number = Number(first);
  const pool = kind === "max-pool" || kind === "average-pool";
  if (pool && option("k") !== undefined) throw new RangeError(`"${part}": the number after ${kind} is the window; it takes no k`);
  const kernel = pool ? number : (option("k") ?? 3);
  const stride = option("s") ?? (pool ? kernel : 1);
  const padding = option("p") ?? 0;
  if (number < 1 || kernel < 1 || stride < 1) throw new RangeError(`"${part}": channels, windows and strides start at 1`);
  if (padding >= kernel) throw new RangeError(`"${part}": the padding must be smaller than the window`);
  if (kind === "max-pool" || kind === "average-pool") return { kind, kernel, stride, padding };
  return { kind: kind === "conv" ? "conv" : "transposed", channels: number, kernel, stride, padding };
}

/** What comes out of a block. Throws RangeError when the window does not fit. */
export function blockOutput(input: ImageShape, block: ImageBlock): ImageShape {
  const { kernel, stride, padding } = block;
  const channels = "channels" in block ? block.channels : input.channels;
  const side = (n: number): number =>
    block.kind === "transposed" ? (n - 1) * stride + kernel - 2 * padding : Math.floor((n + 2 * padding - kernel) / stride) + 1;
  const [rows, columns] = [side(input.rows), side(input.columns)];
  if (rows < 1 || columns < 1)
    throw new RangeError(`a window of ${kernel}×${kernel} does not fit an image of ${input.rows}×${input.columns}`);
  return { rows, columns, channels };
}

/** The shapes before the first and after every block. Throws RangeError when one does not fit. */
export function blockShapes(input: ImageShape, blocks: readonly ImageBlock[]): ImageShape[] {
  const shapes = [input];
  for (const block of blocks) shapes.push(blockOutput(shapes.at(-1) ?? input, block));
  return shapes;
}

/** A parameter that holds blocks of the given kinds. */
export function imageBlocksText(kinds: readonly ImageBlock["kind"][]): z.ZodString {
  return z
    .string()
    .max(1000)
    .check((context) => {
      try {
        const foreign = parseImageBlocks(context.value).find(({ kind }) => !kinds.includes(kind));
        if (foreign) throw new RangeError(`"${foreign.kind}" does not belong here; use ${kinds.join(", ")}`);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.issues.push({ code: "custom", message: error.message, input: context.value });
      }
    });
}
