import * as tf from "@tensorflow/tfjs-core";
import type { PlannedStep, Step } from "../step";
import { tracedKernels } from "./kernels";
import { Untraced, type Recording, type Value } from "./recording";
import { traceBackend, traceBackendName, type TraceBackend } from "./trace-backend";

/** TensorFlow.js' words for a kernel that a backend does not have. */
const unknownKernel = /^Kernel '([^']+)' not registered/;

/**
 * Calls the step once on a backend that writes down what it does. `shapes`: of the tensors of the state, [runs, …] each. Rejects with Untraced when it asks
 * for something that no kernel of the GPU does.
 */
export async function recordStep<K>(
  step: Step<K>,
  shapes: readonly (readonly number[])[],
  { kind, inputs }: PlannedStep<K>,
): Promise<Recording> {
  const runs = shapes[0]?.[0] ?? 0;
  const trace = traceBackend(tracedKernels);
  const before = tf.getBackend();
  trace.begin(runs);
  await tf.setBackend(traceBackendName);
  try {
    const given = (shape: readonly number[], value: Value, dtype: tf.DataType): tf.Tensor => {
      return tf.engine().makeTensorFromTensorInfo(trace.tensor(shape, value, dtype), trace);
    };
    const stateFloats = shapes.map((shape) => trace.floatsOf(shape));
    const told = inputs.map(({ shape, values }) => ({ floats: floatsOf(shape, values.length, runs), byRun: shape[0] === runs }));
    const found: { state: Value[]; outputs: Value[] } = { state: [], outputs: [] };
    tf.engine().startScope("recorded step");
    try {
      const state = shapes.map((shape, index) =>
        given(shape, { floats: stateFloats[index] ?? 0, home: { kind: "state", index } }, "float32"),
      );
      const tensors = inputs.map(({ shape, values }, index) => {
        const { floats, byRun } = told[index] ?? { floats: 0, byRun: false };
        return given(
          shape,
          { floats, home: { kind: "input", index, byRun } },
          values instanceof Int32Array ? "int32" : "float32",
        );
      });
      const made = step(state, tensors, kind);
      found.state = made.state.map((one) => resultOf(trace, one));
      found.outputs = made.outputs.map((one) => resultOf(trace, one));
    } finally {
      tf.engine().endScope();
    }
    const operations = trace.end();
    return { runs, operations, ...found, stateFloats, inputs: told };
  } catch (error) {
    const [, kernel] = unknownKernel.exec(error instanceof Error ? error.message : "") ?? [];
    throw kernel === undefined ? error : new Untraced(`the kernel ${kernel}`);
  } finally {
    await tf.setBackend(before);
  }
}

/** What each run gets of a step; numbers that the host knew have those of all runs in one piece. */
function resultOf(trace: TraceBackend, tensor: tf.Tensor): Value {
  const value = trace.valueIn(tensor);
  if (value.home.kind !== "constant") return value;
  if (tensor.shape[0] !== trace.runs) throw new Untraced("a result that the runs share");
  return { floats: trace.floatsOf(tensor.shape), home: value.home };
}

function floatsOf([first = 1]: readonly number[], all: number, runs: number): number {
  return first === runs ? all / runs : all;
}
