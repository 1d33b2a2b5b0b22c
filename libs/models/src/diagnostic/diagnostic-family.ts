import { MachineFault, type PackProgram, type PackRun, type PackSink } from "@basin/engine";
import { DiagnosticParameters, diagnosticMetricNames, diagnosticValues } from "@basin/problems";
import { setTimeout as sleep } from "node:timers/promises";
import { requireSameShape, type ModelFamily } from "../family";

/** Trains nothing: takes as long, reports as much and fails as often as its parameters say. Needs no backend. */
export const diagnosticFamily: ModelFamily = {
  id: "diagnostic",
  create(definition, runs, sink) {
    requireSameShape(definition, runs);
    return Promise.resolve(new DiagnosticProgram(runs, sink));
  },
};

interface DiagnosticState {
  run: PackRun;
  parameters: DiagnosticParameters;
  names: readonly string[];
  valueAt: (step: number, k: number) => number;
  step: number;
}

const stepBytes = 8;

class DiagnosticProgram implements PackProgram {
  private states: DiagnosticState[];

  constructor(
    runs: readonly PackRun[],
    private readonly sink: PackSink,
  ) {
    this.states = runs.map((run) => {
      const parameters = DiagnosticParameters.parse(run.parameters);
      const step = run.checkpoint ? stepOf(run.checkpoint) : 0;
      return { run, parameters, names: diagnosticMetricNames(parameters), valueAt: diagnosticValues(run.seed, parameters), step };
    });
  }

  active(): readonly number[] {
    return this.states.map(({ run }) => run.index);
  }

  step(run: number): number {
    return this.stateOf(run).step;
  }

  async advance(): Promise<boolean> {
    for (const { run, parameters } of this.states) {
      // A trainer that dies without a word: no exit handler may tidy up first.
      if (run.attempt <= parameters.crashOnAttempts) process.kill(process.pid, "SIGKILL");
      if (run.attempt <= parameters.failOnAttempts) {
        throw new MachineFault(
          `Run ${run.index} was told to fail on its first ${parameters.failOnAttempts} attempts; this is number ${run.attempt}.`,
        );
      }
    }
    const seconds = this.states.reduce((longest, { parameters }) => Math.max(longest, parameters.secondsPerStep), 0);
    if (seconds > 0) await sleep(seconds * 1000);
    for (const state of [...this.states]) this.advanceRun(state);
    return this.states.length > 0;
  }

  checkpoint(run: number): Uint8Array {
    const { step, parameters } = this.stateOf(run);
    const bytes = new Uint8Array(stepBytes + parameters.checkpointBytes);
    new DataView(bytes.buffer).setFloat64(0, step, true);
    return bytes;
  }

  drop(run: number): void {
    this.leave(this.stateOf(run));
  }

  dispose(): void {
    this.states = [];
  }

  private advanceRun(state: DiagnosticState): void {
    const { run, parameters, names, valueAt } = state;
    if (state.step < parameters.steps) {
      state.step += 1;
      names.forEach((name, k) => this.sink.metric(run.index, name, state.step, valueAt(state.step, k)));
    }
    const diverged = parameters.divergeAtStep > 0 && state.step >= parameters.divergeAtStep;
    if (!diverged && state.step < parameters.steps) return;
    this.leave(state);
    this.sink.finished(run.index, {
      outcome: diverged ? "diverged" : "succeeded",
      metrics: Object.fromEntries(names.map((name, k) => [name, valueAt(state.step, k)])),
      reason: diverged ? `value0 became NaN at step ${state.step}` : null,
      artifacts: [],
    });
  }

  private stateOf(run: number): DiagnosticState {
    const state = this.states.find((one) => one.run.index === run);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  private leave(state: DiagnosticState): void {
    this.states = this.states.filter((one) => one !== state);
  }
}

function stepOf(checkpoint: Uint8Array): number {
  if (checkpoint.length < stepBytes)
    throw new RangeError(`A diagnostic checkpoint has at least ${stepBytes} bytes, not ${checkpoint.length}.`);
  return new DataView(checkpoint.buffer, checkpoint.byteOffset, stepBytes).getFloat64(0, true);
}
