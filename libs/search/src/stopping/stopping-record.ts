import type { Stopping } from "@basin/contracts";
import type { ReportedCurve, StoppingRule } from "./stopping-rule";

/** What a run reported when it had trained as far as a rung; values as measured, null where they are no number. */
interface RungReport {
  trial: number;
  initialization: number;
  rung: number;
  value: number | null;
}

/** An event of a sweep with a stopping rule: reports in the order of trial, initialization and rung, and which runs trained to their ends. */
export interface ReportsEvent {
  type: "reports";
  reports: readonly RungReport[];
  ended: readonly { trial: number; initialization: number }[];
}

/** A run that is stopped, or with `initialization` null all of a trial's. */
export interface StopAction {
  type: "stop";
  trial: number;
  initialization: number | null;
  rung: number;
  reason: string;
}

interface Unit {
  trial: number;
  initialization: number | null;
  runs: Map<number, { reports: number[]; ended: boolean }>;
  /** Rungs that the rule was asked about. */
  asked: number;
  stopped: boolean;
}

/**
 * All that a stopping rule decided and from what, kept up with a sweep's events; told stored events again it decides the same. By run every run
 * is a curve; by trial the mean over its `seeds` runs is, at the rungs that all of them have reached.
 */
export class StoppingRecord {
  readonly #units = new Map<string, Unit>();
  readonly #sign: number;
  readonly #config: Stopping;

  constructor(
    private readonly rule: StoppingRule,
    given: Stopping,
    private readonly rungs: readonly number[],
    private readonly seeds: number,
  ) {
    this.#sign = given.direction === "minimize" ? 1 : -1;
    this.#config = given.threshold === undefined ? given : { ...given, threshold: this.#sign * given.threshold };
  }

  /** What the rule stops, having heard this; in the order of the reports. */
  tell(event: ReportsEvent): StopAction[] {
    const touched = new Set<Unit>();
    for (const { trial, initialization, rung, value } of event.reports) {
      const unit = this.#unitOf(trial, initialization);
      const run = runOf(unit, initialization);
      if (rung === run.reports.length) run.reports.push(value === null ? Number.POSITIVE_INFINITY : this.#sign * value);
      touched.add(unit);
    }
    for (const { trial, initialization } of event.ended) runOf(this.#unitOf(trial, initialization), initialization).ended = true;
    return [...touched].flatMap((unit) => this.#ask(unit));
  }

  #ask(unit: Unit): StopAction[] {
    const curve = this.#curveOf(unit);
    while (!unit.stopped && !curve.ended && unit.asked < curve.reports.length) {
      const rung = unit.asked;
      unit.asked += 1;
      const others = [...this.#units.values()].filter((one) => one !== unit).map((one) => this.#curveOf(one));
      const upTo = { ...curve, reports: curve.reports.slice(0, rung + 1) };
      const reason = this.rule.stops({ config: this.#config, rungs: this.rungs, rung, curve: upTo, others });
      if (reason === null) continue;
      unit.stopped = true;
      // What it measured behind the rung is no part of what others are compared with.
      for (const run of unit.runs.values()) run.reports.splice(rung + 1);
      return [{ type: "stop", trial: unit.trial, initialization: unit.initialization, rung, reason }];
    }
    return [];
  }

  #curveOf({ runs, stopped }: Unit): ReportedCurve {
    const all = [...runs.values()];
    const complete = this.#config.by === "run" || all.length >= this.seeds;
    const length = complete ? Math.min(...all.map(({ reports }) => reports.length)) : 0;
    const reports = Array.from({ length }, (_, rung) => all.reduce((sum, run) => sum + (run.reports[rung] ?? 0), 0) / all.length);
    return { reports, ended: !stopped && complete && all.every(({ ended }) => ended) };
  }

  #unitOf(trial: number, initialization: number): Unit {
    const own = this.#config.by === "run" ? initialization : null;
    const key = `${trial} ${own ?? ""}`;
    const unit = this.#units.get(key) ?? { trial, initialization: own, runs: new Map(), asked: 0, stopped: false };
    this.#units.set(key, unit);
    return unit;
  }
}

function runOf(unit: Unit, initialization: number): { reports: number[]; ended: boolean } {
  const run = unit.runs.get(initialization) ?? { reports: [], ended: false };
  unit.runs.set(initialization, run);
  return run;
}
