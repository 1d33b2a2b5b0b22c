import {
  writeSafetensors,
  type PackProgram,
  type PackResources,
  type PackRun,
  type PackSink,
  type ProgramArtifact,
} from "@basin/engine";
import {
  lossParts,
  stepOf,
  weightAt,
  type Derivative,
  type DifferentialEquationProblem,
  type ExperimentDefinition,
  type LearnedSolution,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { JetTensors } from "../derivative-propagation/jet";
import { initialLayer } from "../mlp/initialization";
import { namedTensors, type CheckpointIdentity } from "../network-state/checkpoint";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  readRow,
  readRun,
  rowOf,
  toDevice,
  type TensorSpec,
  type TensorState,
} from "../network-state/tensor-state";
import { plotArtifacts } from "../plot-artifacts";
import { adamSteps } from "./adam-step";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint";
import { buildObjective, disposeObjective, inputJets, termsAndGradients, type Objective } from "./objective";
import { derivativesAt } from "./passes";
import { markedGradients, parameterLayout, pruned, type ParameterLayout } from "./pruning";
import { freshRunState, nextRows, progressOf, type RunState } from "./run-state";

/**
 * A pack of physics-informed networks. One `advance` is `reportEvery` epochs of every run, after which the losses that the last of
 * them began with are reported; runs may stand at different epochs.
 */
export class PinnProgram implements PackProgram {
  private readonly problem: DifferentialEquationProblem;
  private readonly objective: Objective;
  private readonly layout: ParameterLayout;
  private readonly specs: readonly TensorSpec[];
  private readonly identity: CheckpointIdentity;
  private readonly blockEpochs: number;
  /** Row r of every tensor belongs to states[r]. */
  private states: RunState[];
  private tensors: TensorState;
  /** Of every pass of the objective. */
  private jets: readonly JetTensors[];
  /** Per part of the loss, [runs, 1, 1], and the numbers that they were made of. */
  private weights: { key: string; tensors: readonly tf.Tensor3D[] };
  private disposed = false;

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const { problem } = definition;
    const [first] = runs;
    if (problem.kind !== "differential-equation")
      throw new TypeError(`The experiment "${definition.id}" has no differential equation for a pinn.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    this.states = runs.map(freshRunState);
    const system = problem.system(first.parameters, resources);
    const { hiddenLayers, activation, reportEvery } = this.states[0]?.parameters ?? freshRunState(first).parameters;
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
    const hosts = this.states.map((state) => {
      const { initialization, initializationGain: gain } = state.parameters;
      const { seed, checkpoint } = state.run;
      const layers = widths.slice(1).flatMap((out, i) => {
        const { weight, bias } = initialLayer(initialization, gain, seed, i, widths[i] ?? 1, out);
        return [weight, bias];
      });
      const fresh = freshHostTensors(
        [
          ...layers,
          ...system.unknowns.map((unknown) => Float32Array.of(unknown.initial(seed))),
          ...this.layout.marked.map(() => Float32Array.of(1)),
        ],
        "adam",
        false,
      );
      return checkpoint ? decodeCheckpoint(checkpoint, this.identity, this.specs, state, fresh) : fresh;
    });
    this.objective = buildObjective(activation, system);
    this.tensors = toDevice(hosts, this.specs);
    this.jets = inputJets(this.objective, this.states.length);
    this.weights = this.weightsNow();
  }

  active(): readonly number[] {
    return this.states.filter((state) => !state.left).map((state) => state.run.index);
  }

  step(run: number): number {
    return this.stateOf(run).epoch;
  }

  async advance(): Promise<boolean> {
    this.compact();
    if (this.states.length === 0) return false;
    let losses: tf.Tensor1D[] = [];
    for (let epoch = 0; epoch < this.blockEpochs; epoch++) {
      tf.dispose(losses);
      losses = this.trainEpoch();
    }
    const all = tf.concat1d(losses);
    tf.dispose(losses);
    const values = await all.data<"float32">();
    all.dispose();
    const runs = this.states.length;
    this.endBlock((row) => losses.map((_, term) => values[term * runs + row] ?? Number.NaN));
    this.compact();
    return this.states.length > 0;
  }

  checkpoint(run: number): Uint8Array {
    const state = this.stateOf(run);
    return encodeCheckpoint(this.identity, this.specs, state, readRun(this.tensors, this.states.indexOf(state)));
  }

  drop(run: number): void {
    this.stateOf(run).left = true;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.states = [];
    disposeState(this.tensors);
    disposeObjective(this.objective);
    tf.dispose([...this.jets.flat(), ...this.weights.tensors]);
  }

  private stateOf(run: number): RunState {
    const state = this.states.find((one) => one.run.index === run && !one.left);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  /** Of every part of the loss in the step that the run takes next, or took last. */
  private weightsOf({ run, parameters }: RunState, step: number): number[] {
    return lossParts(this.objective.system).map((part) => weightAt(part, run.parameters, step, parameters.epochs));
  }

  private weightsNow(): { key: string; tensors: tf.Tensor3D[] } {
    const byRun = this.states.map((state) => this.weightsOf(state, state.epoch));
    const parts = lossParts(this.objective.system);
    const tensors = parts.map((_, t) =>
      tf.tensor3d(
        byRun.map((all) => all[t] ?? 0),
        [byRun.length, 1, 1],
      ),
    );
    return { key: byRun.join(";"), tensors };
  }

  /** Takes the weights of the step that comes, where parts of the loss have windows. */
  private renewWeights(): void {
    if (!lossParts(this.objective.system).some((part) => part.window !== undefined)) return;
    if (this.states.map((state) => this.weightsOf(state, state.epoch)).join(";") === this.weights.key) return;
    tf.dispose([...this.weights.tensors]);
    this.weights = this.weightsNow();
  }

  private progress(): tf.Tensor3D {
    return tf.tensor3d(this.states.map(progressOf), [this.states.length, 1, 1]);
  }

  /** One step of every run; returns the values of the loss' parts before it. */
  private trainEpoch(): tf.Tensor1D[] {
    this.prune();
    this.renewWeights();
    const { parameters, slots } = this.tensors;
    const next = tf.tidy(() => {
      const { terms, gradients } = termsAndGradients(this.objective, parameters.slice(0, this.layout.marks), {
        jets: this.jets,
        progress: this.progress(),
        weights: this.weights.tensors,
      });
      const all = markedGradients(this.layout, parameters, gradients);
      return { terms, ...adamSteps({ parameters, gradients: all, slots }, nextRows(this.states), this.ownRates()) };
    });
    disposeState(this.tensors);
    this.tensors = { parameters: next.parameters, slots: next.slots, best: null };
    return next.terms;
  }

  /** Of the unknowns that have a learning rate of their own, by their place among the parameters: for each run, as a multiple of its rate. */
  private ownRates(): Map<number, number[]> {
    const rates = new Map<number, number[]>();
    this.objective.system.unknowns.forEach((unknown, i) => {
      if (!unknown.learningRate) return;
      const multiples = this.states.map(
        ({ run, parameters: { learningRate } }) => (unknown.learningRate?.(run.parameters) ?? learningRate) / learningRate,
      );
      rates.set(this.layout.unknowns + i, multiples);
    });
    return rates;
  }

  /** Sets small unknowns to 0 for good in the runs whose moment has come. */
  private prune(): void {
    const pruning = this.objective.system.sparsity?.prune;
    if (!pruning) return;
    const rows = this.states.map(({ run, parameters, epoch }) => ({
      now: stepOf(pruning.at(run.parameters), parameters.epochs) === epoch,
      threshold: pruning.threshold(run.parameters),
    }));
    if (!rows.some(({ now }) => now)) return;
    const { parameters, slots } = this.tensors;
    const next = tf.tidy(() => {
      const what = { layout: this.layout, jets: this.jets, progress: this.progress(), rows };
      return pruned(this.objective, what, parameters, slots);
    });
    disposeState(this.tensors);
    this.tensors = { ...next, best: null };
  }

  private endBlock(termsOf: (row: number) => number[]): void {
    this.states.forEach((state, row) => {
      if (state.left) return;
      const terms = termsOf(row);
      const loss = this.total(state, terms);
      this.sink.metric(state.run.index, "loss", state.epoch, loss);
      lossParts(this.objective.system).forEach(({ metric }, t) => {
        this.sink.metric(state.run.index, metric, state.epoch, terms[t] ?? Number.NaN);
      });
      if (!Number.isFinite(loss)) this.diverge(state, loss);
      else if (state.epoch >= state.parameters.epochs) this.finish(state, row);
    });
  }

  private total(state: RunState, terms: readonly number[]): number {
    return this.weightsOf(state, state.epoch - 1).reduce(
      (sum, weight, t) => sum + (weight === 0 ? 0 : weight * (terms[t] ?? Number.NaN)),
      0,
    );
  }

  private diverge(state: RunState, loss: number): void {
    state.left = true;
    this.sink.finished(state.run.index, {
      outcome: "diverged",
      metrics: { loss, ...this.problem.diverged() },
      reason: `loss became ${loss} at epoch ${state.epoch}`,
      artifacts: [],
    });
  }

  /** Judges the network as it is after the last step. */
  private finish(state: RunState, row: number): void {
    const own = rowOf(this.tensors.parameters, row);
    try {
      const learned = this.learned(state, own);
      if (!Number.isFinite(learned.loss)) {
        this.diverge(state, learned.loss);
        return;
      }
      state.left = true;
      const judged = this.problem.judge(state.run.parameters, learned, this.resources);
      const plots = state.parameters.plots ? plotArtifacts(this.definition, judged.plots) : [];
      this.sink.finished(state.run.index, {
        outcome: "succeeded",
        metrics: { loss: learned.loss, ...learned.terms, ...judged.metrics },
        labels: judged.labels,
        reason: null,
        artifacts: [this.weightsArtifact(state, row), ...plots],
      });
    } finally {
      tf.dispose(own);
    }
  }

  private learned(state: RunState, own: readonly tf.Tensor[]): LearnedSolution {
    const { system, activation } = this.objective;
    const { unknowns: first, marks } = this.layout;
    const network = own.slice(0, first);
    const values = tf.tidy(() =>
      termsAndGradients(this.objective, own.slice(0, marks), {
        jets: inputJets(this.objective, 1),
        progress: tf.tensor3d([progressOf(state)], [1, 1, 1]),
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
      loss: this.total(state, values),
    };
  }

  private weightsArtifact(state: RunState, row: number): ProgramArtifact {
    const metadata = { ...this.identity, seed: String(state.run.seed), epoch: String(state.epoch) };
    return {
      name: "weights.safetensors",
      kind: "weights",
      mediaType: "application/octet-stream",
      content: writeSafetensors({ metadata, tensors: namedTensors("", this.specs, readRow(this.tensors.parameters, row)) }),
    };
  }

  /** Removes the rows of runs that left. */
  private compact(): void {
    const rows = this.states.flatMap((state, row) => (state.left ? [] : [row]));
    if (rows.length === this.states.length) return;
    this.states = this.states.filter((state) => !state.left);
    if (this.states.length === 0) return;
    this.tensors = keepRows(this.tensors, rows);
    tf.dispose([...this.jets.flat(), ...this.weights.tensors]);
    this.jets = inputJets(this.objective, rows.length);
    this.weights = this.weightsNow();
  }
}
