import { DescentParameters } from "@basin/contracts";
import type { PackRun, PackSink } from "@basin/engine";
import type { DescentProblem, ExperimentDefinition } from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { plotArtifacts } from "../plot-artifacts";
import { openCheckpoint, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import { PackOfRuns } from "../training/pack-of-runs";
import { freshRun, type TrainingRun } from "../training/training-run";
import { addNoise, freshMemory, takeStep, type RuleMemory } from "./update-rule";

/**
 * Gradient descent on analytic functions in double precision, each run by itself: a few variables need no tensors. A step is one update.
 * A run ends at the tolerance, at the last step, or as diverged.
 */
export const descentFamily: ModelFamily = {
  id: "descent",
  create(definition, runs, sink) {
    requireSameShape(definition, runs);
    return Promise.resolve(new DescentProgram(definition, runs, sink));
  },
};

interface DescentRun extends TrainingRun<DescentParameters> {
  /** The function's least value. */
  minimum: number;
  memory: RuleMemory;
  points: Float64Array[];
  values: number[];
}

class DescentProgram extends PackOfRuns<DescentRun> {
  private readonly problem: DescentProblem;

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    sink: PackSink,
  ) {
    const { problem } = definition;
    if (problem.kind !== "descent") throw new TypeError(`The experiment "${definition.id}" has no function to minimise.`);
    super(
      runs.map((run) => startOrResume(definition, problem, run)),
      sink,
      "step",
    );
    this.problem = problem;
  }

  protected train(): Promise<void> {
    for (const one of this.runs) this.update(one);
    return Promise.resolve();
  }

  protected checkpointOf({ run, points, values, memory }: DescentRun): Uint8Array {
    const vector = (all: Float64Array) => ({ shape: [all.length], values: all });
    return writeCheckpoint(identityOf(this.definition, run), {
      counters: { power1: memory.powers[0], power2: memory.powers[1] },
      tensors: {
        points: {
          shape: [points.length, points[0]?.length ?? 0],
          values: Float64Array.from(points.flatMap((point) => [...point])),
        },
        values: vector(Float64Array.from(values)),
        first: vector(memory.first),
        second: vector(memory.second),
      },
    });
  }

  private update(one: DescentRun): void {
    const { run, parameters, memory, points, values } = one;
    const { problem } = this;
    const point = Float64Array.from(points.at(-1) ?? []);
    takeStep(parameters, memory, point, problem.gradient(run.parameters, point, run.seed, memory.steps + 1));
    addNoise(parameters.stepNoise, run.seed, memory.steps, point);
    const value = problem.value(run.parameters, point, run.seed);
    points.push(point);
    values.push(value);
    one.step = memory.steps;
    const excess = value - one.minimum;
    this.report(one, "value", value);
    if (Number.isFinite(value) && excess > parameters.tolerance && one.step < parameters.maxSteps) return;
    const reached = excess <= parameters.tolerance;
    const history = { seed: run.seed, points, values };
    const figures = {
      value,
      steps: one.step,
      reached: Number(reached),
      stepsToTolerance: reached ? one.step : Number.NaN,
    };
    if (!Number.isFinite(value)) {
      this.diverge(one, "value", value, figures);
      return;
    }
    const plots = parameters.plots ? problem.plots?.(run.parameters, history) : undefined;
    this.end(one, {
      outcome: "succeeded",
      metrics: { ...figures, ...problem.evaluate(run.parameters, history) },
      reason: null,
      artifacts: plotArtifacts(this.definition, plots ?? {}),
    });
  }
}

function identityOf({ id, version }: ExperimentDefinition, { seed }: PackRun): CheckpointIdentity {
  const format = { format: "basin.descent.checkpoint", version: "2" };
  return { ...format, experiment: id, experimentVersion: String(version), seed: String(seed) };
}

function startOrResume(definition: ExperimentDefinition, problem: DescentProblem, run: PackRun): DescentRun {
  const minimum = problem.minimum(run.parameters, run.seed);
  const fresh = { ...freshRun(run, ownParameters(DescentParameters, run)), minimum };
  const start = problem.start(run.parameters, run.seed);
  const n = start.length;
  if (!run.checkpoint)
    return { ...fresh, memory: freshMemory(n), points: [start], values: [problem.value(run.parameters, start, run.seed)] };
  const { counter, values: read } = openCheckpoint(run.checkpoint, identityOf(definition, run));
  const doubles = (name: string, length?: number): Float64Array => Float64Array.from(read(name, length));
  const values = [...doubles("values")];
  const all = doubles("points", n * values.length);
  const points = values.map((_, i) => all.slice(i * n, (i + 1) * n));
  const memory: RuleMemory = {
    steps: points.length - 1,
    first: doubles("first"),
    second: doubles("second"),
    powers: [counter("power1"), counter("power2")],
  };
  return { ...fresh, step: memory.steps, memory, points, values };
}
