import type { PackResources, PackRun, PackSink } from "@basin/engine";
import {
  lossParts,
  pointsOf,
  stepOf,
  weightAt,
  type Derivative,
  type DifferentialEquationProblem,
  type DifferentialEquationSystem,
  type ExperimentDefinition,
  type LearnedSolution,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { JetTensors } from "../derivative-propagation/jet";
import { plotArtifacts } from "../plot-artifacts";
import { openCheckpoint, stateTensors, writeCheckpoint, type CheckpointIdentity } from "../training/checkpoint";
import { initialLayer } from "../training/initialization";
import { PackOfRuns } from "../training/pack-of-runs";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  namedTensors,
  readRow,
  readRun,
  rowOf,
  toDevice,
  type HostTensors,
  type TensorSpec,
  type TensorState,
} from "../training/tensor-state";
import { weightsArtifact } from "../training/weights-artifact";
import { adamSteps } from "./adam-step";
import { balanced, gradientNorms } from "./balance";
import { buildEquationLoss, disposeEquationLoss, inputJets, termsAndGradients, type EquationLoss } from "./equation-loss";
import { derivativesAt } from "./passes";
import { freshPinnRun, isDue, nextRows, progressOf, type PinnRun } from "./pinn-run";
import { markedGradients, parameterLayout, pruned, type ParameterLayout } from "./pruning";
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
  /** Of every pass of the loss. */
  private jets: readonly JetTensors[];
  /** Per part of the loss, [runs, 1, 1], and the numbers that they were made of. */
  private weights: { key: string; tensors: readonly tf.Tensor3D[] };

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
    const { hiddenLayers, activation, reportEvery } = first.parameters;
    this.blockEpochs = reportEvery;
    const widths = [system.coordinates, ...hiddenLayers, system.components];
    this.layout = parameterLayout(system, widths.length - 1);
    this.specs = [
      ...widths.slice(1).flatMap((out, layer): TensorSpec[] => [
        { name: `layers.${layer}.weight`, shape: [widths[layer] ?? 1, out] },
        { name: `layers.${layer}.bias`, shape: [1, out] },
      ]),
      ...system.unknowns.map(({ name }): TensorSpec => ({ name: `unknowns.${name}`, shape: [1, 1] })),
      ...this.layout.marked.map((i): TensorSpec => ({ name: `kept.${system.unknowns[i]?.name ?? i}`, shape: [1, 1] })),
    ];
    this.identity = {
      family: "pinn",
      experiment: definition.id,
      experimentVersion: String(definition.version),
      widths: widths.join(","),
      activation,
    };
    const hosts = this.runs.map((one) => {
      const { initialization, initializationGain: gain } = one.parameters;
      const { seed } = one.run;
      const layers = widths.slice(1).flatMap((out, i) => {
        const { weight, bias } = initialLayer(initialization, gain, seed, i, widths[i] ?? 1, out);
        return [weight, bias];
      });
      const values = [
        ...layers,
        ...system.unknowns.map((unknown) => Float32Array.of(unknown.initial(seed))),
        ...this.layout.marked.map(() => Float32Array.of(1)),
      ];
      one.balance = lossParts(system).map(() => 1);
      return this.resumed(one, freshHostTensors(values, "adam", false), system);
    });
    this.equationLoss = buildEquationLoss(activation, system);
    this.tensors = toDevice(hosts, this.specs);
    this.jets = this.jetsNow();
    this.weights = this.weightsNow();
  }

  protected async train(): Promise<void> {
    let losses: tf.Tensor1D[] = [];
    for (let epoch = 0; epoch < this.blockEpochs; epoch++) {
      tf.dispose(losses);
      losses = this.trainEpoch();
    }
    const all = tf.concat1d(losses);
    tf.dispose(losses);
    const values = await all.data<"float32">();
    all.dispose();
    const runs = this.runs.length;
    this.endBlock((row) => losses.map((_, term) => values[term * runs + row] ?? Number.NaN));
  }

  protected checkpointOf(one: PinnRun, row: number): Uint8Array {
    const [power1, power2] = one.powers;
    return writeCheckpoint(this.checkpointIdentity(one.run), {
      counters: {
        epoch: one.step,
        power1,
        power2,
        ...Object.fromEntries(one.balance.map((factor, part) => [`balance${part}`, factor])),
      },
      tensors: {
        ...stateTensors(this.specs, readRun(this.tensors, row)),
        ...Object.fromEntries(
          Array.from(one.drawn, ([grid, values]) => [`points.${grid}`, { shape: [values.length], values }] as const),
        ),
      },
    });
  }

  protected override keepRows(rows: readonly number[]): void {
    this.tensors = keepRows(this.tensors, rows);
    tf.dispose([...this.jets.flat(), ...this.weights.tensors]);
    this.jets = this.jetsNow();
    this.weights = this.weightsNow();
  }

  protected override disposeTensors(): void {
    disposeState(this.tensors);
    disposeEquationLoss(this.equationLoss);
    tf.dispose([...this.jets.flat(), ...this.weights.tensors]);
  }

  private checkpointIdentity({ seed }: PackRun): CheckpointIdentity {
    return { format: "basin.pinn.checkpoint", version: "3", ...this.identity, seed: String(seed) };
  }

  private resumed(one: PinnRun, fresh: HostTensors, system: DifferentialEquationSystem): HostTensors {
    if (!one.run.checkpoint) return fresh;
    const { counter, values, state } = openCheckpoint(one.run.checkpoint, this.checkpointIdentity(one.run));
    one.step = counter("epoch");
    one.powers = [counter("power1"), counter("power2")];
    one.balance = one.balance.map((_, part) => counter(`balance${part}`));
    const { redrawEvery } = one.parameters;
    // The redraw before a step is made when that step begins.
    if (redrawEvery > 0 && one.step > redrawEvery)
      for (const grid of redrawnGrids(system)) {
        const found = values(`points.${grid}`, system.grids[grid]?.points.length);
        one.drawn.set(grid, Float32Array.from(found));
      }
    return state(this.specs, fresh);
  }

  /** Of every part of the loss in the step that the run takes next, or took last. */
  private weightsOf({ run, parameters }: PinnRun, step: number): number[] {
    return lossParts(this.equationLoss.system).map((part) => weightAt(part, run.parameters, step, parameters.epochs));
  }

  private jetsNow(): JetTensors[] {
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

  private weightsNow(): { key: string; tensors: tf.Tensor3D[] } {
    const byRun = this.balancedWeights();
    const parts = lossParts(this.equationLoss.system);
    const tensors = parts.map((_, t) =>
      tf.tensor3d(
        byRun.map((all) => all[t] ?? 0),
        [byRun.length, 1, 1],
      ),
    );
    return { key: byRun.join(";"), tensors };
  }

  /** Takes the weights of the step that comes, where they change. */
  private renewWeights(): void {
    const windows = lossParts(this.equationLoss.system).some((part) => part.window !== undefined);
    if (!windows && !this.runs.some(({ parameters }) => parameters.balanceEvery > 0)) return;
    if (this.balancedWeights().join(";") === this.weights.key) return;
    tf.dispose([...this.weights.tensors]);
    this.weights = this.weightsNow();
  }

  private progress(): tf.Tensor3D {
    return tf.tensor3d(this.runs.map(progressOf), [this.runs.length, 1, 1]);
  }

  /** One step of every run; returns the values of the loss' parts before it. */
  private trainEpoch(): tf.Tensor1D[] {
    this.prune();
    this.redraw();
    this.balance();
    this.renewWeights();
    const { parameters, slots } = this.tensors;
    const next = tf.tidy(() => {
      const { terms, gradients } = termsAndGradients(this.equationLoss, parameters.slice(0, this.layout.marks), {
        jets: this.jets,
        progress: this.progress(),
        weights: this.weights.tensors,
      });
      const all = markedGradients(this.layout, parameters, gradients);
      return { terms, ...adamSteps({ parameters, gradients: all, slots }, nextRows(this.runs), this.ownRates()) };
    });
    disposeState(this.tensors);
    this.tensors = { parameters: next.parameters, slots: next.slots, best: null };
    return next.terms;
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
    const norms = gradientNorms(this.equationLoss, parameters, this.layout.unknowns, { jets: this.jets, progress });
    progress.dispose();
    this.runs.forEach((one, row) => {
      if (!due[row]) return;
      const own = norms.map((byRun) => byRun[row] ?? Number.NaN);
      one.balance = balanced(one.balance, own, this.weightsOf(one, one.step));
    });
  }

  /** Of the unknowns that have a learning rate of their own, by their place among the parameters: for each run, as a multiple of its rate. */
  private ownRates(): Map<number, number[]> {
    const rates = new Map<number, number[]>();
    this.equationLoss.system.unknowns.forEach((unknown, i) => {
      if (!unknown.learningRate) return;
      const multiples = this.runs.map(
        ({ run, parameters: { learningRate } }) => (unknown.learningRate?.(run.parameters) ?? learningRate) / learningRate,
      );
      rates.set(this.layout.unknowns + i, multiples);
    });
    return rates;
  }

  /** Sets small unknowns to 0 for good in the runs whose moment has come. */
  private prune(): void {
    const pruning = this.equationLoss.system.sparsity?.prune;
    if (!pruning) return;
    const rows = this.runs.map(({ run, parameters, step }) => ({
      now: stepOf(pruning.at(run.parameters), parameters.epochs) === step,
      threshold: pruning.threshold(run.parameters),
    }));
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
      const loss = this.total(one, terms);
      this.report(one, "loss", loss);
      lossParts(this.equationLoss.system).forEach(({ metric }, t) => {
        this.report(one, metric, terms[t] ?? Number.NaN);
      });
      if (!Number.isFinite(loss)) this.endDiverged(one, loss);
      else if (one.step >= one.parameters.epochs) this.finish(one, row);
    });
  }

  private total(one: PinnRun, terms: readonly number[]): number {
    return this.weightsOf(one, one.step - 1).reduce(
      (sum, weight, t) => sum + (weight === 0 ? 0 : weight * (terms[t] ?? Number.NaN)),
      0,
    );
  }

  private endDiverged(one: PinnRun, loss: number): void {
    this.diverge(one, "loss", loss, { loss, ...this.problem.diverged() });
  }

  /** Judges the network as it is after the last step. */
  private finish(one: PinnRun, row: number): void {
    const own = rowOf(this.tensors.parameters, row);
    try {
      const learned = this.learned(one, own);
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
        metrics: { loss: learned.loss, ...learned.terms, ...judged.metrics },
        labels: judged.labels,
        reason: null,
        artifacts: [weightsArtifact(metadata, weights), ...plots],
      });
    } finally {
      tf.dispose(own);
    }
  }

  private learned(one: PinnRun, own: readonly tf.Tensor[]): LearnedSolution {
    const { system, activation } = this.equationLoss;
    const { unknowns: first, marks } = this.layout;
    const network = own.slice(0, first);
    const values = tf.tidy(() =>
      termsAndGradients(this.equationLoss, own.slice(0, marks), {
        jets: inputJets(this.equationLoss, 1),
        progress: tf.tensor3d([progressOf(one)], [1, 1, 1]),
        weights: null,
      }).terms.map((term) => term.dataSync<"float32">()[0] ?? Number.NaN),
    );
    return {
      at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) =>
        derivativesAt(activation, network, system.coordinates, points, derivatives) as { [K in keyof D]: Float32Array },
      unknowns: Object.fromEntries(
        system.unknowns.map(({ name }, i) => [name, own[first + i]?.dataSync<"float32">()[0] ?? Number.NaN]),
      ),
      terms: Object.fromEntries(lossParts(system).map(({ metric }, t) => [metric, values[t] ?? Number.NaN])),
      loss: this.total(one, values),
    };
  }
}
