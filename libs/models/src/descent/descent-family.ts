import { DescentParameters } from "@basin/contracts";
import { readSafetensors, writeSafetensors, type PackProgram, type PackRun, type PackSink } from "@basin/engine";
import type { DescentProblem, ExperimentDefinition } from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { plotArtifacts } from "../plot-artifacts";
import { freshMemory, takeStep, type RuleMemory } from "./update-rule";

/**
 * Gradient descent on analytic functions in double precision, each run by itself: two variables need no tensors. A step is one update.
 * A run ends at the tolerance, at the last step, or as diverged.
 */
export const descentFamily: ModelFamily = {
  id: "descent",
  create(definition, runs, sink) {
    requireSameShape(definition, runs);
    return Promise.resolve(new DescentProgram(definition, runs, sink));
  },
};

interface DescentState {
  run: PackRun;
  parameters: DescentParameters;
  memory: RuleMemory;
  points: Float64Array[];
  values: number[];
}

const format = "basin.descent.checkpoint";

class DescentProgram implements PackProgram {
  private readonly problem: DescentProblem;
  private states: DescentState[];

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
  ) {
    const { problem } = definition;
    if (problem.kind !== "descent") throw new TypeError(`The experiment "${definition.id}" has no function to minimise.`);
    this.problem = problem;
    this.states = runs.map((run) => this.startOrResume(run));
  }

  active(): readonly number[] {
    return this.states.map(({ run }) => run.index);
  }

  step(run: number): number {
    return this.stateOf(run).memory.steps;
  }

  advance(): Promise<boolean> {
    for (const state of [...this.states]) this.advanceRun(state);
    return Promise.resolve(this.states.length > 0);
  }

  checkpoint(run: number): Promise<Uint8Array> {
    const { points, values, memory } = this.stateOf(run);
    const dimension = points[0]?.length ?? 0;
    const vector = (all: Float64Array) => ({ shape: [all.length], values: all });
    const bytes = writeSafetensors({
      metadata: { format, ...this.identityOf(run) },
      tensors: {
        points: { shape: [points.length, dimension], values: Float64Array.from(points.flatMap((point) => [...point])) },
        values: vector(Float64Array.from(values)),
        first: vector(memory.first),
        second: vector(memory.second),
        powers: vector(Float64Array.from(memory.powers)),
      },
    });
    return Promise.resolve(bytes);
  }

  drop(run: number): void {
    this.leave(this.stateOf(run));
  }

  dispose(): void {
    this.states = [];
  }

  private identityOf(run: number): { experiment: string; experimentVersion: string; seed: string } {
    return this.identity(this.stateOf(run).run);
  }

  private identity({ seed }: PackRun): { experiment: string; experimentVersion: string; seed: string } {
    const { id, version } = this.definition;
    return { experiment: id, experimentVersion: String(version), seed: String(seed) };
  }

  private startOrResume(run: PackRun): DescentState {
    const own = Object.entries(run.parameters).filter(([name]) => name in DescentParameters.shape);
    const parameters = DescentParameters.parse(Object.fromEntries(own));
    const start = this.problem.start(run.parameters, run.seed);
    const state = {
      run,
      parameters,
      memory: freshMemory(start.length),
      points: [start],
      values: [this.problem.value(run.parameters, start)],
    };
    if (!run.checkpoint) return state;
    const { metadata, tensors } = readSafetensors(run.checkpoint);
    for (const [key, value] of Object.entries({ format, ...this.identity(run) })) {
      if (metadata[key] !== value)
        throw new RangeError(`The checkpoint has ${key} "${metadata[key] ?? ""}", but this run needs "${value}".`);
    }
    const read = (name: string): Float64Array => {
      const found = tensors[name]?.values;
      if (!(found instanceof Float64Array)) throw new RangeError(`The checkpoint has no float64 tensor "${name}".`);
      return found;
    };
    const [all, values, powers] = [read("points"), read("values"), read("powers")];
    const n = start.length;
    const points = Array.from(values, (_, i) => all.slice(i * n, (i + 1) * n));
    const memory: RuleMemory = {
      steps: points.length - 1,
      first: read("first").slice(),
      second: read("second").slice(),
      powers: [powers[0] ?? Number.NaN, powers[1] ?? Number.NaN],
    };
    return { run, parameters, memory, points, values: [...values] };
  }

  private advanceRun(state: DescentState): void {
    const { run, parameters, memory, points, values } = state;
    const { problem } = this;
    const point = Float64Array.from(points.at(-1) ?? []);
    takeStep(parameters, memory, point, problem.gradient(run.parameters, point));
    const value = problem.value(run.parameters, point);
    points.push(point);
    values.push(value);
    const excess = value - problem.minimum;
    this.sink.metric(run.index, "value", memory.steps, value);
    if (Number.isFinite(value) && excess > parameters.tolerance && memory.steps < parameters.maxSteps) return;
    this.leave(state);
    const reached = excess <= parameters.tolerance;
    const history = { points, values };
    const figures = {
      value,
      steps: memory.steps,
      reached: Number(reached),
      stepsToTolerance: reached ? memory.steps : Number.NaN,
    };
    if (!Number.isFinite(value)) {
      const reason = `value became ${value} at step ${memory.steps}`;
      this.sink.finished(run.index, { outcome: "diverged", metrics: figures, reason, artifacts: [] });
      return;
    }
    const plots = parameters.plots ? problem.plots?.(run.parameters, history) : undefined;
    this.sink.finished(run.index, {
      outcome: "succeeded",
      metrics: { ...figures, ...problem.evaluate(run.parameters, history) },
      reason: null,
      artifacts: plotArtifacts(this.definition, plots ?? {}),
    });
  }

  private stateOf(run: number): DescentState {
    const state = this.states.find((one) => one.run.index === run);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  private leave(state: DescentState): void {
    this.states = this.states.filter((one) => one !== state);
  }
}
