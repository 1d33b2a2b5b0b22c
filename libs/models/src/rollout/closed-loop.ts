import { evaluateFormulas, formulaGradients, joinColumns, meanPerRun, type Formulas } from "@basin/engine";
import type { ClosedLoop, RolledOut, Trajectories } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { networkBackward, networkForward, type LoopNetwork, type NetworkPass } from "./loop-network";
import { lowerExpressions, type SymbolSource } from "./lower-expressions";

/** Trajectories on the device, the same for all runs. */
export interface LoopData {
  count: number;
  /** [1, count, states]; null without a plant. */
  starts: tf.Tensor3D | null;
  /** By step, [1, count, signals]; none without signals. */
  signals: readonly tf.Tensor3D[];
}

/** The first `steps` steps of trajectories. The caller owns the tensors. */
export function loopData({ states, signals }: ClosedLoop, given: Trajectories, steps: number): LoopData {
  const { count } = given;
  const size = count * signals;
  return {
    count,
    starts: states > 0 ? tf.tensor3d(given.starts, [1, count, states]) : null,
    signals: Array.from({ length: signals > 0 ? steps : 0 }, (_, n) =>
      tf.tensor3d(given.signals.slice(n * size, (n + 1) * size), [1, count, signals]),
    ),
  };
}

export function disposeLoopData({ starts, signals }: LoopData): void {
  tf.dispose([...listed(starts), ...signals]);
}

/** What a step begins with. */
interface Moment {
  /** [runs or 1, count, states]; null without a plant. */
  state: tf.Tensor3D | null;
  /** [runs, count, memoryWidth]; null without memory. */
  memory: tf.Tensor3D | null;
}

interface Step {
  /** Registers of the formulas of the inputs, and of the plant with the terms. */
  seen: tf.Tensor3D;
  moved: tf.Tensor3D;
  pass: NetworkPass;
  /** [runs, count, 1] for each term. */
  terms: readonly tf.Tensor3D[];
  after: Moment;
}

/** A network in its loop: forward through time, and back (P. J. Werbos, Proc. IEEE 78, 1990). Holds no tensors. */
export class LoopProgram {
  /** What the network sees, of state and signals. */
  private readonly inputs: Formulas;
  /** The next state, if there is a plant, then every term, of state, signals and outputs. */
  private readonly plant: Formulas;

  constructor(
    readonly loop: ClosedLoop,
    readonly network: LoopNetwork,
  ) {
    const { states, signals, outputs, inputs, next, terms } = loop;
    const known: SymbolSource[] = [{ kind: "state", width: states } as const, { kind: "signal", width: signals } as const].filter(
      ({ width }) => width > 0,
    );
    this.inputs = lowerExpressions(known, [inputs]);
    this.plant = lowerExpressions(
      [...known, { kind: "output", width: outputs }],
      [...(states > 0 ? [next] : []), ...terms.map(({ value }) => [value])],
    );
  }

  /**
   * The values of the terms [runs], each a mean over the trajectories and the first `steps` steps as far as they count, and with `weights` [runs, 1, 1]
   * of the terms the gradients of their sum by the parameters, in the specs' order. Call within tf.tidy.
   */
  lossAndGradients(
    parameters: readonly tf.Tensor[],
    data: LoopData,
    steps: number,
    weights: readonly tf.Tensor3D[] | null,
  ): { terms: tf.Tensor1D[]; gradients: tf.Tensor3D[] } {
    const runs = runsOf(parameters);
    const trace: Step[] = [];
    const values = this.loop.terms.map((): tf.Tensor3D[] => []);
    let moment = this.start(data, runs);
    for (let n = 0; n < steps; n++) {
      const step = this.step(parameters, data, n, moment, weights !== null);
      this.loop.terms.forEach(({ from = 0 }, t) => {
        const value = step.terms[t];
        if (value && n >= from) values[t]?.push(value);
      });
      if (weights) trace.push(step);
      moment = step.after;
    }
    return {
      terms: values.map((all) => meanPerRun(joinColumns(all, runs))),
      gradients: weights ? this.backward(parameters, data, trace, weights) : [],
    };
  }

  /** What the trajectories of one run do. */
  roll(parameters: readonly tf.Tensor[], trajectories: Trajectories): RolledOut {
    const { states: width, outputs } = this.loop;
    const { count, steps } = trajectories;
    const states = new Float32Array((steps + 1) * count * width);
    const given = new Float32Array(steps * count * outputs);
    states.set(trajectories.starts);
    const data = loopData(this.loop, trajectories, steps);
    let moment = this.start(data, 1);
    for (let n = 0; n < steps; n++) {
      const after = tf.tidy(() => {
        const step = this.step(parameters, data, n, moment, false);
        const { state, memory } = step.after;
        if (state) states.set(state.dataSync<"float32">(), (n + 1) * count * width);
        given.set(step.pass.output.dataSync<"float32">(), n * count * outputs);
        return { state: listed(state), memory: listed(memory) };
      });
      tf.dispose([...(n === 0 ? [] : listed(moment.state)), ...listed(moment.memory)]);
      moment = { state: after.state[0] ?? null, memory: after.memory[0] ?? null };
    }
    tf.dispose([...listed(moment.state), ...listed(moment.memory)]);
    disposeLoopData(data);
    return { states, outputs: given };
  }

  private start({ starts, count }: LoopData, runs: number): Moment {
    const { memoryWidth } = this.network;
    return { state: starts, memory: memoryWidth > 0 ? tf.zeros<tf.Rank.R3>([runs, count, memoryWidth]) : null };
  }

  private step(parameters: readonly tf.Tensor[], data: LoopData, n: number, { state, memory }: Moment, traced: boolean): Step {
    const runs = runsOf(parameters);
    const known = [...listed(state), ...listed(data.signals[n] ?? null)];
    const seen = evaluateFormulas(this.inputs, known, runs);
    const pass = networkForward(this.network, parameters, need(seen.results[0]), memory, traced);
    const moved = evaluateFormulas(this.plant, [...known, pass.output], runs);
    const hasPlant = this.loop.states > 0;
    return {
      seen: seen.registers,
      moved: moved.registers,
      pass,
      terms: moved.results.slice(hasPlant ? 1 : 0),
      after: { state: hasPlant ? need(moved.results[0]) : null, memory: pass.memory },
    };
  }

  private backward(
    parameters: readonly tf.Tensor[],
    data: LoopData,
    trace: readonly Step[],
    weights: readonly tf.Tensor3D[],
  ): tf.Tensor3D[] {
    const { terms, states } = this.loop;
    const none = tf.zeros<tf.Rank.R3>([1, 1, 1]);
    const shares = weights.map((weight, t) => {
      const counted = data.count * (trace.length - (terms[t]?.from ?? 0));
      return tf.mul<tf.Tensor3D>(weight, 1 / counted);
    });
    let later: Moment = { state: states > 0 ? tf.zeros<tf.Rank.R3>([1, 1, states]) : null, memory: null };
    let total: tf.Tensor3D[] = [];
    for (let n = trace.length - 1; n >= 0; n--) {
      const step = need(trace[n]);
      const ofTerms = terms.map(({ from = 0 }, t) => (n >= from ? need(shares[t]) : none));
      const [sums, after] = [total, later];
      const next = tf.tidy(() => {
        const { layers, before } = this.stepBackward(parameters, data, step, ofTerms, after);
        return {
          total: sums.length === 0 ? layers : sums.map((one, i) => tf.add<tf.Tensor3D>(one, need(layers[i]))),
          state: listed(before.state),
          memory: listed(before.memory),
        };
      });
      tf.dispose([...sums, ...listed(after.state), ...listed(after.memory)]);
      total = next.total;
      later = { state: next.state[0] ?? null, memory: next.memory[0] ?? null };
    }
    tf.dispose([...listed(later.state), ...listed(later.memory)]);
    return total;
  }

  /** The gradients by the parameters, and by what the step began with, from those by its terms and by what it left. */
  private stepBackward(
    parameters: readonly tf.Tensor[],
    { count, signals }: LoopData,
    { seen, moved, pass }: Step,
    ofTerms: readonly tf.Tensor3D[],
    after: Moment,
  ): { layers: tf.Tensor3D[]; before: Moment } {
    const wanted = [...(this.loop.states > 0 ? [true] : []), ...(signals.length > 0 ? [false] : [])];
    const gradients = [...listed(after.state), ...ofTerms];
    const direct = formulaGradients(this.plant, { registers: moved, rows: count }, gradients, [...wanted, true]);
    const back = networkBackward(this.network, parameters, pass.traces, need(direct.at(-1)), after.memory);
    if (this.loop.states === 0) return { layers: back.layers, before: { state: null, memory: back.memory } };
    const [throughInputs] = formulaGradients(this.inputs, { registers: seen, rows: count }, [back.inputs], wanted);
    return { layers: back.layers, before: { state: tf.add(need(direct[0]), need(throughInputs)), memory: back.memory } };
  }
}

function runsOf(parameters: readonly tf.Tensor[]): number {
  return parameters[0]?.shape[0] ?? 0;
}

const listed = (tensor: tf.Tensor3D | null): tf.Tensor3D[] => (tensor ? [tensor] : []);

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A step of the loop lacks a tensor.");
  return value;
}
