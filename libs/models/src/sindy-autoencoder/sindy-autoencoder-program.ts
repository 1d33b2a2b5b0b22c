import {
  writeSafetensors,
  type PackProgram,
  type PackResources,
  type PackRun,
  type PackSink,
  type ProgramArtifact,
} from "@basin/engine";
import { randomStream } from "@basin/numerics";
import {
  latentMetrics,
  type ExperimentDefinition,
  type LatentDynamicsData,
  type LatentDynamicsProblem,
  type LatentModel,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  readRow,
  readRun,
  rowOf,
  toDevice,
  type HostTensors,
  type TensorState,
} from "../network-state/tensor-state";
import { plotArtifacts } from "../plot-artifacts";
import { absorbGauge, type AffineGauge } from "./absorb-gauge";
import { decodeCheckpoint, encodeCheckpoint, namedTensors, type CheckpointIdentity } from "./checkpoint";
import { affineGauge, scanGauges, scanGaugesPolished } from "./gauge-scan";
import { searchGauges } from "./gauge-search";
import { batchOrder, initialParameters } from "./initialization";
import { libraryTensors } from "./library-tensors";
import type { Setting } from "./objective";
import { freshRunState, nextStep, remember, type Losses, type RunState } from "./run-state";
import { eventAfter, scheduleAt } from "./schedule";
import { architectureOf, sindyParametersOf, type Architecture } from "./settings";
import { meanLosses, trainBlock, type DeviceJet } from "./trainer";
import { mapJet } from "../derivative-propagation/map-jet";

/** A pack of SINDy autoencoders. One `advance` is one block of optimizer steps of every run; runs may stand at different blocks. */
export class SindyAutoencoderProgram implements PackProgram {
  private readonly problem: LatentDynamicsProblem;
  private readonly architecture: Architecture;
  private readonly setting: Setting;
  private readonly identity: CheckpointIdentity;
  private readonly data: LatentDynamicsData;
  private readonly training: DeviceJet;
  private readonly validation: DeviceJet;
  private readonly batchSize: number;
  /** Row r of every tensor belongs to states[r]. */
  private states: RunState[];
  private tensors: TensorState;
  private disposed = false;

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    private readonly sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const { problem } = definition;
    const [first] = runs;
    if (problem.kind !== "latent-dynamics")
      throw new TypeError(`The experiment "${definition.id}" has no measurements with time derivatives for a sindy-autoencoder.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    this.problem = problem;
    const shared = sindyParametersOf(first);
    this.data = problem.data(first.parameters, resources);
    const { width, trainingSamples, validationSamples } = this.data;
    this.architecture = architectureOf(shared, width);
    const { specs, order, library, widths } = this.architecture;
    const jets = order + 1;
    if (this.data.training.length < jets)
      throw new RangeError(`A law of order ${order} needs ${order} time derivatives of the measurements.`);
    this.batchSize = Math.min(shared.batchSize, trainingSamples);
    this.identity = {
      experiment: definition.id,
      experimentVersion: String(definition.version),
      widths: widths.join(","),
      library: library.terms.map(({ text }) => text).join(","),
      procedure: shared.procedure,
    };
    const hosts: HostTensors[] = [];
    this.states = runs.map((run) => {
      const parameters = sindyParametersOf(run);
      const fresh = freshHostTensors(initialParameters(parameters, run.seed, this.architecture), "adam", false);
      const state = freshRunState(run, parameters, fresh.parameters.at(-1) ?? new Float32Array(0));
      hosts.push(run.checkpoint ? decodeCheckpoint(run.checkpoint, this.identity, specs, state, fresh) : fresh);
      return state;
    });
    const device = (jet: LatentDynamicsData["training"], samples: number): DeviceJet =>
      jet.slice(0, jets).map((values) => tf.tensor2d(values, [samples, width]));
    this.training = device(this.data.training, trainingSamples);
    this.validation = device(this.data.validation, validationSamples);
    this.tensors = toDevice(hosts, specs);
    this.setting = {
      architecture: this.architecture,
      activation: shared.activation,
      library: libraryTensors(library),
    };
  }

  active(): readonly number[] {
    return this.states.filter((state) => !state.left).map((state) => state.run.index);
  }

  step(run: number): number {
    return this.stateOf(run).block;
  }

  async advance(): Promise<boolean> {
    this.compact();
    if (this.states.length === 0) return false;
    const states = this.states;
    const order = this.blockOrder();
    const mask = this.maskTensor();
    try {
      const trained = await trainBlock(this.setting, this.tensors, mask, this.training, order, this.batchSize, () =>
        nextStep(states),
      );
      this.tensors = trained.state;
      const held = await meanLosses(this.setting, this.tensors.parameters, mask, this.validation);
      this.endBlock(trained.losses, held);
    } finally {
      tf.dispose([order, mask]);
    }
    this.compact();
    return this.states.length > 0;
  }

  checkpoint(run: number): Uint8Array {
    const state = this.stateOf(run);
    return encodeCheckpoint(this.identity, this.architecture.specs, state, readRun(this.tensors, this.states.indexOf(state)));
  }

  drop(run: number): void {
    this.stateOf(run).left = true;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.states = [];
    disposeState(this.tensors);
    tf.dispose([...this.training, ...this.validation, this.setting.library.selections]);
  }

  private stateOf(run: number): RunState {
    const state = this.states.find((one) => one.run.index === run && !one.left);
    if (!state) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return state;
  }

  private blockOrder(): tf.Tensor2D {
    const length = (this.states[0]?.parameters.stepsPerBlock ?? 0) * this.batchSize;
    const order = new Int32Array(this.states.length * length);
    this.states.forEach(({ run, steps }, row) => {
      batchOrder(run.seed, this.data.trainingSamples, this.batchSize, steps, order.subarray(row * length, (row + 1) * length));
    });
    return tf.tensor2d(order, [this.states.length, length], "int32");
  }

  private maskTensor(): tf.Tensor3D {
    const { library, latentWidth } = this.architecture;
    const size = library.terms.length * latentWidth;
    const all = new Float32Array(this.states.length * size);
    this.states.forEach(({ mask }, row) => all.set(mask, row * size));
    return tf.tensor3d(all, [this.states.length, library.terms.length, latentWidth]);
  }

  private endBlock(training: readonly Losses[], held: readonly Losses[]): void {
    const reports = this.states.map((state, row): number[] => {
      const [trained, validated] = [training[row], held[row]];
      if (!trained || !validated) throw new Error("A run without losses.");
      const before = scheduleAt(state.parameters, state.steps - 1);
      state.block += 1;
      const sparsity = this.coefficientsOf(state, row).reduce((sum, value) => sum + Math.abs(value), 0);
      const total = ({ reconstruction, derivative, law }: Losses): number =>
        reconstruction + before.derivative * derivative + before.law * law + before.sparsity * sparsity;
      const { reconstruction, derivative, law } = trained;
      const values = [reconstruction, derivative, law, sparsity, total(trained), total(validated)];
      if (state.left) return values;
      latentMetrics.forEach(({ name }, i) => {
        this.sink.metric(state.run.index, name, state.block, values[i] ?? Number.NaN);
      });
      if (!Number.isFinite(total(trained))) this.diverge(state, total(trained));
      return values;
    });
    this.changeLaws();
    this.states.forEach((state, row) => {
      if (state.left) return;
      const changed = state.pruned.at(-1) === state.block;
      remember(state, this.coefficientsOf(state, row), reports[row] ?? [], changed);
      if (state.block >= state.parameters.blocks) this.finish(state, row);
    });
  }

  /** Ξ with pruned terms at 0. */
  private coefficientsOf(state: RunState, row: number): Float64Array {
    const values = readRow(this.tensors.parameters.slice(-1), row)[0] ?? new Float32Array(0);
    return Float64Array.from(values, (value, k) => (state.mask[k] === 1 ? value : 0));
  }

  /** Prunes and scans where the schedule asks for it. */
  private changeLaws(): void {
    const due = this.states.map((state) => (state.left ? "none" : eventAfter(state.parameters, state.block)));
    if (due.every((event) => event === "none")) return;
    const hosts = this.states.map((_, row) => readRun(this.tensors, row));
    const changed = this.states.map((state, row) => {
      const host = hosts[row];
      if (!host || due[row] === "none") return false;
      return due[row] === "prune" ? this.prune(state, host) : this.scan(state, row, host);
    });
    this.states.forEach((state, row) => {
      if (changed[row]) state.pruned.push(state.block);
    });
    disposeState(this.tensors);
    this.tensors = toDevice(hosts, this.architecture.specs);
  }

  /** Removes coefficients below the threshold (S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016): sequential thresholding). */
  private prune(state: RunState, host: HostTensors): boolean {
    const coefficients = host.parameters.at(-1) ?? new Float32Array(0);
    let removed = false;
    state.mask.forEach((active, k) => {
      if (active === 0 || Math.abs(coefficients[k] ?? 0) >= state.parameters.threshold) return;
      state.mask[k] = 0;
      removed = true;
      for (const tensors of [host.parameters, ...host.slots]) tensors.at(-1)?.fill(0, k, k + 1);
    });
    return removed;
  }

  private scan(state: RunState, row: number, host: HostTensors): boolean {
    const { order, layers } = this.architecture;
    const encoder = rowOf(this.tensors.parameters.slice(0, 2 * layers), row);
    const [z, rate, acceleration] = mapJet(
      this.setting.activation,
      encoder,
      this.data.training.slice(0, order + 1),
      this.data.trainingSamples,
    );
    tf.dispose(encoder);
    const top = order === 1 ? rate : acceleration;
    if (!z || !rate || !top) return false;
    const gauge = this.bestGauge(state, z, rate, top);
    if (!gauge) return false;
    absorbGauge(this.architecture, host, gauge);
    state.coefficientPowers = [1, 1];
    gauge.coefficients.forEach((value, k) => (state.mask[k] = Number(value !== 0)));
    return true;
  }

  private bestGauge(state: RunState, z: Float32Array, rate: Float32Array, top: Float32Array): AffineGauge | null {
    const { library } = this.architecture;
    const { procedure } = state.parameters;
    if (procedure === "gauge-search") {
      return searchGauges(library, z, top, randomStream(state.run.seed, "sindy-autoencoder/gauge-search", state.block));
    }
    const fit = (procedure === "gauge-scan-polished" ? scanGaugesPolished : scanGauges)(library, { z, rate, top });
    return fit && affineGauge(library, fit);
  }

  private diverge(state: RunState, value: number): void {
    state.left = true;
    this.sink.finished(state.run.index, {
      outcome: "diverged",
      metrics: this.problem.diverged(),
      reason: `loss became ${value} at block ${state.block}`,
      artifacts: [],
    });
  }

  private finish(state: RunState, row: number): void {
    state.left = true;
    const { layers } = this.architecture;
    const own = rowOf(this.tensors.parameters, row);
    try {
      const judged = this.problem.judge(
        state.run.parameters,
        this.model(state, row, own.slice(0, 2 * layers), own.slice(2 * layers, 4 * layers)),
        this.resources,
      );
      this.sink.finished(state.run.index, {
        outcome: "succeeded",
        metrics: judged.metrics,
        labels: judged.labels,
        reason: null,
        artifacts: [this.weightsArtifact(state, row), ...plotArtifacts(this.definition, judged.plots)],
      });
    } finally {
      tf.dispose(own);
    }
  }

  private model(state: RunState, row: number, encoder: readonly tf.Tensor[], decoder: readonly tf.Tensor[]): LatentModel {
    const { order, latentWidth, library } = this.architecture;
    const { activation } = this.setting;
    return {
      order,
      latentWidth,
      library,
      coefficients: this.coefficientsOf(state, row).map((value) => (Math.abs(value) < state.parameters.threshold ? 0 : value)),
      history: state.history,
      losses: state.losses,
      pruned: state.pruned,
      encode: (jet, samples) => mapJet(activation, encoder, jet, samples),
      decode: (jet, samples) => mapJet(activation, decoder, jet, samples),
    };
  }

  private weightsArtifact(state: RunState, row: number): ProgramArtifact {
    const metadata = {
      ...this.identity,
      family: "sindy-autoencoder",
      activation: this.setting.activation,
      seed: String(state.run.seed),
    };
    const mask = { mask: { shape: [state.mask.length], values: state.mask } };
    const tensors = { ...namedTensors("", this.architecture.specs, readRow(this.tensors.parameters, row)), ...mask };
    return {
      name: "weights.safetensors",
      kind: "weights",
      mediaType: "application/octet-stream",
      content: writeSafetensors({ metadata, tensors }),
    };
  }

  /** Removes the rows of runs that left. */
  private compact(): void {
    const rows = this.states.flatMap((state, row) => (state.left ? [] : [row]));
    if (rows.length === this.states.length) return;
    this.states = this.states.filter((state) => !state.left);
    if (this.states.length > 0) this.tensors = keepRows(this.tensors, rows);
  }
}
