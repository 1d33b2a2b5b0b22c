import type { PackProgram, PackSink, ProgramResult } from "@basin/engine";
import type { TrainingRun } from "./training-run";

/**
 * The life of a pack, the same for every family: which runs train, what they report, how they end, and that those that ended or were
 * dropped lose their rows between two steps. A family says what a step is, and owns the tensors.
 */
export abstract class PackOfRuns<R extends TrainingRun> implements PackProgram {
  private disposed = false;

  /** `runs`: row r of every tensor belongs to runs[r]. `unit`: the word for a step, e.g. "epoch". */
  constructor(
    protected runs: readonly R[],
    private readonly sink: PackSink,
    private readonly unit: string,
  ) {}

  active(): readonly number[] {
    return this.runs.filter((one) => !one.left).map(({ run }) => run.index);
  }

  step(run: number): number {
    return this.find(run).step;
  }

  async advance(): Promise<boolean> {
    this.compact();
    if (this.runs.length === 0) return false;
    await this.train();
    this.compact();
    return this.runs.length > 0;
  }

  checkpoint(run: number): Uint8Array | Promise<Uint8Array> {
    const found = this.find(run);
    return this.checkpointOf(found, this.runs.indexOf(found));
  }

  drop(run: number): void {
    this.find(run).left = true;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.runs = [];
    this.disposeTensors();
  }

  /** Trains every run by one step, counts it, and reports; runs may have left meanwhile. */
  protected abstract train(): Promise<void>;

  protected abstract checkpointOf(run: R, row: number): Uint8Array | Promise<Uint8Array>;

  /** Keeps the listed rows of every tensor, at least one; `runs` are those runs already. A family without tensors has nothing to do. */
  protected keepRows(_rows: readonly number[]): void {}

  protected disposeTensors(): void {}

  /** A point of a series at the run's step. Nothing of a run that left. */
  protected report(one: R, metric: string, value: number): void {
    if (!one.left) this.sink.metric(one.run.index, metric, one.step, value);
  }

  /** The run has ended by itself; not heard when it left while its end was awaited. */
  protected end(one: R, result: ProgramResult): void {
    if (one.left) return;
    one.left = true;
    this.sink.finished(one.run.index, result);
  }

  /** It ends because a figure of its step is not finite. */
  protected diverge(one: R, what: string, value: number, metrics: Record<string, number>): void {
    const reason = `${what} became ${value} at ${this.unit} ${one.step}`;
    this.end(one, { outcome: "diverged", metrics, reason, artifacts: [] });
  }

  private find(run: number): R {
    const found = this.runs.find((one) => one.run.index === run && !one.left);
    if (!found) throw new RangeError(`Run ${run} is not in this pack any more.`);
    return found;
  }

  private compact(): void {
    const rows = this.runs.flatMap((one, row) => (one.left ? [] : [row]));
    if (rows.length === this.runs.length) return;
    this.runs = this.runs.filter((one) => !one.left);
    if (rows.length > 0) this.keepRows(rows);
  }
}
