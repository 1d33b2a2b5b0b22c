import { SindyParameters } from "@basin/contracts";
import type { PackResources, PackRun, PackSink, ProgramArtifact } from "@basin/engine";
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
import { openCheckpoint, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import { PackOfRuns } from "../training/pack-of-runs";
import { freshRun, type TrainingRun } from "../training/training-run";
import { weightsArtifact } from "../training/weights-artifact";
import { estimateDerivatives } from "./derivatives";
import { stlsq } from "../training/stlsq";

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

interface SindyRun extends TrainingRun<SindyParameters> {
  /** Null until the first step asks for it. */
  law: MeasuredLaw | null;
}

class SindyProgram extends PackOfRuns<SindyRun> {
  constructor(
    private readonly definition: ExperimentDefinition,
    private readonly problem: MeasuredDynamicsProblem,
    runs: readonly PackRun[],
    sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const started = runs.map((run): SindyRun => {
      const fresh = freshRun(run, ownParameters(SindyParameters, run));
      const step = run.checkpoint ? openCheckpoint(run.checkpoint, identityOf(definition, run)).counter("step") : 0;
      return { ...fresh, step, law: null };
    });
    super(started, sink, "iteration");
  }

  protected train(): Promise<void> {
    for (const one of this.runs) this.iterate(one);
    return Promise.resolve();
  }

  /** The iteration alone: the regression is a pure function of seed and parameters. */
  protected checkpointOf({ run, step }: SindyRun): Uint8Array {
    return writeCheckpoint(identityOf(this.definition, run), { counters: { step } });
  }

  private iterate(one: SindyRun): void {
    const { run, parameters } = one;
    const law = (one.law ??= findLaw(this.problem, run, this.resources));
    one.step += 1;
    // The last step shows the law that is found, even where it took more fits than there are steps.
    const ends = one.step === parameters.maxIterations;
    const at = ends ? law.history.length - 1 : Math.min(one.step, law.history.length) - 1;
    const now = law.history[at]?.coefficients ?? law.coefficients;
    this.report(one, "activeTerms", Array.from(now).filter((value) => value !== 0).length);
    this.report(one, "residual", law.residuals[at] ?? Number.NaN);
    if (one.step < parameters.maxIterations) return;
    const broken = law.coefficients.some((value) => !Number.isFinite(value));
    const judged = this.problem.judge(run.parameters, law);
    const { rows } = this.problem;
    const split = rows ? [splitArtifact(rows, new Int32Array(0))] : [];
    this.end(one, {
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

function identityOf({ id, version }: ExperimentDefinition, { seed }: PackRun): CheckpointIdentity {
  return {
    format: "basin.sindy.checkpoint",
    version: "2",
    experiment: id,
    experimentVersion: String(version),
    seed: String(seed),
  };
}

/** The law of the run's measured states, variable by variable. */
export function findLaw(
  problem: MeasuredDynamicsProblem,
  run: Pick<PackRun, "seed" | "parameters">,
  resources: PackResources,
): MeasuredLaw {
  const parameters = ownParameters(SindyParameters, run);
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
  return weightsArtifact(metadata, { coefficients: { shape, values: coefficients } });
}
