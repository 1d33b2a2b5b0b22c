import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import { numberAttribute } from "./tensor-inputs";

/** The sizes of a tensor [runs, batch, rows, columns, channels]; throws on any other rank. */
export function axes5(tensor: TensorInfo): [runs: number, batch: number, rows: number, columns: number, channels: number] {
  const [runs, batch, rows, columns, channels] = tensor.shape;
  if (channels === undefined || tensor.shape.length !== 5) {
    throw new Error(`A kernel needs a tensor with 5 axes, not one of shape [${tensor.shape.join(", ")}].`);
  }
  return [runs ?? 0, batch ?? 0, rows ?? 0, columns ?? 0, channels];
}

/** What the kernels take about a window, in their order after the image's sizes. */
export interface WindowNumbers {
  height: number;
  width: number;
  outRows: number;
  outColumns: number;
  /** height … left, as arguments. */
  all: readonly [number, number, number, number, number, number, number, number];
}

export function windowNumbers(
  attributes: NamedAttrMap,
  size: readonly [number, number],
  out: readonly [number, number],
): WindowNumbers {
  const [height, width] = size;
  const [outRows, outColumns] = out;
  const number = (name: string): number => numberAttribute(attributes, name);
  return {
    height,
    width,
    outRows,
    outColumns,
    all: [height, width, outRows, outColumns, number("down"), number("right"), number("top"), number("left")],
  };
}
