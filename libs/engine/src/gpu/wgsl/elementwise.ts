import { util, type NamedTensorInfoMap, type TensorInfo } from "@tensorflow/tfjs-core";
import { input } from "../../kernels/tensor-inputs";
import type { Operand } from "../recording";
import type { TraceBackend, TracedKernel } from "../trace-backend";

/** The place of item i of a tensor `to` among the floats of one that it is spread from, as WGSL; numbers go to `sizes`. */
function spreadIndex(from: readonly number[], to: readonly number[], name: string, sizes: Record<string, number>): string {
  if (from.join() === to.join()) return "i";
  const number = (value: number): string => {
    const key = `${name}${Object.keys(sizes).length}`;
    sizes[key] = value;
    return key;
  };
  const terms: string[] = [];
  let [stride, divisor] = [1, 1];
  for (let axis = to.length - 1; axis >= 0;) {
    const own = from[axis - to.length + from.length] ?? 1;
    // Neighbouring axes that are both spread, or both not, are as good as one.
    let [count, last] = [1, axis];
    while (last >= 0 && ((from[last - to.length + from.length] ?? 1) === 1) === (own === 1)) count *= to[last--] ?? 1;
    if (own !== 1) {
      const divided = divisor === 1 ? "i" : `i / ${number(divisor)}`;
      const cut = last < 0 ? divided : `(${divided}) % ${number(count)}`;
      terms.push(stride === 1 ? `(${cut})` : `(${cut}) * ${number(stride)}`);
      stride *= count;
    }
    divisor *= count;
    axis = last;
  }
  return terms.length === 0 ? "0u" : terms.join(" + ");
}

/** A tensor as an elementwise operation of that rank takes it, and the axes of a run's part of it. */
function part(trace: TraceBackend, tensor: TensorInfo, rank: number): { operand: Operand; axes: number[] } {
  const operand = trace.operand(tensor);
  const { home } = operand.value;
  if (tensor.shape.length === rank) return { operand, axes: tensor.shape.slice(1) };
  // Of a lower rank: spread over the runs too, unless an operation made it, for each run.
  return { operand: home.kind === "constant" ? { ...operand, byRun: false } : operand, axes: tensor.shape };
}

/** out[i] = f(inputs[i], …), each spread to the common shape; `f` is WGSL in the inputs' names. */
function elementwise(
  name: string,
  inputNames: readonly string[],
  f: string,
  dtype: "float32" | "bool" = "float32",
): TracedKernel {
  return {
    name,
    trace(trace, inputs) {
      const tensors = inputNames.map((one) => input(inputs, one));
      const shape = tensors.map((one) => one.shape).reduce(common);
      const out = trace.output(shape, dtype);
      const axes = shape.slice(1);
      const sizes: Record<string, number> = {};
      const reads: Record<string, Operand> = {};
      const loads = tensors.map((tensor, k) => {
        const own = part(trace, tensor, shape.length);
        reads[`p${k}`] = own.operand;
        return `let ${inputNames[k]} = m[p${k} + ${spreadIndex(own.axes, axes, `s${k}_`, sizes)}];`;
      });
      trace.operate({
        body: `${loads.join(" ")} m[out + i] = ${f};`,
        items: util.sizeFromShape(axes),
        reads,
        writes: { out },
        sizes,
        pointwise: true,
      });
      return out;
    },
  };
}

function common(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [own, other] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    return own === 1 ? other : own;
  });
}

/** The same values in another shape. */
function renamed(name: string, shapeOf: (x: TensorInfo, attributes: Record<string, unknown>) => readonly number[]): TracedKernel {
  return {
    name,
    trace(trace, inputs: NamedTensorInfoMap, attributes) {
      const x = input(inputs, "x");
      return trace.tensor(shapeOf(x, { ...attributes }), trace.valueIn(x), x.dtype);
    },
  };
}

function reshaped({ shape }: TensorInfo, attributes: Record<string, unknown>): number[] {
  const wanted = Array.isArray(attributes["shape"]) ? attributes["shape"].map(Number) : [];
  return util.inferFromImplicitShape(wanted, util.sizeFromShape(shape));
}

/** The values of TensorFlow.js' own elementwise kernels, as its wasm backend has them. */
export const elementwiseKernels: readonly TracedKernel[] = [
  elementwise("Add", ["a", "b"], "a + b"),
  elementwise("Sub", ["a", "b"], "a - b"),
  elementwise("Multiply", ["a", "b"], "mul(a, b)"),
  elementwise("RealDiv", ["a", "b"], "divide(a, b)"),
  elementwise("Maximum", ["a", "b"], "select(a, b, a < b)"),
  elementwise("Minimum", ["a", "b"], "select(a, b, b < a)"),
  elementwise("Greater", ["a", "b"], "select(0.0, 1.0, a > b)", "bool"),
  elementwise("Less", ["a", "b"], "select(0.0, 1.0, a < b)", "bool"),
  elementwise("NotEqual", ["a", "b"], "select(0.0, 1.0, a != b)", "bool"),
  elementwise("Select", ["condition", "t", "e"], "select(e, t, condition != 0.0)"),
  elementwise("Square", ["x"], "mul(x, x)"),
  elementwise("Sqrt", ["x"], "root(x)"),
  elementwise("Abs", ["x"], "abs(x)"),
  elementwise("Neg", ["x"], "-x"),
  // TensorFlow.js takes what is smaller than 2⁻²³ for 0 there.
  elementwise("Sign", ["x"], "select(0.0, select(1.0, -1.0, x < 0.0), abs(x) >= 1.1920928955078125e-7)"),
  elementwise("Relu", ["x"], "select(select(0.0, x, x > 0.0), x, x != x)"),
  // For libraries alone, which take no sine that counts: see library.ts.
  elementwise("Sin", ["x"], "sine(x)"),
  elementwise("Cos", ["x"], "cosine(x)"),
  renamed("Identity", ({ shape }) => shape),
  renamed("Cast", ({ shape }) => shape),
  renamed("Reshape", reshaped),
];
