import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../../kernels/tensor-inputs";
import { axes5 } from "../../kernels/window-sizes";
import type { TracedKernel } from "../trace-backend";

const windowNames = ["height", "width", "outRows", "outColumns", "down", "right", "top", "left"] as const;

function windowOf(attributes: NamedAttrMap): Record<(typeof windowNames)[number], number> {
  return Object.fromEntries(windowNames.map((name) => [name, numberAttribute(attributes, name)])) as Record<
    (typeof windowNames)[number],
    number
  >;
}

/** Item i of the result of a window: its channel, place and image. */
const ofPlace = `let c = i % channels; let q = (i / channels) % outColumns; let p = (i / (channels * outColumns)) % outRows;
  let b = i / (channels * outColumns * outRows);`;

/** Item i of an image: its channel, and row and column as windows count them. */
const ofPixel = `let c = i % channels; let x = (i / channels) % columns + left; let y = (i / (channels * columns)) % rows + top;
  let b = i / (channels * columns * rows); var sum = 0.0;
  var p = 0u; if (y >= height) { p = (y - height) / down + 1u; }
  for (; p < outRows && p * down <= y; p++) {
    var q = 0u; if (x >= width) { q = (x - width) / right + 1u; }
    for (; q < outColumns && q * right <= x; q++) {
      let at = ((b * outRows + p) * outColumns + q) * channels + c;`;

/** Twin of kernels/max-pool-forward.ts; the place is in floats. */
const maxPoolForward: TracedKernel = {
  name: "BasinMaxPoolForward",
  trace(trace, inputs, attributes) {
    const image = input(inputs, "x");
    const [, batch, rows, columns, channels] = axes5(image);
    const window = windowOf(attributes);
    const shape = [trace.runs, batch, window.outRows, window.outColumns, channels];
    const [out, place] = [trace.output(shape), trace.output(shape, "int32")];
    trace.operate({
      body: `${ofPlace}
  var best = 0.0; var at = 0u; var first = true;
  for (var k = 0u; k < height * width; k++) {
    let y = p * down + k / width; let x = q * right + k % width;
    if (y < top || y >= top + rows || x < left || x >= left + columns) { continue; }
    let value = m[image + ((b * rows + y - top) * columns + x - left) * channels + c];
    if (first || value > best || (value != value && best == best)) { best = value; at = k; first = false; }
  }
  m[out + i] = best; m[place + i] = f32(at);`,
      items: trace.floatsOf(shape),
      reads: { image },
      writes: { out, place },
      sizes: { ...window, rows, columns, channels },
    });
    return [out, place];
  },
};

/** Twin of kernels/max-pool-backward.ts. */
const maxPoolBackward: TracedKernel = {
  name: "BasinMaxPoolBackward",
  trace(trace, inputs, attributes) {
    const [g, place] = [input(inputs, "dOutput"), input(inputs, "place")];
    const [, batch, , , channels] = axes5(g);
    const [rows, columns] = [numberAttribute(attributes, "rows"), numberAttribute(attributes, "columns")];
    const out = trace.output([trace.runs, batch, rows, columns, channels]);
    trace.operate({
      body: `${ofPixel}
      if (u32(m[place + at]) == (y - p * down) * width + x - q * right) { sum = sum + m[g + at]; }
    }
  }
  m[out + i] = sum;`,
      items: trace.floatsOf(out.shape),
      reads: { g, place },
      writes: { out },
      sizes: { ...windowOf(attributes), rows, columns, channels },
    });
    return out;
  },
};

/** 1 over the places of a window, rounded as the kernels round it. */
function shareOf({ height, width }: { height: number; width: number }): Float32Array {
  return Float32Array.of(1 / (height * width));
}

/** Twin of kernels/average-pool-forward.ts. */
const averagePoolForward: TracedKernel = {
  name: "BasinAveragePoolForward",
  trace(trace, inputs, attributes) {
    const image = input(inputs, "x");
    const [, batch, rows, columns, channels] = axes5(image);
    const window = windowOf(attributes);
    const out = trace.output([trace.runs, batch, window.outRows, window.outColumns, channels]);
    trace.operate({
      body: `${ofPlace} var sum = 0.0;
  for (var k = 0u; k < height * width; k++) {
    let y = p * down + k / width; let x = q * right + k % width;
    if (y < top || y >= top + rows || x < left || x >= left + columns) { continue; }
    sum = sum + m[image + ((b * rows + y - top) * columns + x - left) * channels + c];
  }
  m[out + i] = mul(sum, m[share]);`,
      items: trace.floatsOf(out.shape),
      reads: { image, share: trace.shared(trace.constant([1], shareOf(window))) },
      writes: { out },
      sizes: { ...window, rows, columns, channels },
    });
    return out;
  },
};

/** Twin of kernels/average-pool-backward.ts. */
const averagePoolBackward: TracedKernel = {
  name: "BasinAveragePoolBackward",
  trace(trace, inputs, attributes) {
    const g = input(inputs, "dOutput");
    const [, batch, , , channels] = axes5(g);
    const window = windowOf(attributes);
    const [rows, columns] = [numberAttribute(attributes, "rows"), numberAttribute(attributes, "columns")];
    const out = trace.output([trace.runs, batch, rows, columns, channels]);
    trace.operate({
      body: `${ofPixel}
      sum = sum + mul(m[g + at], m[share]);
    }
  }
  m[out + i] = sum;`,
      items: trace.floatsOf(out.shape),
      reads: { g, share: trace.shared(trace.constant([1], shareOf(window))) },
      writes: { out },
      sizes: { ...window, rows, columns, channels },
    });
    return out;
  },
};

export const poolKernels: readonly TracedKernel[] = [maxPoolForward, maxPoolBackward, averagePoolForward, averagePoolBackward];
