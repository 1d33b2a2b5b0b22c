import {
  compileStep,
  optimizerStep,
  selectRuns,
  type CompiledStep,
  type PackResources,
  type PackRun,
  type PackSink,
  type PlannedStep,
} from "@basin/engine";
import {
  requireLoop,
  requireTrajectories,
  type ExperimentDefinition,
  type LearnedLoop,
  type RolloutProblem,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3 } from "../derivative-propagation/jet";
import { plotArtifacts } from "../plot-artifacts";
import { openCheckpoint, stateTensors, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import { globalNorm, limitNorm } from "../training/gradient-limit";
import { optimizerRows } from "../training/optimizer-table";
import { PackOfRuns } from "../training/pack-of-runs";
import { startValues } from "../training/start-values";
import {
  disposeState,
  freshHostTensors,
  fromStepState,
  keepRows,
  namedTensors,
  readRow,
  readRun,
  rowOf,
  stepState,
  toDevice,
  type HostTensors,
  type TensorState,
} from "../training/tensor-state";
import { weightsArtifact } from "../training/weights-artifact";
import { disposeLoopData, loopData, LoopProgram, type LoopData } from "./closed-loop";
import { initialLoopWeights, loopNetwork } from "./loop-network";
import { freshRolloutRun, nextRows, rowsByHorizon, type RolloutRun } from "./rollout-run";

/** What a step is told. */
interface RolloutKind {
  /** Rows by the horizon of their epoch. */
  groups: readonly (readonly [horizon: number, rows: readonly number[]])[];
  /** Whether the terms of the loss are wanted, too, behind the norm of the gradient. */
  terms: boolean;
}

/**
 * A pack of networks in closed loop. One `advance` is `reportEvery` epochs of every run; runs may stand at different epochs, and those with the same
 * horizon go through time together.
 */
export class RolloutProgram extends PackOfRuns<RolloutRun> {
  private readonly problem: RolloutProblem;
  private readonly program: LoopProgram;
  private readonly identity: CheckpointIdentity;
  private readonly data: LoopData;
  private readonly compiled: CompiledStep<RolloutKind>;
  private tensors: TensorState;

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const { problem } = definition;
    if (problem.kind !== "rollout") throw new TypeError(`The experiment "${definition.id}" has no loop for a rollout.`);
    super(runs.map(freshRolloutRun), sink, "epoch");
    const [first] = this.runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    const loop = problem.loop(first.run.parameters, resources);
    const { horizon, activation, cell, optimizer } = first.parameters;
    requireLoop(loop, horizon);
    const network = loopNetwork(loop, first.parameters);
    this.program = new LoopProgram(loop, network);
    this.identity = {
      family: "rollout",
      experiment: definition.id,
      experimentVersion: String(definition.version),
      widths: network.widths.join(","),
      activation,
      cell,
      optimizer,
    };
    const hosts = this.runs.map((one) => {
      const afresh = (): Float32Array[] => initialLoopWeights(network, one.parameters, one.run.seed);
      const values = startValues(network.specs, one.parameters.startFrom, resources, afresh);
      return this.resumed(one, freshHostTensors(values, optimizer, false));
    });
    this.tensors = toDevice(hosts, network.specs);
    this.data = loopData(loop, loop.training, horizon);
    this.compiled = compileStep((state, [table], kind) => this.trained(state, table as tf.Tensor2D, kind));
  }

  protected async train(): Promise<void> {
    const { reportEvery } = this.runs[0]?.parameters ?? { reportEvery: 1 };
    const { state, outputs } = await this.compiled.run(stepState(this.tensors), this.plannedSteps(reportEvery));
    this.tensors = fromStepState(state, this.tensors.parameters.length);
    const terms = outputs.at(-1)?.slice(1) ?? [];
    this.runs.forEach((one, row) => {
      const own = (figures: readonly (Float32Array | undefined)[]): number[] => figures.map((all) => all?.[row] ?? Number.NaN);
      this.endBlock(one, row, own(terms), own(outputs.map(([norm]) => norm)));
    });
  }

  protected checkpointOf(one: RolloutRun, row: number): Uint8Array {
    const [power1, power2] = one.powers;
    return writeCheckpoint(this.checkpointIdentity(one.run), {
      counters: { epoch: one.step, power1, power2, largestNorm: one.largestNorm },
      tensors: stateTensors(this.program.network.specs, readRun(this.tensors, row)),
    });
  }

  protected override keepRows(rows: readonly number[]): void {
    this.tensors = keepRows(this.tensors, rows);
  }

  protected override disposeTensors(): void {
    this.compiled.dispose();
    disposeState(this.tensors);
    disposeLoopData(this.data);
  }

  private checkpointIdentity({ seed }: PackRun): CheckpointIdentity {
    return { format: "basin.rollout.checkpoint", version: "1", ...this.identity, seed: String(seed) };
  }

  private resumed(one: RolloutRun, fresh: HostTensors): HostTensors {
    if (!one.run.checkpoint) return fresh;
    const { counter, state } = openCheckpoint(one.run.checkpoint, this.checkpointIdentity(one.run));
    one.step = counter("epoch");
    one.powers = [counter("power1"), counter("power2")];
    one.largestNorm = counter("largestNorm");
    return state(this.program.network.specs, fresh);
  }

  private weightsOf({ run }: RolloutRun): number[] {
    return this.program.loop.terms.map((term) => term.weight(run.parameters));
  }

  /** That many steps of every run; each is counted when it is asked for. */
  private *plannedSteps(epochs: number): Generator<PlannedStep<RolloutKind>> {
    const runs = this.runs.map(({ run }) => run.index).join();
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const groups = [...rowsByHorizon(this.runs)];
      const terms = epoch === epochs;
      yield {
        kind: { groups, terms },
        key: `${runs}; ${groups.map(([horizon, rows]) => `${horizon}: ${rows.join()}`).join("; ")}; ${terms}`,
        inputs: [optimizerRows(nextRows(this.runs))],
      };
    }
  }

  private trained(
    state: readonly tf.Tensor[],
    table: tf.Tensor2D,
    kind: RolloutKind,
  ): { state: tf.Tensor[]; outputs: tf.Tensor[] } {
    const { parameters, slots } = fromStepState(state, this.tensors.parameters.length);
    const { terms, gradients } = this.evaluated(parameters, kind.groups);
    const norm = globalNorm(gradients);
    const limits = this.runs.map(({ parameters: { clipNorm } }) => (clipNorm > 0 ? clipNorm : Number.POSITIVE_INFINITY));
    const limited = limitNorm(gradients, norm, tf.tensor3d(limits, [limits.length, 1, 1]));
    const { optimizer } = this.runs[0]?.parameters ?? { optimizer: "adam" as const };
    const stepped = optimizerStep(optimizer, parameters, limited, slots, table);
    return { state: [...stepped.weights, ...stepped.slots.flat()], outputs: [norm, ...(kind.terms ? terms : [])] };
  }

  /** The terms of every run's loss and the gradients of their weighted sum. Call within tf.tidy. */
  private evaluated(
    parameters: readonly tf.Tensor[],
    byHorizon: RolloutKind["groups"],
  ): { terms: tf.Tensor1D[]; gradients: tf.Tensor3D[] } {
    const groups = byHorizon.map(([horizon, rows]) => {
      const whole = rows.length === this.runs.length;
      const own = whole ? parameters : parameters.map((one) => selectRuns(one, rows));
      const weights = rows.map((row) => this.runs[row]).map((one) => (one ? this.weightsOf(one) : []));
      const columns = this.program.loop.terms.map((_, t) =>
        tf.tensor3d(
          weights.map((all) => all[t] ?? 0),
          [rows.length, 1, 1],
        ),
      );
      return { rows, ...this.program.lossAndGradients(own, this.data, horizon, columns) };
    });
    const [only, ...others] = groups;
    if (!only) throw new RangeError("A pack needs at least one run.");
    if (others.length === 0) return only;
    // Each group's rows stand one behind the other; every run's are put back into its own place.
    const order = groups.flatMap(({ rows }) => rows);
    const places = this.runs.map((_, row) => order.indexOf(row));
    return {
      terms: only.terms.map((_, t) => selectRuns(tf.concat1d(groups.flatMap(({ terms }) => terms[t] ?? [])), places)),
      gradients: only.gradients.map((_, i) => {
        const all = groups.map(({ gradients }) => tensor3(gradients, i));
        return selectRuns(tf.concat3d(all, 0), places);
      }),
    };
  }

  private endBlock(one: RolloutRun, row: number, terms: readonly number[], norms: readonly number[]): void {
    if (one.left) return;
    const loss = weightedSum(this.weightsOf(one), terms);
    const gradientNorm = norms.at(-1) ?? Number.NaN;
    one.largestNorm = Math.max(one.largestNorm, ...norms);
    this.report(one, "loss", loss);
    this.program.loop.terms.forEach(({ metric }, t) => {
      this.report(one, metric, terms[t] ?? Number.NaN);
    });
    this.report(one, "gradientNorm", gradientNorm);
    if (!Number.isFinite(loss)) this.endDiverged(one, "loss", loss, gradientNorm);
    else if (one.step >= one.parameters.epochs) this.finish(one, row, gradientNorm);
  }

  private endDiverged(one: RolloutRun, what: string, value: number, gradientNorm: number): void {
    const norms = { gradientNorm, largestGradientNorm: one.largestNorm };
    const loss = what === "loss" ? value : Number.NaN;
    this.diverge(one, what, value, { loss, ...norms, ...this.problem.diverged() });
  }

  /** Judges the network as it is after the last step. */
  private finish(one: RolloutRun, row: number, gradientNorm: number): void {
    const own = rowOf(this.tensors.parameters, row);
    try {
      const learned = this.learned(one, own);
      if (!Number.isFinite(learned.loss)) {
        this.endDiverged(one, "loss", learned.loss, gradientNorm);
        return;
      }
      const judged = this.problem.judge(one.run.parameters, learned, this.resources);
      const plots = one.parameters.plots ? plotArtifacts(this.definition, judged.plots()) : [];
      const metadata = { ...this.identity, seed: String(one.run.seed), epoch: String(one.step) };
      const weights = namedTensors("", this.program.network.specs, readRow(this.tensors.parameters, row));
      this.end(one, {
        outcome: "succeeded",
        metrics: {
          loss: learned.loss,
          ...learned.terms,
          gradientNorm,
          largestGradientNorm: one.largestNorm,
          ...judged.metrics,
        },
        labels: judged.labels,
        reason: null,
        artifacts: [weightsArtifact(metadata, weights), ...plots],
      });
    } finally {
      tf.dispose(own);
    }
  }

  private learned(one: RolloutRun, own: readonly tf.Tensor[]): LearnedLoop {
    const { loop } = this.program;
    const values = tf.tidy(() =>
      this.program
        .lossAndGradients(own, this.data, one.parameters.horizon, null)
        .terms.map((term) => term.dataSync<"float32">()[0] ?? Number.NaN),
    );
    return {
      roll: (trajectories) => {
        requireTrajectories(loop, trajectories);
        return this.program.roll(own, trajectories);
      },
      terms: Object.fromEntries(loop.terms.map(({ metric }, t) => [metric, values[t] ?? Number.NaN])),
      loss: weightedSum(this.weightsOf(one), values),
    };
  }
}

/** Σ weight · term; a term of weight 0 counts nothing, whatever it is. */
function weightedSum(weights: readonly number[], terms: readonly number[]): number {
  return terms.reduce((sum, term, t) => (weights[t] === 0 ? sum : sum + (weights[t] ?? 0) * term), 0);
}
