import { SindyAutoencoderParameters } from "@basin/contracts";
import type { PackResources, PackRun, PackSink, ProgramArtifact, StepInput } from "@basin/engine";
import { randomStream } from "@basin/numerics";
import {
  latentMetrics,
  type ExperimentDefinition,
  type LatentDynamicsData,
  type LatentDynamicsProblem,
  type LatentModel,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { mapJet } from "../derivative-propagation/map-jet";
import { plotArtifacts } from "../plot-artifacts";
import type { CheckpointIdentity } from "../training/checkpoint";
import { ownParameters } from "../training/own-parameters";
import { PackOfRuns } from "../training/pack-of-runs";
import { startValues } from "../training/start-values";
import {
  disposeState,
  freshHostTensors,
  keepRows,
  namedTensors,
  numbersOf,
  readRow,
  readRun,
  rowOf,
  toDevice,
  type HostTensors,
  type TensorState,
} from "../training/tensor-state";
import { weightsArtifact } from "../training/weights-artifact";
import { absorbGauge, type AffineGauge } from "./absorb-gauge";
import { architectureOf, maskSpec, type Architecture } from "./architecture";
import { compileLawStep, meanLosses, trainBlock, type CompiledLawStep, type DeviceJet } from "./block-training";
import { decodeLawRun, encodeLawRun } from "./checkpoint";
import { affineGauge, scanGauges, scanGaugesPolished } from "./gauge-scan";
import { searchGauges } from "./gauge-search";
import { batchOrder, initialParameters } from "./initialization";
import { fitLaw } from "./fit-law";
import { freshLawRun, remember, type LawRun, type Losses } from "./law-run";
import { libraryTensors } from "./library-tensors";
import type { Setting } from "./batch-losses";
import { eventAfter, scheduleAt } from "./schedule";

/** A pack of SINDy autoencoders. One `advance` is one block of optimizer steps of every run; runs may stand at different blocks. */
export class SindyAutoencoderProgram extends PackOfRuns<LawRun> {
  private readonly problem: LatentDynamicsProblem;
  private readonly architecture: Architecture;
  private readonly setting: Setting;
  private readonly identity: CheckpointIdentity;
  private readonly data: LatentDynamicsData;
  private readonly training: DeviceJet;
  private readonly validation: DeviceJet;
  private readonly batchSize: number;
  private readonly compiled: CompiledLawStep;
  private tensors: TensorState;

  constructor(
    private readonly definition: ExperimentDefinition,
    runs: readonly PackRun[],
    sink: PackSink,
    private readonly resources: PackResources,
  ) {
    const { problem } = definition;
    const [first] = runs;
    if (problem.kind !== "latent-dynamics")
      throw new TypeError(`The experiment "${definition.id}" has no measurements with time derivatives for a sindy-autoencoder.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    const shared = ownParameters(SindyAutoencoderParameters, first);
    const data = problem.data(first.parameters, resources);
    const { width, trainingSamples, validationSamples } = data;
    const architecture = architectureOf(shared, width);
    const { specs, order, library, widths } = architecture;
    const jets = order + 1;
    if (data.training.length < jets)
      throw new RangeError(`A law of order ${order} needs ${order} time derivatives of the measurements.`);
    const identity = {
      experiment: definition.id,
      experimentVersion: String(definition.version),
      widths: widths.join(","),
      library: library.terms.map(({ text }) => text).join(","),
      procedure: shared.procedure,
    };
    const started = runs.map((run) => {
      const parameters = ownParameters(SindyAutoencoderParameters, run);
      const values = startValues([...specs, maskSpec(architecture)], parameters.startFrom, resources, () => {
        const initial = initialParameters(parameters, run.seed, architecture);
        return [...initial, new Float32Array(initial.at(-1)?.length ?? 0).fill(1)];
      });
      const [coefficients = new Float32Array(0), mask = new Float32Array(0)] = values.slice(-2);
      const fresh = freshHostTensors(values.slice(0, -1), "adam", false);
      const one = freshLawRun(run, parameters, { coefficients, mask });
      return { one, host: run.checkpoint ? decodeLawRun(run.checkpoint, identity, specs, one, fresh) : fresh };
    });
    super(
      started.map(({ one }) => one),
      sink,
      "block",
    );
    this.problem = problem;
    this.architecture = architecture;
    this.identity = identity;
    this.data = data;
    this.batchSize = Math.min(shared.batchSize, trainingSamples);
    const device = (jet: LatentDynamicsData["training"], samples: number): DeviceJet =>
      jet.slice(0, jets).map((values) => tf.tensor2d(values, [samples, width]));
    this.training = device(data.training, trainingSamples);
    this.validation = device(data.validation, validationSamples);
    this.tensors = toDevice(
      started.map(({ host }) => host),
      specs,
    );
    this.setting = { architecture, activation: shared.activation, library: libraryTensors(library) };
    this.compiled = compileLawStep(this.setting, this.training);
  }

  protected async train(): Promise<void> {
    const mask = this.packMask();
    const trained = await trainBlock(this.compiled, this.runs, this.tensors, mask, this.blockOrder(), this.batchSize);
    this.tensors = trained.state;
    const held = await meanLosses(this.setting, this.tensors.parameters, mask, this.validation);
    this.endBlock(trained.losses, held);
  }

  protected checkpointOf(one: LawRun, row: number): Uint8Array {
    return encodeLawRun(this.identity, this.architecture.specs, one, readRun(this.tensors, row));
  }

  protected override keepRows(rows: readonly number[]): void {
    this.tensors = keepRows(this.tensors, rows);
  }

  protected override disposeTensors(): void {
    this.compiled.dispose();
    disposeState(this.tensors);
    tf.dispose([...this.training, ...this.validation, this.setting.library.selections]);
  }

  private blockOrder(): StepInput {
    const length = (this.runs[0]?.parameters.stepsPerBlock ?? 0) * this.batchSize;
    const order = new Int32Array(this.runs.length * length);
    this.runs.forEach(({ run, optimizerSteps }, row) => {
      batchOrder(
        run.seed,
        this.data.trainingSamples,
        this.batchSize,
        optimizerSteps,
        order.subarray(row * length, (row + 1) * length),
      );
    });
    return { shape: [this.runs.length, length], values: order };
  }

  private packMask(): StepInput {
    const { library, latentWidth } = this.architecture;
    const size = library.terms.length * latentWidth;
    const all = new Float32Array(this.runs.length * size);
    this.runs.forEach(({ mask }, row) => {
      all.set(mask, row * size);
    });
    return { shape: [this.runs.length, library.terms.length, latentWidth], values: all };
  }

  private endBlock(training: readonly Losses[], held: readonly Losses[]): void {
    const reports = this.runs.map((one, row): number[] => {
      const [trained, validated] = [training[row], held[row]];
      if (!trained || !validated) throw new Error("A run without losses.");
      const before = scheduleAt(one.parameters, one.optimizerSteps - 1);
      one.step += 1;
      const sparsity = this.coefficientsOf(one, row).reduce((sum, value) => sum + Math.abs(value), 0);
      const total = ({ reconstruction, derivative, law }: Losses): number =>
        reconstruction + before.derivative * derivative + before.law * law + before.sparsity * sparsity;
      const { reconstruction, derivative, law } = trained;
      const values = [reconstruction, derivative, law, sparsity, total(trained), total(validated)];
      latentMetrics.forEach(({ name }, i) => {
        this.report(one, name, values[i] ?? Number.NaN);
      });
      if (!Number.isFinite(total(trained))) this.diverge(one, "loss", total(trained), this.problem.diverged());
      return values;
    });
    this.changeLaws();
    this.runs.forEach((one, row) => {
      if (one.left) return;
      const changed = one.pruned.at(-1) === one.step;
      remember(one, this.coefficientsOf(one, row), reports[row] ?? [], changed);
      if (one.step >= one.parameters.blocks) this.finish(one, row);
    });
  }

  /** Ξ with pruned terms at 0. */
  private coefficientsOf(one: LawRun, row: number): Float64Array {
    const values = readRow(this.tensors.parameters.slice(-1), row)[0] ?? new Float32Array(0);
    return Float64Array.from(values, (value, k) => (one.mask[k] === 1 ? value : 0));
  }

  /** Prunes and scans where the schedule asks for it. */
  private changeLaws(): void {
    const due = this.runs.map((one) => (one.left ? "none" : eventAfter(one.parameters, one.step)));
    if (due.every((event) => event === "none")) return;
    const hosts = this.runs.map((_, row) => readRun(this.tensors, row));
    const changed = this.runs.map((one, row) => {
      const host = hosts[row];
      if (!host || due[row] === "none") return false;
      if (due[row] === "prune") return this.prune(one, host);
      return due[row] === "fit" ? this.fit(one, row, host) : this.scan(one, row, host);
    });
    this.runs.forEach((one, row) => {
      if (changed[row]) one.pruned.push(one.step);
    });
    disposeState(this.tensors);
    this.tensors = toDevice(hosts, this.architecture.specs);
  }

  /** Removes coefficients below the threshold (S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016): sequential thresholding). */
  private prune(one: LawRun, host: HostTensors): boolean {
    const coefficients = host.parameters.at(-1) ?? new Float32Array(0);
    let removed = false;
    one.mask.forEach((active, k) => {
      if (active === 0 || Math.abs(coefficients[k] ?? 0) >= one.parameters.threshold) return;
      one.mask[k] = 0;
      removed = true;
      for (const tensors of [host.parameters, ...host.slots]) tensors.at(-1)?.fill(0, k, k + 1);
    });
    return removed;
  }

  /** z of the training samples with its time derivatives, by a run's encoder; `top` is the one that the law gives. */
  private latentJet(row: number): { z: Float32Array; rate: Float32Array; top: Float32Array } | null {
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
    return z && rate && top ? { z, rate, top } : null;
  }

  /** The second of two stages: the law of the coordinate that the networks were trained to, by sparse regression. */
  private fit(one: LawRun, row: number, host: HostTensors): boolean {
    const jet = this.latentJet(row);
    const coefficients = host.parameters.at(-1);
    if (!jet || !coefficients) return false;
    const { library, latentWidth } = this.architecture;
    fitLaw(library, latentWidth, jet, one.parameters.threshold).forEach((value, k) => {
      coefficients[k] = value;
      one.mask[k] = Number(value !== 0);
    });
    return true;
  }

  private scan(one: LawRun, row: number, host: HostTensors): boolean {
    const jet = this.latentJet(row);
    if (!jet) return false;
    const { z, rate, top } = jet;
    const gauge = this.bestGauge(one, z, rate, top);
    if (!gauge) return false;
    absorbGauge(this.architecture, host, gauge);
    one.coefficients.powers = [1, 1];
    gauge.coefficients.forEach((value, k) => (one.mask[k] = Number(value !== 0)));
    return true;
  }

  private bestGauge(one: LawRun, z: Float32Array, rate: Float32Array, top: Float32Array): AffineGauge | null {
    const { library } = this.architecture;
    const { procedure } = one.parameters;
    if (procedure === "gauge-search") {
      return searchGauges(library, z, top, randomStream(one.run.seed, "sindy-autoencoder/gauge-search", one.step));
    }
    const fit = (procedure === "gauge-scan-polished" ? scanGaugesPolished : scanGauges)(library, { z, rate, top });
    return fit && affineGauge(library, fit);
  }

  private finish(one: LawRun, row: number): void {
    const { layers } = this.architecture;
    const own = rowOf(this.tensors.parameters, row);
    try {
      const judged = this.problem.judge(
        one.run.parameters,
        this.model(one, row, own.slice(0, 2 * layers), own.slice(2 * layers, 4 * layers)),
        this.resources,
      );
      this.end(one, {
        outcome: "succeeded",
        metrics: { ...judged.metrics, weightCount: numbersOf(this.architecture.specs) },
        labels: judged.labels,
        reason: null,
        artifacts: [this.weightsOf(one, row), ...plotArtifacts(this.definition, judged.plots)],
      });
    } finally {
      tf.dispose(own);
    }
  }

  private model(one: LawRun, row: number, encoder: readonly tf.Tensor[], decoder: readonly tf.Tensor[]): LatentModel {
    const { order, latentWidth, library } = this.architecture;
    const { activation } = this.setting;
    return {
      order,
      latentWidth,
      library,
      coefficients: this.coefficientsOf(one, row).map((value) => (Math.abs(value) < one.parameters.threshold ? 0 : value)),
      history: one.history,
      losses: one.losses,
      pruned: one.pruned,
      encode: (jet, samples) => mapJet(activation, encoder, jet, samples),
      decode: (jet, samples) => mapJet(activation, decoder, jet, samples),
    };
  }

  private weightsOf(one: LawRun, row: number): ProgramArtifact {
    const metadata = {
      ...this.identity,
      family: "sindy-autoencoder",
      activation: this.setting.activation,
      seed: String(one.run.seed),
    };
    const specs = [...this.architecture.specs, maskSpec(this.architecture)];
    return weightsArtifact(metadata, namedTensors("", specs, [...readRow(this.tensors.parameters, row), one.mask]));
  }
}
