import * as tf from "@tensorflow/tfjs-core";

/** How a window slides over an image: steps from one output to the next, and rows and columns of zeros around the image. */
export interface Sliding {
  readonly stride: readonly [rows: number, columns: number];
  readonly padding: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}

/** The same stride and padding in all directions. */
export function slidingBy(stride: number, padding: number): Sliding {
  return { stride: [stride, stride], padding: { top: padding, bottom: padding, left: padding, right: padding } };
}

/** [rows, columns] of windows of `size` over an image of `image`: ⌊(n + padding − size)/stride⌋ + 1. Throws when none fits. */
export function slidOutput(
  image: readonly [number, number],
  size: readonly [number, number],
  { stride, padding }: Sliding,
): [rows: number, columns: number] {
  const { top, bottom, left, right } = padding;
  if (![...size, ...stride].every((n) => Number.isInteger(n) && n > 0))
    throw new RangeError(`A window of ${size.join("×")} with stride ${stride.join("×")} is none.`);
  if (![top, bottom, left, right].every((n) => Number.isInteger(n) && n >= 0))
    throw new RangeError("Padding is a count of rows or columns.");
  const rows = Math.floor((image[0] + top + bottom - size[0]) / stride[0]) + 1;
  const columns = Math.floor((image[1] + left + right - size[1]) / stride[1]) + 1;
  if (rows < 1 || columns < 1) throw new RangeError(`A window of ${size.join("×")} does not fit an image of ${image.join("×")}.`);
  return [rows, columns];
}

/** [rows, columns] of an image whose windows are `image`: (n − 1)·stride + size − padding. Throws when nothing is left. */
export function spreadOutput(
  image: readonly [number, number],
  size: readonly [number, number],
  { stride, padding }: Sliding,
): [rows: number, columns: number] {
  const rows = (image[0] - 1) * stride[0] + size[0] - padding.top - padding.bottom;
  const columns = (image[1] - 1) * stride[1] + size[1] - padding.left - padding.right;
  if (rows < 1 || columns < 1) throw new RangeError(`The padding leaves nothing of an image of ${image.join("×")}.`);
  return [rows, columns];
}

/** A sliding as the kernels' attributes. */
export function windowAttributes({ stride, padding }: Sliding): { down: number; right: number; top: number; left: number } {
  return { down: stride[0], right: stride[1], top: padding.top, left: padding.left };
}

/**
 * What each place (i, j) of the window sees, rows first: as many tensors [images, outRows, outColumns, channels] as the window
 * has places, from images [images, rows, columns, channels]. Outside the image stands `outside`.
 */
export function windowViews(
  images: tf.Tensor4D,
  size: readonly [number, number],
  sliding: Sliding,
  outside: number,
): tf.Tensor4D[] {
  const [count, rows, columns, channels] = images.shape;
  const [outRows, outColumns] = slidOutput([rows, columns], size, sliding);
  const { stride, padding } = sliding;
  const framed = tf.pad(
    images,
    [
      [0, 0],
      [padding.top, padding.bottom],
      [padding.left, padding.right],
      [0, 0],
    ],
    outside,
  );
  return placesOf(size).map(([i, j]) => {
    const end = [count, i + (outRows - 1) * stride[0] + 1, j + (outColumns - 1) * stride[1] + 1, channels];
    const view: tf.Tensor = tf.stridedSlice(framed, [0, i, j, 0], end, [1, stride[0], stride[1], 1]);
    return view as tf.Tensor4D;
  });
}

/** The adjoint of `windowViews`: adds each view [images, viewRows, viewColumns, channels] to the image places that it was taken from. */
export function addViews(
  views: readonly tf.Tensor4D[],
  image: readonly [number, number],
  size: readonly [number, number],
  { stride, padding }: Sliding,
): tf.Tensor4D {
  const height = image[0] + padding.top + padding.bottom;
  const width = image[1] + padding.left + padding.right;
  let sum: tf.Tensor4D | null = null;
  for (const [place, [i, j]] of placesOf(size).entries()) {
    const view = views[place];
    if (!view) throw new RangeError(`A window of ${size.join("×")} has ${size[0] * size[1]} views, not ${views.length}.`);
    const spread = dilate(view, stride);
    const [, rows, columns] = spread.shape;
    const placed = tf.pad(spread, [
      [0, 0],
      [i, height - i - rows],
      [j, width - j - columns],
      [0, 0],
    ]);
    sum = sum ? tf.add(sum, placed) : placed;
  }
  if (!sum) throw new RangeError("A window without places.");
  return tf.slice(sum, [0, padding.top, padding.left, 0], [-1, image[0], image[1], -1]);
}

/** Puts stride − 1 zeros between neighbouring rows and columns. */
function dilate(view: tf.Tensor4D, [down, right]: readonly [number, number]): tf.Tensor4D {
  if (down === 1 && right === 1) return view;
  const [count, rows, columns, channels] = view.shape;
  const wide = tf.pad(tf.reshape<tf.Rank.R4>(view, [count * rows, columns, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, right - 1],
    [0, 0],
  ]);
  const tall = tf.pad(tf.reshape<tf.Rank.R4>(wide, [count, rows, 1, columns * right * channels]), [
    [0, 0],
    [0, 0],
    [0, down - 1],
    [0, 0],
  ]);
  const full = tf.reshape<tf.Rank.R4>(tall, [count, rows * down, columns * right, channels]);
  return tf.slice(full, [0, 0, 0, 0], [-1, (rows - 1) * down + 1, (columns - 1) * right + 1, -1]);
}

function placesOf([rows, columns]: readonly [number, number]): [number, number][] {
  return Array.from({ length: rows * columns }, (_, place) => [Math.floor(place / columns), place % columns]);
}
