import * as tf from "@tensorflow/tfjs-core";
import { MachineFault } from "../backend/machine-fault";
import { callSteps, type CompiledStep, type PlannedStep, type Step, type StepInput, type TakenSteps } from "../step";
import { ScheduleChoice } from "./choose-schedule";
import { gpuInUse, type Gpu } from "./open-gpu";
import { ReadRing } from "./read-ring";
import { recordStep } from "./record-step";
import { Untraced } from "./recording";
import { Replay } from "./replay";
import type { Rounding } from "./rounding";

/** `measured`: whichever of the two is found to be faster. */
export const scheduleWishes = ["measured", "grid", "fused"] as const;

export interface GpuSettings {
  rounding: Rounding;
  schedule: (typeof scheduleWishes)[number];
  /** Hears once of a step why it is not taken on the GPU. */
  refused: (reason: string) => void;
}

/** What came out of some steps that were queued. */
interface QueuedOutputs {
  values: Promise<Float32Array>;
  steps: number;
  replay: Replay;
}

/** A step that is recorded once for each key and taken on a GPU from then on; on wasm where it cannot be recorded. */
export class GpuStep<K> implements CompiledStep<K> {
  private readonly replays = new Map<string, { replay: Replay; schedule: ScheduleChoice }>();
  private readonly ring: ReadRing;
  private shapes: readonly (readonly number[])[] = [];
  /** Which holds the state, and the tensors that it stands for. */
  private holder: Replay | null = null;
  private held: readonly tf.Tensor[] = [];
  private refusal: string | null = null;

  constructor(
    private readonly step: Step<K>,
    private readonly gpu: Gpu,
    private readonly settings: GpuSettings,
  ) {
    this.ring = new ReadRing(gpu.device);
  }

  async run(state: readonly tf.Tensor[], plan: Iterable<PlannedStep<K>>): Promise<TakenSteps> {
    if (this.refused()) return callSteps(this.step, state, plan);
    const shapes = state.map(({ shape }) => shape);
    if (shapes.join(";") !== this.shapes.join(";")) this.forget();
    this.shapes = shapes;
    let current = state;
    const outputs: Float32Array[][] = [];
    for (const steps of sameKinds(plan)) {
      const [first] = steps;
      const taken = first.called || this.refused() ? null : await this.takeAll(current, first, steps);
      const next = taken ?? (await callSteps(this.step, current, steps));
      current = next.state;
      outputs.push(...next.outputs);
    }
    return { state: [...current], outputs };
  }

  dispose(): void {
    this.forget();
    this.ring.destroy();
  }

  private refused(): boolean {
    return this.refusal !== null;
  }

  private forget(): void {
    for (const { replay } of this.replays.values()) replay.destroy();
    this.replays.clear();
    this.holder = null;
    this.held = [];
  }

  /** Null where the step cannot be recorded. */
  private async takeAll(
    state: readonly tf.Tensor[],
    first: PlannedStep<K>,
    steps: readonly PlannedStep<K>[],
  ): Promise<TakenSteps | null> {
    const found = this.replays.get(first.key) ?? (await this.recorded(first));
    if (!found) return null;
    try {
      return await this.taken(state, steps, found);
    } catch (error) {
      throw this.faultOf(error);
    }
  }

  /** What failed while the device was there no more is no fault of the pack's. */
  private faultOf(error: unknown): unknown {
    return gpuInUse() === this.gpu ? error : new MachineFault("the GPU was lost", { cause: error });
  }

  private async taken(
    state: readonly tf.Tensor[],
    steps: readonly PlannedStep<K>[],
    { replay, schedule }: { replay: Replay; schedule: ScheduleChoice },
  ): Promise<TakenSteps> {
    this.giveState(replay, state);
    const queued: QueuedOutputs[] = [];
    for (let start = 0; start < steps.length; start += replay.capacity) {
      const part = steps.slice(start, start + replay.capacity);
      replay.writeInputs(part.map(({ inputs }) => inputs));
      await schedule.take(part.length);
      const { at, floats } = replay.outputs(part.length);
      queued.push({ ...(await this.ring.read(replay.arena, [{ at, floats }])), steps: part.length, replay });
    }
    const { values } = await this.ring.read(replay.arena, [replay.state]);
    const outputs = (await Promise.all(queued.map(unpackedOutputs))).flat();
    const next = this.tensorsOf(replay, await values);
    tf.dispose([...state]);
    this.held = next;
    return { state: next, outputs };
  }

  private async recorded(first: PlannedStep<K>): Promise<{ replay: Replay; schedule: ScheduleChoice } | null> {
    try {
      const recording = await recordStep(this.step, this.shapes, first);
      const replay = new Replay(this.gpu, recording, this.settings.rounding);
      const made = { replay, schedule: new ScheduleChoice(this.gpu.device, replay, this.settings.schedule) };
      this.replays.set(first.key, made);
      return made;
    } catch (error) {
      if (!(error instanceof Untraced)) throw error;
      this.refusal = error.message;
      this.settings.refused(error.message);
      return null;
    }
  }

  /** Puts the state into the replay's buffer, unless it lies there from the last steps. */
  private giveState(replay: Replay, state: readonly tf.Tensor[]): void {
    const known = this.holder !== null && state.length === this.held.length && state.every((one, i) => one === this.held[i]);
    if (known && this.holder && this.holder !== replay) {
      const encoder = this.gpu.device.createCommandEncoder();
      const [from, to] = [this.holder.state, replay.state];
      encoder.copyBufferToBuffer(this.holder.arena, 4 * from.at, replay.arena, 4 * to.at, 4 * from.floats);
      this.gpu.device.queue.submit([encoder.finish()]);
    }
    if (!known) replay.writeState(packedState(replay, state));
    this.holder = replay;
  }

  private tensorsOf(replay: Replay, values: Float32Array): tf.Tensor[] {
    const { floats, places } = replay.stateBlock;
    const { runs, stateFloats } = replay.recording;
    return this.shapes.map((shape, i) => {
      const size = stateFloats[i] ?? 0;
      const all = new Float32Array(runs * size);
      for (let run = 0; run < runs; run++) {
        const from = run * floats + (places[i] ?? 0);
        all.set(values.subarray(from, from + size), run * size);
      }
      return tf.tensor(all, [...shape]);
    });
  }
}

function packedState(replay: Replay, state: readonly tf.Tensor[]): Float32Array {
  const { floats, places } = replay.stateBlock;
  const { runs, stateFloats } = replay.recording;
  const all = new Float32Array(runs * floats);
  state.forEach((tensor, i) => {
    const values = tensor.dataSync<"float32">();
    const size = stateFloats[i] ?? 0;
    for (let run = 0; run < runs; run++) all.set(values.subarray(run * size, (run + 1) * size), run * floats + (places[i] ?? 0));
  });
  return all;
}

/** Of every step the outputs [runs, …], each as wasm would give it. */
async function unpackedOutputs({ values, steps, replay }: QueuedOutputs): Promise<Float32Array[][]> {
  const all = await values;
  const { runs, outputs } = replay.recording;
  const { block } = replay.outputs(steps);
  return Array.from({ length: steps }, (_, step) => {
    let at = 0;
    return outputs.map(({ floats }) => {
      const own = new Float32Array(runs * floats);
      for (let run = 0; run < runs; run++) {
        const from = (step * runs + run) * block + at;
        own.set(all.subarray(from, from + floats), run * floats);
      }
      at += 4 * Math.ceil(floats / 4);
      return own;
    });
  });
}

/** Steps planned at once before any of them is taken. */
const mostPlanned = 4096;
const mostPlannedBytes = 256 * 1024 ** 2;

/** The plan in pieces whose steps have the same key; one that is called stands alone, and is taken before the next is asked for. */
function* sameKinds<K>(plan: Iterable<PlannedStep<K>>): Generator<[PlannedStep<K>, ...PlannedStep<K>[]]> {
  let piece: PlannedStep<K>[] = [];
  let bytes = 0;
  const seen = new Set<StepInput>();
  for (const step of plan) {
    const [first, ...others] = piece;
    if (first && (step.called || step.key !== first.key || piece.length >= mostPlanned || bytes > mostPlannedBytes)) {
      yield [first, ...others];
      piece = [];
      bytes = 0;
      seen.clear();
    }
    if (step.called) {
      yield [step];
      continue;
    }
    piece.push(step);
    for (const one of step.inputs) if (!seen.has(one)) bytes += one.values.byteLength;
    step.inputs.forEach((one) => seen.add(one));
  }
  const [first, ...others] = piece;
  if (first) yield [first, ...others];
}
