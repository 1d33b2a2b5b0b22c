import type { TensorInfo } from "@tensorflow/tfjs-core";
import { flagAttribute, input, numberAttribute } from "../../kernels/tensor-inputs";
import { axes5 } from "../../kernels/window-sizes";
import type { TraceBackend, TracedKernel } from "../trace-backend";
import { summedRows, timesEach } from "./dense";

/** Sizes of images, of the windows over them and of the filters; every one is a number that the kernels are told. */
type Sizes = Record<
  | "rows"
  | "columns"
  | "channels"
  | "height"
  | "width"
  | "outRows"
  | "outColumns"
  | "features"
  | "down"
  | "right"
  | "top"
  | "left",
  number
>;

/** Loads `value`, the t-th of the window at place (p, q) of image b; 0 outside the image. */
const windowValue = `let c = t % channels; let y = p * down + t / (channels * width); let x = q * right + (t / channels) % width;
    var value = 0.0;
    if (y >= top && y < top + rows && x >= left && x < left + columns) { value = m[image + ((b * rows + y - top) * columns + x - left) * channels + c]; }`;

function activated(activation: number, slope: boolean): string {
  if (activation === 0) return "m[out + i] = z;";
  return `let both = activated_${activation}(z); m[out + i] = both.x;${slope ? " m[slope + i] = both.y;" : ""}`;
}

/** What an operation makes: the output, with an activation the slope. */
interface Made {
  out: TensorInfo;
  activation?: number;
  slope?: TensorInfo | null;
}

/** The window's product with each filter at each place, from the bias up. */
function windowsTimes(
  trace: TraceBackend,
  sizes: Sizes,
  batch: number,
  image: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  made: Made,
): void {
  const { out, activation = 0, slope = null } = made;
  trace.operate({
    body: `let o = i % features; let q = (i / features) % outColumns; let p = (i / (features * outColumns)) % outRows;
  let b = i / (features * outColumns * outRows);
  var z = ${bias ? "m[bias + o]" : "0.0"};
  for (var t = 0u; t < height * width * channels; t++) {
    ${windowValue}
    z = mad(value, m[filter_ + t * features + o], z);
  }
  ${activated(activation, slope !== null)}`,
    items: batch * sizes.outRows * sizes.outColumns * sizes.features,
    reads: { image, filter_: filter, ...(bias && { bias }) },
    writes: { out, ...(slope && { slope }) },
    sizes,
  });
}

/** The adjoint: what each place's number spreads over its window, summed where windows meet, from the bias up. */
function spread(
  trace: TraceBackend,
  sizes: Sizes,
  batch: number,
  g: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  made: Made,
): void {
  const { out, activation = 0, slope = null } = made;
  trace.operate({
    body: `let c = i % channels; let x = (i / channels) % columns + left; let y = (i / (channels * columns)) % rows + top;
  let b = i / (channels * columns * rows);
  var z = ${bias ? "m[bias + c]" : "0.0"};
  var p = 0u; if (y >= height) { p = (y - height) / down + 1u; }
  for (; p < outRows && p * down <= y; p++) {
    var q = 0u; if (x >= width) { q = (x - width) / right + 1u; }
    for (; q < outColumns && q * right <= x; q++) {
      let t = ((y - p * down) * width + x - q * right) * channels + c;
      let from_ = g + ((b * outRows + p) * outColumns + q) * features;
      var part = 0.0;
      for (var f = 0u; f < features; f++) { part = mad(m[from_ + f], m[filter_ + t * features + f], part); }
      z = z + part;
    }
  }
  ${activated(activation, slope !== null)}`,
    items: batch * sizes.rows * sizes.columns * sizes.channels,
    reads: { g, filter_: filter, ...(bias && { bias }) },
    writes: { out, ...(slope && { slope }) },
    sizes,
  });
}

/** Σ over images and places, both ascending, of the window's t-th value times each place's number. */
function filterGradient(
  trace: TraceBackend,
  sizes: Sizes,
  batch: number,
  image: TensorInfo,
  g: TensorInfo,
  out: TensorInfo,
): void {
  trace.operate({
    body: `let o = i % features; let t = i / features; var sum = 0.0;
  for (var place = 0u; place < batch * outRows * outColumns; place++) {
    let q = place % outColumns; let p = (place / outColumns) % outRows; let b = place / (outColumns * outRows);
    ${windowValue}
    sum = mad(value, m[g + place * features + o], sum);
  }
  m[out + i] = sum;`,
    items: sizes.height * sizes.width * sizes.channels * sizes.features,
    reads: { image, g },
    writes: { out },
    sizes: { ...sizes, batch },
  });
}

function sizesOf(
  image: readonly [number, number],
  places: readonly [number, number],
  filter: TensorInfo,
  attributes: Parameters<typeof numberAttribute>[0],
): Sizes {
  const [, height, width, channels, features] = axes5(filter);
  const number = (name: string): number => numberAttribute(attributes, name);
  const [[rows, columns], [outRows, outColumns]] = [image, places];
  const window = { down: number("down"), right: number("right"), top: number("top"), left: number("left") };
  return { rows, columns, channels, height, width, outRows, outColumns, features, ...window };
}

/** Twins of kernels/conv-forward.ts and kernels/transposed-conv-forward.ts. */
function forwardKernel(name: string, isTransposed: boolean): TracedKernel {
  return {
    name,
    trace(trace, inputs, attributes) {
      const [x, filter, bias] = [input(inputs, "x"), input(inputs, "filter"), input(inputs, "bias")];
      const [, batch, rows, columns] = axes5(x);
      const [, , , channels, features] = axes5(filter);
      const given = [rows, columns] as const;
      const made = [numberAttribute(attributes, "outRows"), numberAttribute(attributes, "outColumns")] as const;
      const sizes = isTransposed ? sizesOf(made, given, filter, attributes) : sizesOf(given, made, filter, attributes);
      const out = trace.output([trace.runs, batch, ...made, isTransposed ? channels : features]);
      const slope = flagAttribute(attributes, "slope") ? trace.output(out.shape) : null;
      const what = { out, activation: numberAttribute(attributes, "activation"), slope };
      (isTransposed ? spread : windowsTimes)(trace, sizes, batch, x, filter, bias, what);
      return slope ? [out, slope] : [out];
    },
  };
}

/** Twins of kernels/conv-backward.ts and kernels/transposed-conv-backward.ts. */
function backwardKernel(name: string, isTransposed: boolean): TracedKernel {
  return {
    name,
    trace(trace, inputs, attributes) {
      const [dOutput, x, filter] = [input(inputs, "dOutput"), input(inputs, "x"), input(inputs, "filter")];
      const [, batch, rows, columns] = axes5(x);
      const [, , outRows, outColumns, out] = axes5(dOutput);
      const [given, made] = [[rows, columns] as const, [outRows, outColumns] as const];
      const sizes = isTransposed ? sizesOf(made, given, filter, attributes) : sizesOf(given, made, filter, attributes);
      const g = timesEach(trace, dOutput, inputs["slope"]);
      const dFilter = trace.output(filter.shape);
      const dBias = trace.output([trace.runs, 1, out]);
      filterGradient(trace, sizes, batch, ...(isTransposed ? ([g, x] as const) : ([x, g] as const)), dFilter);
      summedRows(trace, g, dBias, batch * outRows * outColumns, out);
      if (!flagAttribute(attributes, "wantInput")) return [dFilter, dBias];
      const dInput = trace.output(x.shape);
      (isTransposed ? windowsTimes : spread)(trace, sizes, batch, g, filter, null, { out: dInput });
      return [dFilter, dBias, dInput];
    },
  };
}

export const convKernels: readonly TracedKernel[] = [
  forwardKernel("BasinConvForward", false),
  backwardKernel("BasinConvBackward", false),
  forwardKernel("BasinTransposedConvForward", true),
  backwardKernel("BasinTransposedConvBackward", true),
];
