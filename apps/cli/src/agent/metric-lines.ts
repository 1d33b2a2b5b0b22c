import { closestName, type ExperimentDescriptor, type MetricDescriptor } from "@basin/contracts";

/** Points of a metric that were not sent yet. */
export interface Points {
  steps: number[];
  values: number[];
}

const words: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** A JSON object, also with the NaN and Infinity that many languages write; null: the line is none. */
function objectIn(line: string): Record<string, unknown> | null {
  const trimmed = line.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return null;
  const finite = trimmed.replaceAll(/(?<=[:[,]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '"$1"');
  try {
    const value: unknown = JSON.parse(finite);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A line that is meant as a measurement and is none: its run fails with this. */
export class MeasurementError extends Error {
  override readonly name = "MeasurementError";
}

/**
 * What a command measured, line by line: `{"step": 3, "loss": 0.2}` are points, `{"loss": 0.1}` final figures, `{"labels": {"law": "…"}}` words.
 * Other lines are no measurements.
 */
export class MetricLines {
  /** By metric, what was not taken yet. */
  #points = new Map<string, Points>();
  readonly #last = new Map<string, { step: number; value: number }>();
  readonly finals: Record<string, number> = {};
  readonly labels: Record<string, string> = {};
  steps = 0;
  fault: MeasurementError | null = null;

  constructor(private readonly experiment: Pick<ExperimentDescriptor, "metrics" | "objective">) {}

  /** False: the line is no measurement. What is wrong with one is kept in `fault`. */
  take(line: string): boolean {
    const object = objectIn(line);
    if (!object || !("step" in object || "labels" in object || Object.keys(object).some((name) => this.#known(name))))
      return false;
    try {
      this.#read(object, line);
    } catch (error) {
      if (!(error instanceof MeasurementError)) throw error;
      this.fault ??= error;
    }
    return true;
  }

  /** Points so far; the next call gives what came since. */
  takePoints(): Map<string, Points> {
    const taken = this.#points;
    this.#points = new Map();
    return taken;
  }

  /** Final figures: those that were told, else the last of the series. */
  get results(): Record<string, number> {
    const results = { ...this.finals };
    for (const { name, final } of this.experiment.metrics) {
      const last = this.#last.get(name);
      if (final && !(name in results) && last) results[name] = last.value;
    }
    return results;
  }

  /** Points that an earlier attempt made, as if they were measured now. */
  restore(history: Readonly<Record<string, Points>>, steps: number): void {
    for (const [name, { steps: at, values }] of Object.entries(history))
      for (const [i, step] of at.entries()) this.#add(name, step, values[i] ?? Number.NaN);
    this.steps = Math.max(this.steps, steps);
  }

  #known(name: string): MetricDescriptor | undefined {
    return this.experiment.metrics.find((metric) => metric.name === name);
  }

  #read({ step, labels, ...values }: Record<string, unknown>, line: string): void {
    if (step !== undefined && (typeof step !== "number" || !Number.isInteger(step) || step < 0))
      throw new MeasurementError(`step is ${JSON.stringify(step)} in ${line.slice(0, 200)}: it must be a whole number from 0`);
    if (typeof labels === "object" && labels !== null)
      for (const [name, word] of Object.entries(labels)) this.labels[name] = String(word).slice(0, 2000);
    for (const [name, given] of Object.entries(values)) {
      const value = typeof given === "string" ? words[given] : given;
      if (typeof value !== "number")
        throw new MeasurementError(`${name} is ${JSON.stringify(given)} in ${line.slice(0, 200)}: it must be a number`);
      const kind = step === undefined ? "final" : "series";
      const names = this.experiment.metrics.filter((metric) => metric[kind]).map((metric) => metric.name);
      if (!names.includes(name)) {
        const near = closestName(name, names);
        const hint = near === null ? "" : `; did you mean ${near}?`;
        throw new MeasurementError(`the experiment declares no ${kind} "${name}"${hint} It declares ${names.join(", ")}`);
      }
      if (typeof step === "number") this.#add(name, step, value);
      else this.finals[name] = value;
    }
  }

  #add(name: string, step: number, value: number): void {
    const before = this.#last.get(name);
    if (before && step <= before.step)
      throw new MeasurementError(`${name} came at step ${step} after step ${before.step}: steps go forward`);
    this.#last.set(name, { step, value });
    this.steps = Math.max(this.steps, step + 1);
    const points = this.#points.get(name) ?? { steps: [], values: [] };
    points.steps.push(step);
    points.values.push(value);
    this.#points.set(name, points);
  }
}
