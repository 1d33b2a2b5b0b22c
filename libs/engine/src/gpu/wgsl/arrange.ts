import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import { flagAttribute, input, listAttribute, numberAttribute } from "../../kernels/tensor-inputs";
import { Untraced } from "../recording";
import type { TraceBackend, TracedKernel } from "../trace-backend";

/** Copies `items` floats; `from` and `to` are WGSL of their places in terms of i. */
function copied(
  trace: TraceBackend,
  [x, from]: readonly [TensorInfo, string],
  [out, to]: readonly [TensorInfo, string],
  items: number,
  sizes: Record<string, number>,
): void {
  trace.operate({ body: `m[out + ${to}] = m[x + ${from}];`, items, reads: { x }, writes: { out }, sizes });
}

/** Side by side along an axis behind that of the runs; an input that the runs share stands in each. */
function joined(trace: TraceBackend, parts: readonly TensorInfo[], axis: number): TensorInfo {
  const [first] = parts;
  if (!first || axis === 0) throw new Untraced("tensors of several runs one behind the other");
  const width = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const inner = util.sizeFromShape(first.shape.slice(axis + 1));
  const shape = first.shape.map((size, a) => (a === axis ? width : size));
  shape[0] = Math.max(...parts.map(({ shape: [runs = 1] }) => runs));
  const out = trace.output(shape);
  let start = 0;
  for (const part of parts) {
    const own = (part.shape[axis] ?? 0) * inner;
    const sizes = { own, all: width * inner, start };
    copied(trace, [part, "i"], [out, "(i / own) * all + start + i % own"], trace.floatsOf(part.shape), sizes);
    start += own;
  }
  return out;
}

const concat: TracedKernel = {
  name: "Concat",
  trace: (trace, inputs, attributes) =>
    joined(
      trace,
      Object.values(inputs).flatMap((one) => one ?? []),
      numberAttribute(attributes, "axis"),
    ),
};

/** Twins of kernels/copy-columns.ts. */
const joinColumns: TracedKernel = {
  name: "BasinJoinColumns",
  trace(trace, inputs, attributes) {
    const parts = Array.from({ length: numberAttribute(attributes, "parts") }, (_, i) => input(inputs, `part${i}`));
    const out = joined(trace, parts, 2);
    // What the runs share stands in each of them.
    return trace.tensor([numberAttribute(attributes, "runs"), ...out.shape.slice(1)], trace.valueIn(out));
  },
};

const takeColumns: TracedKernel = {
  name: "BasinTakeColumns",
  trace(trace, inputs, attributes) {
    const x = input(inputs, "x");
    const [rows = 0, width = 0] = x.shape.slice(1);
    const [start, count] = [numberAttribute(attributes, "start"), numberAttribute(attributes, "count")];
    const out = trace.output([x.shape[0] ?? 1, rows, count]);
    copied(trace, [x, "(i / count) * width + start + i % count"], [out, "i"], rows * count, { width, start, count });
    return out;
  },
};

/** Place among the floats of `from` of item i of `to`: along each axis its own place there, plus a start, cut to what there is. */
function placeIn(from: readonly number[], to: readonly number[], starts: readonly number[], repeats: boolean): string {
  let [stride, divisor] = [1, 1];
  const terms: string[] = [];
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const [own, count, start] = [from[axis] ?? 1, to[axis] ?? 1, starts[axis] ?? 0];
    const at = `(i / ${divisor}u) % ${count}u`;
    if (own > 1) terms.push(`(${repeats && own !== count ? `(${at}) % ${own}u` : at} + ${start}u) * ${stride}u`);
    stride *= own;
    divisor *= count;
  }
  return terms.length === 0 ? "0u" : terms.join(" + ");
}

const slice: TracedKernel = {
  name: "Slice",
  trace(trace, inputs, attributes) {
    const x = input(inputs, "x");
    const [begin, wanted] = [listAttribute(attributes, "begin"), listAttribute(attributes, "size")];
    const shape = x.shape.map((size, axis) => ((wanted[axis] ?? -1) < 0 ? size - (begin[axis] ?? 0) : (wanted[axis] ?? 0)));
    if (shape[0] !== x.shape[0]) throw new Untraced("some of the runs alone");
    const out = trace.output(shape);
    const place = placeIn(x.shape.slice(1), shape.slice(1), begin.slice(1), false);
    copied(trace, [x, place], [out, "i"], trace.floatsOf(shape), {});
    return out;
  },
};

const tile: TracedKernel = {
  name: "Tile",
  trace(trace, inputs, attributes) {
    const x = input(inputs, "x");
    const shape = x.shape.map((size, axis) => size * (listAttribute(attributes, "reps")[axis] ?? 1));
    const out = trace.output(shape);
    const place = placeIn(x.shape.slice(1), shape.slice(1), [], true);
    copied(trace, [x, place], [out, "i"], trace.floatsOf(shape), {});
    return out;
  },
};

function filled(trace: TraceBackend, shape: readonly number[], value: number): TensorInfo {
  return trace.constant(shape, new Float32Array(util.sizeFromShape([...shape])).fill(value));
}

const fill: TracedKernel = {
  name: "Fill",
  trace: (trace, _inputs, attributes) => filled(trace, listAttribute(attributes, "shape"), numberAttribute(attributes, "value")),
};
const zerosLike: TracedKernel = { name: "ZerosLike", trace: (trace, inputs) => filled(trace, input(inputs, "x").shape, 0) };
const onesLike: TracedKernel = { name: "OnesLike", trace: (trace, inputs) => filled(trace, input(inputs, "x").shape, 1) };

function axesOf(given: unknown, rank: number): number[] {
  if (typeof given === "number") return [given];
  return Array.isArray(given) ? given.map(Number) : Array.from({ length: rank }, (_, axis) => axis);
}

/** Over the last axes of a run's part, from the first number to the last. */
function reduced(name: string, axesName: string, start: string, next: string, end = "all"): TracedKernel {
  return {
    name,
    trace(trace, inputs, attributes) {
      const x = input(inputs, "x");
      const axes = util.parseAxisParam(axesOf(attributes[axesName], x.shape.length), [...x.shape]).sort((a, b) => a - b);
      const kept = x.shape.length - axes.length;
      if (kept === 0 || axes.some((axis, i) => axis !== kept + i)) throw new Untraced(`${name} over the axes ${axes.join(", ")}`);
      const count = util.sizeFromShape(x.shape.slice(kept));
      const left = x.shape.slice(0, kept);
      const out = trace.output(flagAttribute(attributes, "keepDims") ? [...left, ...axes.map(() => 1)] : left);
      trace.operate({
        body: `var all = ${start}; for (var p = 0u; p < count; p++) { let v = m[x + i * count + p]; all = ${next}; } m[out + i] = ${end};`,
        items: util.sizeFromShape(left.slice(1)),
        reads: { x },
        writes: { out },
        sizes: { count },
      });
      return out;
    },
  };
}

const sum = reduced("Sum", "axis", "0.0", "all + v");
const mean = reduced("Mean", "axis", "0.0", "all + v", "divide(all, f32(count))");
const max = reduced("Max", "reductionIndices", "m[x + i * count]", "max(all, v)");

/** Kernels that put floats in other places, fill tensors or take the greatest of them. */
export const arrangingKernels: readonly TracedKernel[] = [
  concat,
  joinColumns,
  takeColumns,
  slice,
  tile,
  fill,
  zerosLike,
  onesLike,
  max,
  sum,
  mean,
];
