import type { PackResources, PackRun, PackSink, PlannedStep } from "@basin/engine";
import {
  lossParts,
  pointsOf,
  requireWindow,
  stepOf,
  weightAt,
  type DifferentialEquationProblem,
  type DifferentialEquationSystem,
  type ExperimentDefinition,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { JetTensors } from "../derivative-propagation/jet";
import { plotArtifacts } from "../plot-artifacts";
import { openCheckpoint, stateTensors, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import { PackOfRuns } from "../training/pack-of-runs";
import { startValues } from "../training/start-values";
import {
  disposeState,
  freshHostTensors,
  fromStepState,
  keepRows,
  namedTensors,
  numbersOf,
  readRow,
  readRun,
  rowOf,
  stepState,
  toDevice,
  type HostTensors,
  type TensorSpec,
  type TensorState,
} from "../training/tensor-state";
import { weightsArtifact } from "../training/weights-artifact";
import { balanced, gradientNorms } from "./balance";
import { buildEquationLoss, disposeEquationLoss, inputJets, type EquationLoss } from "./equation-loss";
import { readAll, withRows } from "../training/lbfgs-phase";
import { learnedSolution } from "./learned-solution";
import { partColumns, weightedSum, type PartColumns } from "./part-weights";
import { freshPinnRun, historyEvery, isDue, progressOf, type PinnRun } from "./pinn-run";
import { countersOf, ownTensors, resumeRun } from "./run-record";
import { compilePinnStep, plannedEpoch, type CompiledPinnStep, type PinnKind, type PinnPack } from "./pinn-step";
import { initialPinnValues, ownRates, pinnTensorSpecs } from "./pinn-tensors";
import { parameterLayout, pruned, type ParameterLayout } from "./pruning";
import { drawWhereLarge, redrawnGrids, residualsAt, type Candidates } from "./redraw";

/**
 * A pack of physics-informed networks. One `advance` is `reportEvery` epochs of every run, after which the losses that the last of
 * them began with are reported; runs may stand at different epochs.
 */
export class PinnProgram extends PackOfRuns<PinnRun> {
  private readonly problem: DifferentialEquationProblem;
  private readonly equationLoss: EquationLoss;
  private readonly layout: ParameterLayout;
  private readonly specs: readonly TensorSpec[];
  private readonly identity: CheckpointIdentity;
  private readonly blockEpochs: number;
  private tensors: TensorState;
  private readonly compiled: CompiledPinnStep;
  /** Of every pass of the loss. */
  private jets: readonly JetTensors[];
  /** Counts the jets that there have been. */
  private version = 0;
  /** Of the step that comes, with the numbers that they were made of. */
  private weights: PartColumns & { key: string };

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const { problem } = definition;
    if (problem.kind !== "differential-equation")
      throw new TypeError(`The experiment "${definition.id}" has no differential equation for a pinn.`);
    super(runs.map(freshPinnRun), sink, "epoch");
    const [first] = this.runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    const system = problem.system(first.run.parameters, resources);
    for (const { run, parameters } of this.runs)
      for (const part of lossParts(system)) requireWindow(part, run.parameters, parameters.epochs);
    const { hiddenLayers, activation, reportEvery } = first.parameters;
    this.blockEpochs = reportEvery;
    const widths = [system.coordinates, ...hiddenLayers, system.components];
    this.layout = parameterLayout(system, widths.length - 1);
    this.specs = pinnTensorSpecs(widths, system, this.layout);
    this.identity = {
      family: "pinn",
      experiment: definition.id,
      experimentVersion: String(definition.version),
      widths: widths.join(","),
      activation,
    };
    const hosts = this.runs.map((one) => {
      one.balance = lossParts(system).map(() => 1);
      const afresh = (): Float32Array[] => initialPinnValues(one, widths, system, this.layout);
      const values = startValues(this.specs, one.parameters.startFrom, resources, afresh);
      return this.resumed(one, freshHostTensors(values, "adam", false), system);
    });
    this.equationLoss = buildEquationLoss(activation, system);
    this.tensors = toDevice(hosts, this.specs);
    this.compiled = compilePinnStep();
    this.jets = this.jetsNow();
    this.weights = this.weightsNow();
  }

  protected async train(): Promise<void> {
    let losses: readonly Float32Array[] = [];
    for (let done = 0; done < this.blockEpochs;) {
      this.settle();
      this.prune();
      this.redraw();
      this.balance();
      const { state, outputs } = await this.compiled.run(stepState(this.tensors), this.plannedEpochs(this.blockEpochs - done));
      this.tensors = fromStepState(state, this.specs.length);
      losses = outputs.at(-1) ?? [];
      done += outputs.length;
    }
    const unknowns = readAll(this.tensors.parameters.slice(this.layout.unknowns, this.layout.marks));
    const ofRow = (all: readonly Float32Array[], row: number): number[] => all.map((values) => values[row] ?? Number.NaN);
    this.runs.forEach((one, row) => {
      if (one.step % historyEvery(one.parameters) === 0) one.history.push(...ofRow(unknowns, row));
    });
    this.endBlock((row) => ofRow(losses, row));
  }

  protected checkpointOf(one: PinnRun, row: number): Uint8Array {
    return writeCheckpoint(this.checkpointIdentity(one.run), {
      counters: countersOf(one),
      tensors: { ...stateTensors(this.specs, readRun(this.tensors, row)), ...ownTensors(one) },
    });
  }

  protected override keepRows(rows: readonly number[]): void {
    this.tensors = keepRows(this.tensors, rows);
    tf.dispose(this.jets.flat());
    this.jets = this.jetsNow();
    this.weights = this.weightsNow();
  }

  protected override disposeTensors(): void {
    this.compiled.dispose();
    disposeState(this.tensors);
    disposeEquationLoss(this.equationLoss);
    tf.dispose(this.jets.flat());
  }

  private checkpointIdentity({ seed }: PackRun): CheckpointIdentity {
    return { format: "basin.pinn.checkpoint", version: "4", ...this.identity, seed: String(seed) };
  }

  private resumed(one: PinnRun, fresh: HostTensors, system: DifferentialEquationSystem): HostTensors {
    if (!one.run.checkpoint) return fresh;
    const file = openCheckpoint(one.run.checkpoint, this.checkpointIdentity(one.run));
    resumeRun(one, file, system);
    return file.state(this.specs, fresh);
  }

  /** Of every part of the loss in the step that the run takes next, or took last. */
  private weightsOf({ run, parameters }: PinnRun, step: number): number[] {
    return lossParts(this.equationLoss.system).map((part) => weightAt(part, run.parameters, step, parameters.epochs));
  }

  private jetsNow(): JetTensors[] {
    this.version += 1;
    return inputJets(
      this.equationLoss,
      this.runs.length,
      this.runs.map(({ drawn }) => drawn),
    );
  }

  /** The weights of every run's next step, balanced. */
  private balancedWeights(): number[][] {
    return this.runs.map((one) => this.weightsOf(one, one.step).map((weight, part) => weight * (one.balance[part] ?? 1)));
  }

  private weightsNow(): PartColumns & { key: string } {
    const balanced = this.balancedWeights();
    return { ...partColumns(balanced, lossParts(this.equationLoss.system).length), key: balanced.join(";") };
  }

  /** Takes the weights of the step that comes, where they change. */
  private renewWeights(): void {
    const windows = lossParts(this.equationLoss.system).some((part) => part.window !== undefined);
    if (!windows && !this.runs.some(({ parameters }) => parameters.balanceEvery > 0)) return;
    if (this.balancedWeights().join(";") !== this.weights.key) this.weights = this.weightsNow();
  }

  private progress(): tf.Tensor3D {
    return tf.tensor3d(this.runs.map(progressOf), [this.runs.length, 1, 1]);
  }

  /** At most that many epochs of every run, up to the next one before which something is to be done; the last of a block gives the loss. */
  private *plannedEpochs(most: number): Generator<PlannedStep<PinnKind>> {
    const { runs, equationLoss, layout, jets, version } = this;
    const pack: PinnPack = { runs, equationLoss, layout, jets, parameters: this.specs.length };
    const rates = ownRates(runs, equationLoss.system, layout);
    for (let left = most; left > 0; left--) {
      if (left < most && this.isInterrupted()) return;
      this.renewWeights();
      yield plannedEpoch(pack, this.weights, this.balancedWeights(), rates, { values: left === 1, version });
    }
  }

  /** Whether something is to be done with a run's tensors before its next epoch. */
  private isInterrupted(): boolean {
    const redraws = redrawnGrids(this.equationLoss.system).length > 0;
    return this.runs.some((one) => {
      const { redrawEvery, balanceEvery } = one.parameters;
      if ((redraws && isDue(one, redrawEvery, false)) || isDue(one, balanceEvery, true) || this.isPruned(one)) return true;
      return one.lbfgs !== null && this.changes(one);
    });
  }

  private isPruned({ run, parameters, step }: PinnRun): boolean {
    const pruning = this.equationLoss.system.sparsity?.prune;
    return Boolean(pruning && stepOf(pruning.at(run.parameters), parameters.epochs) === step);
  }

  /** Whether the loss of the run's next epoch is another than that of its last. */
  private changes(one: PinnRun): boolean {
    return this.isPruned(one) || this.weightsOf(one, one.step - 1).join() !== this.weightsOf(one, one.step).join();
  }

  /** Puts the runs whose loss becomes another while they minimize, by a window or by pruning, on their best point; they start anew from there. */
  private settle(): void {
    const { marks } = this.layout;
    const points = new Map<number, Float32Array>();
    this.runs.forEach((one, row) => {
      if (!one.lbfgs || !this.changes(one)) return;
      points.set(row, Float32Array.from(one.lbfgs.point));
      one.lbfgs = null;
    });
    if (points.size === 0) return;
    const own = this.tensors.parameters.slice(0, marks);
    const placed = withRows(own, readAll(own), points);
    tf.dispose(own);
    this.tensors = { ...this.tensors, parameters: [...placed, ...this.tensors.parameters.slice(marks)] };
  }

  /** Draws points anew, where the residuals are large, for the runs whose turn it is. */
  private redraw(): void {
    const { system, activation } = this.equationLoss;
    const grids = redrawnGrids(system);
    const due = this.runs.map((one) => isDue(one, one.parameters.redrawEvery, false));
    if (grids.length === 0 || !due.includes(true)) return;
    const progress = this.progress();
    const parameters = this.tensors.parameters.slice(0, this.layout.marks);
    for (const grid of grids) {
      const byRedraw = new Map<number, Candidates>();
      this.runs.forEach((one, row) => {
        if (!due[row]) return;
        const redraw = one.step / one.parameters.redrawEvery;
        const found = byRedraw.get(redraw) ?? residualsAt(activation, system, grid, redraw, parameters, progress);
        byRedraw.set(redraw, found);
        const sizes = found.sizes[row] ?? new Float32Array(0);
        const place = { seed: one.run.seed, grid, redraw };
        const { coordinates } = system;
        one.drawn.set(grid, drawWhereLarge({ points: found.points, coordinates, sizes }, pointsOf(system, grid), place));
      });
    }
    tf.dispose([progress, ...this.jets.flat()]);
    this.jets = this.jetsNow();
  }

  /** Balances the parts of the loss in the runs whose turn it is. */
  private balance(): void {
    const due = this.runs.map((one) => isDue(one, one.parameters.balanceEvery, true));
    if (!due.includes(true)) return;
    const progress = this.progress();
    const parameters = this.tensors.parameters.slice(0, this.layout.marks);
    const own = this.runs.map((one) => this.weightsOf(one, one.step));
    const counts = lossParts(this.equationLoss.system).map((_, part) => own.some((weights) => weights[part] !== 0));
    const norms = gradientNorms(this.equationLoss, parameters, this.layout.unknowns, { jets: this.jets, progress }, counts);
    progress.dispose();
    this.runs.forEach((one, row) => {
      if (!due[row]) return;
      one.balance = balanced(
        one.balance,
        norms.map((byRun) => byRun[row] ?? Number.NaN),
        own[row] ?? [],
      );
    });
  }

  /** Sets small unknowns to 0 for good in the runs whose moment has come. */
  private prune(): void {
    const pruning = this.equationLoss.system.sparsity?.prune;
    if (!pruning) return;
    const rows = this.runs.map((one) => ({ now: this.isPruned(one), threshold: pruning.threshold(one.run.parameters) }));
    if (!rows.some(({ now }) => now)) return;
    const { parameters, slots } = this.tensors;
    const next = tf.tidy(() => {
      const what = { layout: this.layout, jets: this.jets, progress: this.progress(), rows };
      return pruned(this.equationLoss, what, parameters, slots);
    });
    disposeState(this.tensors);
    this.tensors = { ...next, best: null };
  }

  private endBlock(termsOf: (row: number) => number[]): void {
    this.runs.forEach((one, row) => {
      if (one.left) return;
      const terms = termsOf(row);
      const loss = weightedSum(this.weightsOf(one, one.step - 1), terms);
      this.report(one, "loss", loss);
      lossParts(this.equationLoss.system).forEach(({ metric }, t) => {
        this.report(one, metric, terms[t] ?? Number.NaN);
      });
      // A trial of L-BFGS may be anywhere; it goes back from there.
      if (!Number.isFinite(loss) && one.lbfgs === null) this.endDiverged(one, loss);
      else if (one.step >= one.parameters.epochs) this.finish(one, row);
    });
  }

  private endDiverged(one: PinnRun, loss: number): void {
    this.diverge(one, "loss", loss, { loss, ...this.problem.diverged() });
  }

  /** Judges the network as it is after the last step. */
  private finish(one: PinnRun, row: number): void {
    const own = rowOf(this.tensors.parameters, row);
    try {
      const learned = learnedSolution(this.equationLoss, this.layout, one, own, this.weightsOf(one, one.step - 1));
      if (!Number.isFinite(learned.loss)) {
        this.endDiverged(one, learned.loss);
        return;
      }
      const judged = this.problem.judge(one.run.parameters, learned, this.resources);
      const plots = one.parameters.plots ? plotArtifacts(this.definition, judged.plots) : [];
      const metadata = { ...this.identity, seed: String(one.run.seed), epoch: String(one.step) };
      const weights = namedTensors("", this.specs, readRow(this.tensors.parameters, row));
      this.end(one, {
        outcome: "succeeded",
        metrics: { loss: learned.loss, ...learned.terms, ...judged.metrics, weightCount: numbersOf(this.specs) },
        labels: judged.labels,
        reason: null,
        artifacts: [weightsArtifact(metadata, weights), ...plots],
      });
    } finally {
      tf.dispose(own);
    }
  }
}
