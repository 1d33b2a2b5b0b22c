import type { PlotDataInput } from "@basin/contracts";
import { imageBytes } from "../kinds/image-bytes";
import type { LabelledImages, ClassifierOutcome } from "../kinds/labelled-images";

/** I. Sobel's filters (1968), row by row: the change to the right and the change downwards. */
export const sobelFilters = {
  right: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  down: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
} as const;

const side = 3;
/** Learned filters that are drawn. */
const shownFilters = 8;

/**
 * An image [height, width] under a filter [3, 3], each place the sum of products with its neighbourhood, 0 beyond the edges: the convolution
 * of the networks, which does not turn the filter.
 */
export function filtered(image: ArrayLike<number>, width: number, filter: ArrayLike<number>): Float64Array {
  const height = image.length / width;
  const out = new Float64Array(image.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < side; i++)
        for (let j = 0; j < side; j++) {
          const [y, x] = [row + i - 1, column + j - 1];
          if (y >= 0 && y < height && x >= 0 && x < width) sum += (image[y * width + x] ?? 0) * (filter[i * side + j] ?? 0);
        }
      out[row * width + column] = sum;
    }
  return out;
}

/** Cosine of the angle between a filter and the nearest direction of the plane that Sobel's two span: 1 where the filter is a directed edge. */
export function edgeLikeness(filter: ArrayLike<number>): number {
  const dot = (other: readonly number[]): number => other.reduce((sum, value, k) => sum + value * (filter[k] ?? 0), 0);
  const size = Math.sqrt(Array.from(filter).reduce((sum, value) => sum + value * value, 0));
  // Both have the norm √12 and are orthogonal.
  return size > 0 ? Math.hypot(dot([...sobelFilters.right]), dot([...sobelFilters.down])) / (Math.sqrt(12) * size) : 0;
}

/** The filters of the first convolution as [3, 3] each; none where it has another size, or images of several channels. */
export function learnedFilters(firstFilters: ClassifierOutcome["firstFilters"]): Float64Array[] {
  if (!firstFilters) return [];
  const { values } = firstFilters;
  const [rows, columns, channels, filters] = firstFilters.shape;
  if (rows !== side || columns !== side || channels !== 1) return [];
  return Array.from({ length: filters }, (_, f) =>
    Float64Array.from({ length: side * side }, (__, k) => values[k * filters + f] ?? 0),
  );
}

/** The first image of each class under Sobel's filters and under those that were learned; each row by its own greatest magnitude. */
export function edgePlot(
  images: LabelledImages,
  classes: readonly string[],
  width: number,
  learned: readonly Float64Array[],
): PlotDataInput {
  const size = images.images.length / images.samples;
  const chosen = classes.flatMap((name, k) => {
    const at = images.labels.indexOf(k);
    return at < 0 ? [] : [{ name, image: images.images.subarray(at * size, (at + 1) * size) }];
  });
  const row = (name: string, of: (image: Float32Array) => ArrayLike<number>) => {
    const frames = chosen.map(({ image }) => Array.from(of(image)));
    const greatest = Math.max(...frames.flat().map(Math.abs)) || 1;
    return { name, frames: frames.map((frame) => imageBytes(frame, -greatest, greatest)) };
  };
  const { right, down } = sobelFilters;
  return {
    kind: "image-grid",
    title: "Sobel's filters beside learned ones",
    caption: "Grey is 0. What a learned filter answers to strongly it looks for; Sobel's answer to edges by construction.",
    width,
    height: size / width,
    range: [-1, 1],
    frames: chosen.map(({ name }) => name),
    rows: [
      row("image", (image) => image),
      row("Sobel, to the right", (image) => filtered(image, width, right)),
      row("Sobel, downwards", (image) => filtered(image, width, down)),
      row("Sobel, size of the change", (image) => {
        const [x, y] = [filtered(image, width, right), filtered(image, width, down)];
        return x.map((value, i) => Math.hypot(value, y[i] ?? 0));
      }),
      ...learned
        .slice(0, shownFilters)
        .map((filter, f) =>
          row(`learned ${f + 1} (${edgeLikeness(filter).toFixed(2)} of an edge)`, (image) => filtered(image, width, filter)),
        ),
    ],
  };
}
