import type { ImageShape, PlotDescriptor } from "@basin/contracts";
import { imageBytes } from "../kinds/image-bytes";
import type { Reconstructions } from "../kinds/reconstruction";
import type { PlotsById } from "../kinds/plots-by-id";

export const reconstructionPlotDescriptors: readonly PlotDescriptor[] = [
  { id: "images", title: "Test images and their reconstructions", kind: "image-grid" },
  { id: "samples", title: "Test samples and their reconstructions", kind: "curve" },
  { id: "component-errors", title: "Error of each component", kind: "bars" },
  { id: "latent", title: "Latent values", kind: "scatter" },
];

const shownImages = 12;
const shownSamples = 4;
const mostComponents = 200;
const mostPoints = 2000;

/** What the plots say about the samples. */
export interface SampleDescription {
  shape: ImageShape;
  /** Otherwise the samples are vectors with named components. */
  isImage: boolean;
  names: readonly string[];
  /** The first so many of the samples shown were trained on. */
  trained: number;
}

/** Plots of the test samples `shown` [samples, size] and what became of them; images with several channels are shown by their mean. */
export function reconstructionPlots(sample: SampleDescription, shown: Float32Array, outcome: Reconstructions): PlotsById {
  const { shape, isImage } = sample;
  const size = shape.rows * shape.columns * shape.channels;
  const pictures: PlotsById = isImage ? imagePlot(sample, size, shown, outcome) : vectorPlots(sample, size, shown, outcome);
  return { ...pictures, ...latentPlot(sample, size, shown, outcome) };
}

function imagePlot(
  { shape, trained }: SampleDescription,
  size: number,
  shown: Float32Array,
  { images }: Reconstructions,
): PlotsById {
  const { rows, columns, channels } = shape;
  const count = Math.min(shownImages, shown.length / size - trained);
  const grey = (all: Float32Array, i: number): number[] => {
    const at = (trained + i) * size;
    return Array.from({ length: rows * columns }, (_, pixel) => {
      let total = 0;
      for (let c = 0; c < channels; c++) total += all[at + pixel * channels + c] ?? Number.NaN;
      return total / channels;
    });
  };
  const truth = Array.from({ length: count }, (_, i) => grey(shown, i));
  const low = truth.flat().reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = truth.flat().reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const range: [number, number] = high > low ? [low, high] : [low - 1, low + 1];
  return {
    images: {
      kind: "image-grid",
      title: "Test images and their reconstructions",
      caption: "Images that training did not see.",
      width: columns,
      height: rows,
      range,
      frames: truth.map((_, i) => `test image ${i + 1}`),
      rows: [
        { name: "original", frames: truth.map((image) => imageBytes(image, ...range)) },
        { name: "reconstruction", frames: truth.map((_, i) => imageBytes(grey(images, i), ...range)) },
      ],
    },
  };
}

function vectorPlots(sample: SampleDescription, size: number, shown: Float32Array, { images }: Reconstructions): PlotsById {
  const { names, trained } = sample;
  const tested = shown.length / size - trained;
  const components = Math.min(size, mostComponents);
  const places = Array.from({ length: components }, (_, k) => k + 1);
  const row = (all: Float32Array, i: number): number[] =>
    Array.from(all.subarray((trained + i) * size, (trained + i) * size + components));
  const errors = places.map((_, k) => {
    let squared = 0;
    for (let i = trained; i < trained + tested; i++)
      squared += ((images[i * size + k] ?? Number.NaN) - (shown[i * size + k] ?? Number.NaN)) ** 2 / tested;
    return Math.sqrt(squared);
  });
  return {
    samples: {
      kind: "curve",
      title: "Test samples and their reconstructions",
      caption: "Rows that training did not see, as the network is shown them.",
      x: { label: "Component" },
      y: { label: "Value, scaled" },
      series: Array.from({ length: Math.min(shownSamples, tested) }, (_, i) => [
        { name: `row ${i + 1}`, x: places, y: row(shown, i) },
        { name: `row ${i + 1}, reconstructed`, x: places, y: row(images, i), style: "dashed" as const },
      ]).flat(),
    },
    "component-errors": {
      kind: "bars",
      title: "Error of each component",
      caption: "A component that the others do not determine cannot pass a narrow layer.",
      categories: names.slice(0, components),
      categoryTitle: "component",
      y: { label: "Root mean square error on the test rows, scaled" },
      series: [{ name: "reconstruction", values: errors }],
    },
  };
}

/** The first two latent values, or the only one, with the error of the reconstruction as colour or height. */
function latentPlot(
  { trained }: SampleDescription,
  size: number,
  shown: Float32Array,
  { codes, latentWidth, images }: Reconstructions,
): PlotsById {
  if (latentWidth === 0) return {};
  const all = shown.length / size;
  const error = (i: number): number => {
    let squared = 0;
    for (let k = i * size; k < (i + 1) * size; k++) squared += ((images[k] ?? Number.NaN) - (shown[k] ?? Number.NaN)) ** 2 / size;
    return Math.sqrt(squared);
  };
  const series = (name: string, start: number, end: number) => {
    const rows = Array.from({ length: Math.min(mostPoints, end - start) }, (_, i) => start + i);
    const code = (k: number): number[] => rows.map((i) => codes[i * latentWidth + k] ?? Number.NaN);
    const errors = rows.map(error);
    return latentWidth === 1 ? { name, x: code(0), y: errors } : { name, x: code(0), y: code(1), color: errors };
  };
  const errorAxis = { label: "Root mean square error, scaled" };
  return {
    latent: {
      kind: "scatter",
      title: "Latent values",
      caption: "What the narrow layer tells apart.",
      x: { label: "z₁" },
      ...(latentWidth === 1 ? { y: errorAxis } : { y: { label: "z₂" }, color: errorAxis }),
      series: [series("training rows", 0, trained), series("test rows", trained, all)],
    },
  };
}
