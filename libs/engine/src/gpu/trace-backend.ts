import * as tf from "@tensorflow/tfjs-core";
import { util, type DataId, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from "@tensorflow/tfjs-core";
import { Untraced, type Operand, type Operation, type Value } from "./recording";

export const traceBackendName = "basin-trace";

/** What an operation reads, writes and is told; tensors stand for their values as `operand` takes them. */
interface OperationOfTensors {
  body: string;
  items: number;
  reads?: Readonly<Record<string, TensorInfo | Operand>>;
  writes: Readonly<Record<string, TensorInfo | Operand>>;
  sizes?: Readonly<Record<string, number>>;
  pointwise?: boolean;
}

/** A kernel as a tracing backend has it: it adds operations in place of computing. */
export interface TracedKernel {
  name: string;
  trace(trace: TraceBackend, inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo | TensorInfo[];
}

/** A TensorFlow.js backend that writes down what is asked of it. */
export class TraceBackend extends tf.KernelBackend {
  private operations: Operation[] = [];
  private values = new Map<DataId, Value>();
  /** What a kernel leaves for another one by a tensor that has no values of its own. */
  readonly notes = new Map<DataId, unknown>();
  /** Of the step that is traced. */
  runs = 0;

  begin(runs: number): void {
    this.runs = runs;
    this.operations = [];
    this.values = new Map();
    this.notes.clear();
  }

  /** What was written down since. */
  end(): readonly Operation[] {
    const { operations } = this;
    this.begin(0);
    return operations;
  }

  valueIn({ dataId }: TensorInfo): Value {
    const known = this.values.get(dataId);
    if (known) return known;
    const host = tf.findBackend("wasm").readSync(dataId);
    return this.remember(dataId, constantOf(host));
  }

  /** A tensor as an operation of every run takes it: one that is known to the host has its runs first, or none. */
  operand(tensor: TensorInfo): Operand {
    const value = this.valueIn(tensor);
    const { home } = value;
    if (home.kind === "constant") return { value, byRun: tensor.shape[0] === this.runs };
    return { value, byRun: home.kind !== "input" || home.byRun };
  }

  /** The whole of a tensor that the runs share. */
  shared(tensor: TensorInfo): Operand {
    const value = this.valueIn(tensor);
    const { home } = value;
    if (home.kind !== "constant" && !(home.kind === "input" && !home.byRun))
      throw new Untraced("an operation that takes numbers of several runs at once");
    return { value, byRun: false };
  }

  /** A tensor [runs, …] that operations make. */
  output(shape: readonly number[], dtype: TensorInfo["dtype"] = "float32"): TensorInfo {
    return this.tensor(shape, { floats: this.floatsOf(shape), home: { kind: "temporary" } }, dtype);
  }

  /** A tensor of that shape with those values. */
  tensor(shape: readonly number[], value: Value, dtype: TensorInfo["dtype"] = "float32"): TensorInfo {
    const dataId = {};
    this.values.set(dataId, value);
    return { dataId, shape: [...shape], dtype };
  }

  constant(shape: readonly number[], values: Float32Array): TensorInfo {
    return this.tensor(shape, { floats: values.length, home: { kind: "constant", values } });
  }

  /** Floats of one run, of a tensor that has the runs, or one row in their place, as its first axis. */
  floatsOf(shape: readonly number[]): number {
    const [first = 1, ...rest] = shape;
    if (first !== this.runs && first !== 1) throw new Untraced(`a tensor [${shape.join(", ")}] of ${this.runs} runs`);
    return util.sizeFromShape(rest);
  }

  operate({ body, items, reads = {}, writes, sizes = {}, pointwise = false }: OperationOfTensors): void {
    const operands = (all: Readonly<Record<string, TensorInfo | Operand>>): Record<string, Operand> =>
      Object.fromEntries(Object.entries(all).map(([name, one]) => [name, "value" in one ? one : this.operand(one)]));
    this.operations.push({ body, items, reads: operands(reads), writes: operands(writes), sizes, pointwise });
  }

  override write(values: tf.BackendValues, shape: number[]): DataId {
    const dataId = {};
    this.move(dataId, values, shape);
    return dataId;
  }

  override move(dataId: DataId, values: tf.BackendValues, _shape: number[]): void {
    this.remember(dataId, constantOf(values));
  }

  override disposeData(): boolean {
    return true;
  }

  override incRef(): void {
    // Nothing is counted: what was written down stays until the trace ends.
  }

  override numDataIds(): number {
    return this.values.size;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override read(): Promise<tf.BackendValues> {
    return Promise.reject(new Untraced("a step that reads values of its tensors"));
  }

  override readSync(): tf.BackendValues {
    throw new Untraced("a step that reads values of its tensors");
  }

  private remember(dataId: DataId, value: Value): Value {
    this.values.set(dataId, value);
    return value;
  }
}

function constantOf(values: tf.BackendValues): Value {
  if (values.length > 0 && typeof values[0] !== "number" && typeof values[0] !== "boolean") throw new Untraced("texts");
  const floats = Float32Array.from(values as ArrayLike<number>);
  return { floats: floats.length, home: { kind: "constant", values: floats } };
}

let registered: TraceBackend | null = null;

/** The tracing backend of this thread, with the kernels that it has. */
export function traceBackend(kernels: readonly TracedKernel[]): TraceBackend {
  if (registered) return registered;
  const backend = (registered = new TraceBackend());
  tf.registerBackend(traceBackendName, () => backend, 0);
  for (const kernel of kernels)
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs }) => kernel.trace(backend, inputs, attrs ?? {}),
    });
  return backend;
}
