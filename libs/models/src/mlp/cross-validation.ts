import { mean, sampleStandardDeviation } from "@basin/numerics";
import type { PackProgram, PackRun, PackSink, ProgramResult } from "@basin/engine";
import type { Fold } from "./mlp-network";

/** Makes the program of one network per run: `fold` null trains on all training samples, as without cross-validation. */
export type CreateUnit = (runs: readonly PackRun[], sink: PackSink, fold: Fold | null) => PackProgram;

/** The folds, then the bootstrap samples. */
export function resamplings(folds: number, bootstrapSamples: number): Fold[] {
  return [
    ...Array.from({ length: folds }, (_, index): Fold => ({ index, folds })),
    ...Array.from({ length: bootstrapSamples }, (_, index): Fold => ({ index, bootstrap: true })),
  ];
}

/**
 * k-fold cross-validation (Stone 1974) and bootstrap (Efron 1979) of every run: beside the run's own network, which is the same to the bit as
 * without, one network per fold is trained in the same way on the rest and scored on the fold, and one per bootstrap sample, scored on what was
 * not drawn. The units advance side by side, each a pack of all runs. A run has the final figures of its own network, and mean and standard
 * deviation (over n − 1) of the scores of either kind. It diverges when one of its networks does.
 */
export class CrossValidatedProgram implements PackProgram {
  private readonly units: PackProgram[];
  private readonly ended = new Map<number, (ProgramResult | null)[]>();
  private running: number[];

  constructor(
    runs: readonly PackRun[],
    private readonly held: readonly Fold[],
    private readonly sink: PackSink,
    create: CreateUnit,
  ) {
    const parts = runs.map(({ checkpoint }) => (checkpoint ? splitCheckpoints(checkpoint, held.length + 1) : null));
    this.units = [];
    this.running = runs.map(({ index }) => index);
    try {
      for (const [unit, fold] of [null, ...held].entries()) {
        const own = runs.map((run, i) => ({ ...run, checkpoint: parts[i]?.[unit] ?? null }));
        this.units.push(create(own, this.sinkOf(unit), fold));
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  active(): readonly number[] {
    return this.running;
  }

  step(run: number): number {
    return this.unit(0).step(run);
  }

  async advance(): Promise<boolean> {
    for (const unit of this.units) await unit.advance();
    for (const run of this.running) this.settle(run);
    return this.running.length > 0;
  }

  checkpoint(run: number): Promise<Uint8Array> {
    return Promise.all(this.units.map((unit) => Promise.resolve(unit.checkpoint(run)))).then(joinCheckpoints);
  }

  drop(run: number): void {
    this.unit(0).step(run);
    this.leave(run);
  }

  dispose(): void {
    this.running = [];
    for (const unit of this.units) unit.dispose();
  }

  private unit(index: number): PackProgram {
    const unit = this.units[index];
    if (!unit) throw new RangeError(`There are ${this.units.length} networks per run, not ${index + 1}.`);
    return unit;
  }

  private sinkOf(unit: number): PackSink {
    return {
      metric: (run, metric, step, value) => {
        if (unit === 0) this.sink.metric(run, metric, step, value);
      },
      finished: (run, result) => {
        const results = this.ended.get(run) ?? Array.from({ length: this.held.length + 1 }, () => null);
        results[unit] = unit === 0 ? result : { ...result, artifacts: [] };
        this.ended.set(run, results);
      },
    };
  }

  /** Reports a run when all its networks have ended or one has diverged. */
  private settle(run: number): void {
    const results = this.ended.get(run);
    if (!results) return;
    const [own] = results;
    const broken = results.findIndex((result) => result?.outcome === "diverged");
    if (broken >= 0) {
      this.leave(run);
      const reason = results[broken]?.reason ?? null;
      const fold = this.held[broken - 1];
      const what = fold && "bootstrap" in fold ? `bootstrap sample ${fold.index + 1}` : `fold ${broken}`;
      const where = fold ? `${what}: ${reason ?? "diverged"}` : reason;
      this.sink.finished(run, { outcome: "diverged", metrics: own?.metrics ?? {}, reason: where, artifacts: [] });
      return;
    }
    if (!own || results.includes(null)) return;
    this.leave(run);
    const scores = results.slice(1).map((result) => result?.metrics["score"] ?? Number.NaN);
    const folds = scores.filter((_, i) => !this.isBootstrap(i));
    const draws = scores.filter((_, i) => this.isBootstrap(i));
    const metrics = {
      ...own.metrics,
      ...(folds.length > 0 ? { crossValidationScore: mean(folds), crossValidationStd: sampleStandardDeviation(folds) } : {}),
      ...(draws.length > 0 ? { bootstrapScore: mean(draws), bootstrapStd: sampleStandardDeviation(draws) } : {}),
    };
    this.sink.finished(run, { ...own, metrics });
  }

  private isBootstrap(index: number): boolean {
    const fold = this.held[index];
    return fold !== undefined && "bootstrap" in fold;
  }

  private leave(run: number): void {
    this.running = this.running.filter((one) => one !== run);
    this.ended.delete(run);
    for (const unit of this.units) if (unit.active().includes(run)) unit.drop(run);
  }
}

const wordBytes = 4;

/** Number of parts, their lengths (uint32, little-endian), then the parts. */
function joinCheckpoints(parts: readonly Uint8Array[]): Uint8Array {
  const head = wordBytes * (1 + parts.length);
  const out = new Uint8Array(parts.reduce((total, part) => total + part.length, head));
  const view = new DataView(out.buffer);
  view.setUint32(0, parts.length, true);
  let at = head;
  parts.forEach((part, i) => {
    view.setUint32(wordBytes * (i + 1), part.length, true);
    out.set(part, at);
    at += part.length;
  });
  return out;
}

/** The parts again, copied. Throws RangeError when there are not `count` of them. */
function splitCheckpoints(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = wordBytes * (1 + count);
  if (bytes.length < head || view.getUint32(0, true) !== count) {
    throw new RangeError(`The checkpoint does not hold the ${count} networks of a cross-validated run.`);
  }
  let at = head;
  const parts = Array.from({ length: count }, (_, i) => {
    const length = view.getUint32(wordBytes * (i + 1), true);
    const part = bytes.slice(at, at + length);
    at += length;
    return part;
  });
  if (at !== bytes.length) throw new RangeError("The checkpoint of a cross-validated run is cut short.");
  return parts;
}
