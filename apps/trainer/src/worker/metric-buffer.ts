import { MetricName, type RunId, type TrainerId } from "@basin/contracts";

/** The points of one metric of one run, in order. */
export interface KeptSeries {
  metric: string;
  steps: Int32Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

/** A series as it grows: what of it is in chunks, and what is not yet. */
interface GrowingSeries {
  /** JSON of a chunk up to its number. */
  prefix: string;
  steps: Int32Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  length: number;
  /** Points already put into chunks. */
  sent: number;
  chunks: number;
}

/** A series with this many unsent points is flushed at once. */
const fullSeriesPoints = 1024;
/** A resumed run's history goes out in chunks of this size. */
const largestChunkPoints = 8192;
/** A telemetry message stays below 512 KiB: it is cut when the next chunk would pass this. */
const largestMessageBytes = 480 * 1024;

export type SendTelemetry = (json: Uint8Array<ArrayBuffer>, points: number) => void;

/**
 * Collects the metric points of a pack and turns them into telemetry messages: chunks are numbered from 0 per run and metric
 * without gaps. Keeps every point, because a checkpoint contains the whole history of its run.
 */
export class MetricBuffer {
  readonly #runs: Map<string, GrowingSeries>[];
  readonly #head: string;
  /** Series that have unsent points. */
  #unsent: GrowingSeries[] = [];
  #full = false;

  constructor(
    trainer: TrainerId,
    private readonly attempts: readonly { run: RunId; attempt: number }[],
    private readonly send: SendTelemetry,
  ) {
    this.#runs = attempts.map(() => new Map<string, GrowingSeries>());
    this.#head = `{"v":1,"trainer":${JSON.stringify(trainer)},"sentAt":"`;
  }

  /** Whether a series has so many unsent points that waiting for the interval is no use. */
  get full(): boolean {
    return this.#full;
  }

  /** @throws Error when a series does not go forward, or the metric has no lawful name: the program is wrong */
  add(run: number, metric: string, step: number, value: number): void {
    const series = this.#runs[run]?.get(metric) ?? this.#open(run, metric);
    const { length } = series;
    if (length > 0 && step <= (series.steps[length - 1] ?? 0)) {
      throw new Error(
        `metric "${metric}" of run ${this.attempts[run]?.run} was reported for step ${step} after step ${series.steps[length - 1]}`,
      );
    }
    if (length === series.steps.length) grow(series, length * 2);
    if (series.sent === length) this.#unsent.push(series);
    series.steps[length] = step;
    series.values[length] = value;
    series.length = length + 1;
    if (series.length - series.sent >= fullSeriesPoints) this.#full = true;
  }

  /** Adds `value(run)` as a point of `metric` at the newest step of every run that has unsent points. */
  stamp(metric: string, value: (run: number) => number): void {
    for (const [run, all] of this.#runs.entries()) {
      const stamped = all.get(metric);
      const waits = [...all.values()].some((series) => series !== stamped && series.sent < series.length);
      const step = waits ? this.lastStep(run) : null;
      if (step !== null && (!stamped || (stamped.steps[stamped.length - 1] ?? -1) < step))
        this.add(run, metric, step, value(run));
    }
  }

  /** Puts the history of a resumed run in front; it goes out from chunk 0 with the next flush. */
  restore(run: number, history: readonly KeptSeries[]): void {
    for (const { metric, steps, values } of history) {
      if (steps.length === 0) continue;
      const series = this.#open(run, metric);
      series.steps = steps;
      series.values = values;
      series.length = steps.length;
      this.#unsent.push(series);
    }
  }

  /** Sends every unsent point; returns whether there was any. */
  flush(): boolean {
    if (this.#unsent.length === 0) return false;
    const head = `${this.#head}${new Date().toISOString()}","chunks":[`;
    let parts: string[] = [];
    let bytes = head.length;
    let points = 0;
    const cut = (): void => {
      if (parts.length === 0) return;
      this.send(latin1(`${head}${parts.join(",")}]}`), points);
      parts = [];
      bytes = head.length;
      points = 0;
    };
    for (const series of this.#unsent) {
      while (series.sent < series.length) {
        const end = Math.min(series.length, series.sent + largestChunkPoints);
        const chunk = `${series.prefix}${series.chunks},"steps":"${base64(series.steps, series.sent, end)}","values":"${base64(series.values, series.sent, end)}"}`;
        if (bytes + chunk.length > largestMessageBytes) cut();
        parts.push(chunk);
        bytes += chunk.length + 1;
        points += end - series.sent;
        series.sent = end;
        series.chunks++;
      }
    }
    cut();
    this.#unsent = [];
    this.#full = false;
    return true;
  }

  /** How many chunks were sent, by metric. */
  chunks(run: number): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [metric, series] of this.#runs[run] ?? []) counts[metric] = series.chunks;
    return counts;
  }

  /** The newest step that any metric of the run was reported for; null before the first. */
  lastStep(run: number): number | null {
    let last: number | null = null;
    for (const { steps, length } of this.#runs[run]?.values() ?? []) {
      const step = steps[length - 1];
      if (step !== undefined && (last === null || step > last)) last = step;
    }
    return last;
  }

  /** Views of everything reported so far; valid until the next `add`. */
  history(run: number): KeptSeries[] {
    return [...(this.#runs[run] ?? [])].map(([metric, series]) => ({
      metric,
      steps: series.steps.subarray(0, series.length),
      values: series.values.subarray(0, series.length),
    }));
  }

  /** Forgets a run; what it has not sent is not sent. */
  drop(run: number): void {
    const gone = new Set(this.#runs[run]?.values());
    this.#unsent = this.#unsent.filter((series) => !gone.has(series));
    this.#runs[run]?.clear();
  }

  #open(run: number, metric: string): GrowingSeries {
    const attempt = this.attempts[run];
    if (!attempt) throw new Error(`a metric was reported for run ${run} of a pack of ${this.attempts.length}`);
    if (!MetricName.safeParse(metric).success) throw new Error(`"${metric}" is no lawful name of a metric`);
    const series: GrowingSeries = {
      prefix: `{"run":"${attempt.run}","attempt":${attempt.attempt},"metric":"${metric}","chunk":`,
      steps: new Int32Array(16),
      values: new Float64Array(16),
      length: 0,
      sent: 0,
      chunks: 0,
    };
    this.#runs[run]?.set(metric, series);
    return series;
  }
}

function grow(series: GrowingSeries, capacity: number): void {
  const steps = new Int32Array(Math.max(16, capacity));
  const values = new Float64Array(Math.max(16, capacity));
  steps.set(series.steps);
  values.set(series.values);
  series.steps = steps;
  series.values = values;
}

function base64(array: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>, from: number, to: number): string {
  const size = array.BYTES_PER_ELEMENT;
  return Buffer.from(array.buffer, array.byteOffset + from * size, (to - from) * size).toString("base64");
}

/** In memory of its own, so that it can be transferred. */
function latin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  Buffer.from(bytes.buffer).write(text, "latin1");
  return bytes;
}
