import * as tf from "@tensorflow/tfjs-core";

/** What the host computes for one step. The leading axis of the shape has the runs, or 1 where all share the values. */
export interface StepInput {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** A step that is to be taken. */
export interface PlannedStep<K> {
  /** What the step is told beside its tensors, e.g. which of its outputs are wanted. */
  readonly kind: K;
  /**
   * Two steps with the same key do the same with the same tensors: it stands for the kind, and for everything of the host that the step reads,
   * numbers of its runs and tensors from outside alike.
   */
  readonly key: string;
  /** It reads values of its tensors: it is called, whatever takes the others. */
  readonly called?: boolean;
  /** Like those of every step with the same key, but for their values. One that is the same object as in the step before is not sent again. */
  readonly inputs: readonly StepInput[];
}

/** What a step makes: the new state, shaped as the old one, all of it new tensors, and figures for the host. */
interface SteppedTensors {
  state: readonly tf.Tensor[];
  outputs: readonly tf.Tensor[];
}

/**
 * One step of training on tensors [runs, …], in operations of TensorFlow.js and of this package. It reads no tensor's values, unless it is planned as
 * called, and keeps none of its tensors; what changes from step to step comes to it as input. Called within tf.tidy.
 */
export type Step<K> = (state: readonly tf.Tensor[], inputs: readonly tf.Tensor[], kind: K) => SteppedTensors;

/** The state after the last of some steps, and of each of them what it gave the host. */
export interface TakenSteps {
  state: tf.Tensor[];
  outputs: Float32Array[][];
}

/** A step where the backend in use takes it. */
export interface CompiledStep<K> {
  /** Takes the planned steps one after the other; disposes the state that it is given. The plan is read as it goes. */
  run(state: readonly tf.Tensor[], plan: Iterable<PlannedStep<K>>): Promise<TakenSteps>;
  /** Frees what it keeps. Idempotent. */
  dispose(): void;
}

/** Calls the step for each planned one, on the backend that TensorFlow.js computes on. */
export async function callSteps<K>(
  step: Step<K>,
  state: readonly tf.Tensor[],
  plan: Iterable<PlannedStep<K>>,
): Promise<TakenSteps> {
  const outputs: (readonly tf.Tensor[])[] = [];
  let current: readonly tf.Tensor[] = state;
  let sent = new Map<StepInput, tf.Tensor>();
  for (const { kind, inputs } of plan) {
    const next = new Map(inputs.map((one) => [one, sent.get(one) ?? tensorOf(one)]));
    for (const [one, tensor] of sent) if (!next.has(one)) tensor.dispose();
    sent = next;
    const stepped = tf.tidy(() => {
      const made = step(
        current,
        [...inputs].map((one) => next.get(one) ?? tensorOf(one)),
        kind,
      );
      return { state: [...made.state], outputs: [...made.outputs] };
    });
    tf.dispose([...current]);
    current = stepped.state;
    outputs.push(stepped.outputs);
  }
  tf.dispose([...sent.values()]);
  return { state: [...current], outputs: await readAll(outputs) };
}

/** The values of float32 tensors, read from the device at once; disposes them. */
async function readAll(outputs: readonly (readonly tf.Tensor[])[]): Promise<Float32Array[][]> {
  const tensors = outputs.flat();
  if (tensors.length === 0) return outputs.map(() => []);
  const gathered = tf.tidy(() => tf.concat1d(tensors.map((one) => tf.reshape(one, [one.size]))));
  const values = await gathered.data<"float32">();
  tf.dispose([gathered, ...tensors]);
  let start = 0;
  return outputs.map((all) => all.map(({ size }) => values.slice(start, (start += size))));
}

function tensorOf({ shape, values }: StepInput): tf.Tensor {
  return tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
}
