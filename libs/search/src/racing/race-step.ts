import type { RunResult } from "../search-history";
import { leaderOf, meanLoss, type Racer, type RaceField, type RaceRule } from "./race-rule";

/** What the ledger holds of a configuration that is in a race, or was the best of an earlier one. */
export interface RacedTrial {
  trial: number;
  /** Initializations that it was given. */
  given: number;
  /** Of its runs, all of which have ended; those from held-out seeds are not among them. */
  runs: readonly Pick<RunResult, "initialization" | "value" | "outcome">[];
}

/** What follows from a round; written with the round in one transaction. */
export type RaceAction =
  /** Train the trial from the seeds up to the `to`-th. */
  | { type: "add-initializations"; trial: number; to: number }
  /** No further seed of it. */
  | { type: "stop-trial"; trial: number; initializations: number; reason: string }
  /** It was trained from every seed. */
  | { type: "complete-trial"; trial: number; mean: number | null }
  /** From now on the best configuration that was trained from every seed. */
  | { type: "incumbent"; trial: number };

export interface RaceSettings {
  rule: RaceRule;
  min: number;
  max: number;
  alpha: number;
  direction: "minimize" | "maximize";
}

/**
 * The next step of a race whose runs have all ended. `trials`: those that are not decided, in their order; `incumbent`: the best of what was
 * decided before. Pure. Answers with an action for each trial that it can say something of; those without one wait for the one that is being
 * completed. Nothing where there is nothing to decide.
 */
export function raceStep(
  { rule, min, max, alpha, direction }: RaceSettings,
  trials: readonly RacedTrial[],
  incumbent: RacedTrial | null,
  begun: number,
): RaceAction[] {
  const worst = worstLoss(direction, incumbent ? [...trials, incumbent] : trials);
  const racerOf = (one: RacedTrial): Racer => ({ trial: one.trial, losses: lossesOf(one, direction, worst) });
  const actions: RaceAction[] = [];
  let best = incumbent && racerOf(incumbent);
  // Those that have every seed are through; the best of all is the incumbent.
  for (const one of trials.filter(({ given }) => given >= max)) {
    const racer = racerOf(one);
    const mean = meanLoss(racer);
    actions.push({ type: "complete-trial", trial: one.trial, mean: Number.isNaN(mean) ? null : mean });
    if (best === null || mean < meanLoss(best) || Number.isNaN(meanLoss(best))) best = racer;
  }
  if (best && best.trial !== incumbent?.trial) actions.push({ type: "incumbent", trial: best.trial });
  const racers = trials.filter(({ given }) => given < max).map(racerOf);
  if (racers.length === 0) return actions;
  const seeds = Math.min(...racers.map(({ losses }) => losses.length));
  if (best === null && rule.needsIncumbent) {
    const leader = leaderOf(racers) ?? racers[0];
    if (leader) actions.push({ type: "add-initializations", trial: leader.trial, to: max });
    return actions;
  }
  const field: RaceField = { racers, begun, incumbent: best, seeds, min, max, alpha };
  const stopped = rule.stopped(field);
  const to = Math.min(max, Math.max(seeds + 1, rule.next(field)));
  for (const { trial } of racers) {
    const reason = stopped.get(trial);
    if (reason === undefined) actions.push({ type: "add-initializations", trial, to });
    else actions.push({ type: "stop-trial", trial, initializations: seeds, reason });
  }
  return actions;
}

/** By initialization; of several results of one the last. */
function lossesOf({ given, runs }: RacedTrial, direction: RaceSettings["direction"], worst: number): number[] {
  const losses = new Array<number>(given).fill(Number.NaN);
  for (const { initialization, value, outcome } of runs) {
    if (initialization >= given || outcome === "cancelled") continue;
    losses[initialization] = value === null ? worst : direction === "minimize" ? value : -value;
  }
  return losses;
}

/** The greatest loss that any run has; 0 where none has one. What has no value counts as it. */
function worstLoss(direction: RaceSettings["direction"], trials: readonly RacedTrial[]): number {
  let worst = Number.NEGATIVE_INFINITY;
  for (const { runs } of trials) {
    for (const { value } of runs) if (value !== null) worst = Math.max(worst, direction === "minimize" ? value : -value);
  }
  return worst === Number.NEGATIVE_INFINITY ? 0 : worst;
}
