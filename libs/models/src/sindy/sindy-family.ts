import { SindyParameters } from "@basin/contracts";
import {
  readSafetensors,
  writeSafetensors,
  type PackProgram,
  type PackResources,
  type PackRun,
  type PackSink,
  type ProgramArtifact,
} from "@basin/engine";
import {
  buildLibrary,
  evaluateTerms,
  type ExperimentDefinition,
  type LawSnapshot,
  type MeasuredDynamicsProblem,
  type MeasuredLaw,
} from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { plotArtifacts } from "../plot-artifacts";
import { splitArtifact } from "../split-artifact";
import { estimateDerivatives } from "./derivatives";
import { stlsq } from "./stlsq";

/**
 * Sparse regression of measured states' derivatives on a library, in double precision on the host. A step is one iteration of the
 * regression; one that has settled stays as it is. For problems of the kind "measured-dynamics".
 */
export const sindyFamily: ModelFamily = {
  id: "sindy",
  create(definition, runs, sink, resources) {
    requireSameShape(definition, runs);
    const { problem } = definition;
    if (problem.kind !== "measured-dynamics") {
      return Promise.reject(new TypeError(`The experiment "${definition.id}" has no measured states for sindy.`));
    }
    return Promise.resolve(new SindyProgram(definition, problem, runs, sink, resources));
  },
};

interface RunState {
  run: PackRun;
  step: number;
  steps: number;
  /** Null until the first step asks for it. */
  law: MeasuredLaw | null;
}

class SindyProgram implements PackProgram {
  private states: RunState[];

  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: MeasuredDynamicsProblem,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
    private readonly resources: PackResources,
  ) {
    this.states = runs.map((run) => {
      const step = run.checkpoint ? stepOf(run.checkpoint, this.identity(run)) : 0;
      return { run, step, steps: parametersOf(run).maxIterations, law: null };
    });
  }

  active(): readonly number[] {
    return this.states.map(({ run }) => run.index);
  }

  step(run: number): number {
    return this.find(run).step;
  }

  advance(): Promise<boolean> {
    for (const state of [...this.states]) this.iterate(state);
    return Promise.resolve(this.states.length > 0);
  }

  /** The iteration alone: the regression is a pure function of seed and parameters. */
  checkpoint(run: number): Uint8Array {
    const state = this.find(run);
    return writeSafetensors({
      metadata: this.identity(state.run),
      tensors: { step: { shape: [1], values: Float64Array.of(state.step) } },
    });
  }

  drop(run: number): void {
    const found = this.find(run);
    this.states = this.states.filter((one) => one !== found);
  }

  dispose(): void {
    this.states = [];
  }

  private find(run: number): RunState {
    const found = this.states.find((state) => state.run.index === run);
    if (!found) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return found;
  }

  private identity({ seed }: PackRun): Record<string, string> {
    const { id, version } = this.definition;
    return {
      format: "basin.sindy.checkpoint",
      version: "1",
      experiment: id,
      experimentVersion: String(version),
      seed: String(seed),
    };
  }

  private iterate(state: RunState): void {
    const { run } = state;
    const law = (state.law ??= findLaw(this.problem, run, this.resources));
    state.step += 1;
    // The last step shows the law that is found, even where it took more fits than there are steps.
    const at = state.step === state.steps ? law.history.length - 1 : Math.min(state.step, law.history.length) - 1;
    const now = law.history[at]?.coefficients ?? law.coefficients;
    this.sink.metric(run.index, "activeTerms", state.step, Array.from(now).filter((value) => value !== 0).length);
    this.sink.metric(run.index, "residual", state.step, law.residuals[at] ?? Number.NaN);
    if (state.step < state.steps) return;
    this.drop(run.index);
    const broken = law.coefficients.some((value) => !Number.isFinite(value));
    const judged = this.problem.judge(run.parameters, law);
    const { rows } = this.problem;
    const split = rows ? [splitArtifact(rows, new Int32Array(0))] : [];
    this.sink.finished(run.index, {
      outcome: broken ? "diverged" : "succeeded",
      metrics: judged.metrics,
      labels: judged.labels,
      reason: broken ? "a coefficient is not finite" : null,
      artifacts: broken
        ? []
        : [coefficientsArtifact(this.definition, law), ...split, ...plotArtifacts(this.definition, judged.plots)],
    });
  }
}

/** The iteration of a checkpoint. Throws RangeError, naming what differs, when it belongs to another run or version. */
function stepOf(bytes: Uint8Array, identity: Record<string, string>): number {
  const { metadata, tensors } = readSafetensors(bytes);
  for (const [key, value] of Object.entries(identity)) {
    if (metadata[key] !== value)
      throw new RangeError(`The checkpoint has ${key} "${metadata[key] ?? ""}", but this run needs "${value}".`);
  }
  const step = tensors["step"]?.values[0];
  if (step === undefined) throw new RangeError("The checkpoint has no step.");
  return step;
}

function parametersOf(run: Pick<PackRun, "parameters">): SindyParameters {
  return SindyParameters.parse(
    Object.fromEntries(Object.entries(run.parameters).filter(([name]) => name in SindyParameters.shape)),
  );
}

/** The law of the run's measured states, variable by variable. */
export function findLaw(
  problem: MeasuredDynamicsProblem,
  run: Pick<PackRun, "seed" | "parameters">,
  resources: PackResources,
): MeasuredLaw {
  const parameters = parametersOf(run);
  const library = buildLibrary(parameters, problem.variables);
  const measured = problem.measure(run.parameters, run.seed, resources);
  const { samples, states, rates } = estimateDerivatives(
    measured,
    parameters.derivativeMethod,
    parameters.smoothingWindow,
    parameters.smoothingDegree,
  );
  const width = problem.variables.length;
  const terms = library.terms.length;
  const theta = new Float64Array(samples * terms);
  const row = new Float64Array(terms);
  for (let i = 0; i < samples; i++) {
    evaluateTerms(library, states.subarray(i * width, (i + 1) * width), row);
    theta.set(row, i * terms);
  }
  const histories = problem.variables.map((_, v) =>
    stlsq(
      theta,
      Float64Array.from({ length: samples }, (__, i) => rates[i * width + v] ?? Number.NaN),
      terms,
      parameters,
    ),
  );
  const longest = Math.max(...histories.map((history) => history.length));
  const history = Array.from({ length: longest }, (_, i): LawSnapshot => {
    const coefficients = new Float64Array(terms * width);
    histories.forEach((one, v) => (one[i] ?? one.at(-1))?.forEach((value, k) => (coefficients[k * width + v] = value)));
    return { block: i + 1, coefficients };
  });
  const residuals = history.map(({ coefficients }) => unexplainedShare(theta, rates, coefficients, terms, width));
  return { library, coefficients: Float64Array.from(history.at(-1)?.coefficients ?? []), history, residuals };
}

function unexplainedShare(
  theta: Float64Array,
  rates: Float64Array,
  coefficients: ArrayLike<number>,
  terms: number,
  width: number,
): number {
  let [error, square] = [0, 0];
  for (let at = 0; at < rates.length; at++) {
    const [i, v] = [Math.floor(at / width), at % width];
    const rate = rates[at] ?? Number.NaN;
    let rest = rate;
    for (let k = 0; k < terms; k++) {
      const coefficient = coefficients[k * width + v] ?? 0;
      if (coefficient !== 0) rest -= coefficient * (theta[i * terms + k] ?? Number.NaN);
    }
    error += rest * rest;
    square += rate * rate;
  }
  return error / square;
}

function coefficientsArtifact({ id, version }: ExperimentDefinition, { library, coefficients }: MeasuredLaw): ProgramArtifact {
  const metadata = {
    experiment: id,
    experimentVersion: String(version),
    family: "sindy",
    library: library.terms.map(({ text }) => text).join(","),
  };
  const shape = [library.terms.length, coefficients.length / library.terms.length];
  return {
    name: "weights.safetensors",
    kind: "weights",
    mediaType: "application/octet-stream",
    content: writeSafetensors({ metadata, tensors: { coefficients: { shape, values: coefficients } } }),
  };
}
