import { MachineFault, type PackRun, type PackSink } from "@basin/engine";
import { DiagnosticParameters, diagnosticMetricNames, diagnosticValues } from "@basin/problems";
import { setTimeout as sleep } from "node:timers/promises";
import { requireSameShape, type ModelFamily } from "../family";
import { PackOfRuns } from "../training/pack-of-runs";
import { freshRun, type TrainingRun } from "../training/training-run";

/** Trains nothing: takes as long, reports as much and fails as often as its parameters say. Needs no backend. */
export const diagnosticFamily: ModelFamily = {
  id: "diagnostic",
  create(definition, runs, sink) {
    requireSameShape(definition, runs);
    return Promise.resolve(new DiagnosticProgram(runs, sink));
  },
};

interface DiagnosticRun extends TrainingRun<DiagnosticParameters> {
  names: readonly string[];
  valueAt: (step: number, k: number) => number;
}

const stepBytes = 8;

class DiagnosticProgram extends PackOfRuns<DiagnosticRun> {
  constructor(runs: readonly PackRun[], sink: PackSink) {
    const started = runs.map((run): DiagnosticRun => {
      const parameters = DiagnosticParameters.parse(run.parameters);
      const step = run.checkpoint ? stepOf(run.checkpoint) : 0;
      const [names, valueAt] = [diagnosticMetricNames(parameters), diagnosticValues(run.seed, parameters)];
      return { ...freshRun(run, parameters), step, names, valueAt };
    });
    super(started, sink, "step");
  }

  protected async train(): Promise<void> {
    for (const { run, parameters } of this.runs) {
      // A trainer that dies without a word: no exit handler may tidy up first.
      if (run.attempt <= parameters.crashOnAttempts) process.kill(process.pid, "SIGKILL");
      if (run.attempt <= parameters.failOnAttempts) {
        throw new MachineFault(
          `Run ${run.index} was told to fail on its first ${parameters.failOnAttempts} attempts; this is number ${run.attempt}.`,
        );
      }
    }
    const seconds = this.runs.reduce((longest, { parameters }) => Math.max(longest, parameters.secondsPerStep), 0);
    if (seconds > 0) await sleep(seconds * 1000);
    for (const one of this.runs) if (!one.left) this.advanceRun(one);
  }

  protected checkpointOf({ step, parameters }: DiagnosticRun): Uint8Array {
    const bytes = new Uint8Array(stepBytes + parameters.checkpointBytes);
    new DataView(bytes.buffer).setFloat64(0, step, true);
    return bytes;
  }

  private advanceRun(one: DiagnosticRun): void {
    const { parameters, names, valueAt } = one;
    if (one.step < parameters.steps) {
      one.step += 1;
      names.forEach((name, k) => {
        this.report(one, name, valueAt(one.step, k));
      });
    }
    const diverged = parameters.divergeAtStep > 0 && one.step >= parameters.divergeAtStep;
    if (!diverged && one.step < parameters.steps) return;
    const metrics = Object.fromEntries(names.map((name, k) => [name, valueAt(one.step, k)]));
    if (diverged) this.diverge(one, "value0", Number.NaN, metrics);
    else this.end(one, { outcome: "succeeded", metrics, reason: null, artifacts: [] });
  }
}

function stepOf(checkpoint: Uint8Array): number {
  if (checkpoint.length < stepBytes)
    throw new RangeError(`A diagnostic checkpoint has at least ${stepBytes} bytes, not ${checkpoint.length}.`);
  return new DataView(checkpoint.buffer, checkpoint.byteOffset, stepBytes).getFloat64(0, true);
}
