import type { Initializations, Objective, RunState, SweepSpec } from "@basin/contracts";
import type { ActiveSweep, RacedRun, RaceRound, SearchSnapshot } from "@basin/database";
import { findRaceRule, raceStep, type RaceAction, type RacedTrial } from "@basin/search";

/** Of a stored spec, whose `max` is written out. */
function raceOf({ race, min, max, alpha }: Initializations, direction: Objective["direction"]) {
  const rule = findRaceRule(race);
  if (!rule) throw new Error(`there is no race "${race}" in this version of Basin`);
  if (max === undefined) throw new Error("the stored race does not say how many seeds there are");
  return { rule, min, max, alpha, direction };
}

type Decided = Pick<RaceRound, "event" | "actions" | "given" | "decided" | "incumbent" | "over">;

/**
 * What a round of a race leads to, from the runs that have ended: the event says how those ended that no round before told of. Pure. Throws where
 * the rule decides nothing.
 */
export function raceRound(
  { initializations }: Pick<SweepSpec, "initializations">,
  direction: Objective["direction"],
  runs: readonly RacedRun[],
  { trialsCreated }: Pick<SearchSnapshot, "trialsCreated">,
): Decided | null {
  if (!initializations) throw new Error("the sweep has no race");
  const racing = trialsOf(runs.filter((run) => run.racing));
  if (racing.length === 0) return null;
  const [incumbent = null] = trialsOf(runs.filter((run) => !run.racing));
  const actions = raceStep(raceOf(initializations, direction), racing, incumbent, trialsCreated);
  if (actions.length === 0) throw new Error(`the race ${initializations.race} decided nothing of ${racing.length} trials`);
  return {
    event: { type: "round", trials: racing.map(({ trial, given, runs: ended }) => ({ trial, given, runs: ended })) },
    actions,
    given: actions.flatMap((action) => (action.type === "add-initializations" ? [{ trial: action.trial, to: action.to }] : [])),
    decided: actions.flatMap(decisionOf),
    incumbent: actions.findLast((action) => action.type === "incumbent")?.trial ?? null,
    over: false,
  };
}

/** The end of a race: its winner is trained from the held-out seeds. `incumbent` null: no configuration was ever tried. */
export function raceEnd({ initializations }: Pick<ActiveSweep, "initializations">, incumbent: number | null): Decided {
  const { max = 0, heldOut = 0 } = initializations ?? {};
  const given = incumbent === null || heldOut === 0 ? [] : [{ trial: incumbent, to: max + heldOut }];
  return {
    event: { type: "race-over" },
    actions: [{ type: "winner", trial: incumbent }, ...given.map((one) => ({ type: "add-initializations", ...one }))],
    given,
    decided: [],
    incumbent: null,
    over: true,
  };
}

function decisionOf(action: RaceAction): RaceRound["decided"] {
  if (action.type === "stop-trial") return [{ trial: action.trial, race: "stopped", reason: action.reason }];
  return action.type === "complete-trial" ? [{ trial: action.trial, race: "complete", reason: null }] : [];
}

function trialsOf(runs: readonly RacedRun[]): RacedTrial[] {
  const trials = new Map<number, RacedTrial & { runs: RacedTrial["runs"][number][] }>();
  for (const { trial, given, initialization, outcome, value } of runs) {
    const known = trials.get(trial) ?? { trial, given, runs: [] };
    known.runs.push({ initialization, value, outcome: endOf(outcome) });
    trials.set(trial, known);
  }
  return [...trials.values()];
}

function endOf(state: RunState): RacedTrial["runs"][number]["outcome"] {
  if (state === "pending" || state === "queued" || state === "running") throw new Error(`a run of the round is ${state}`);
  return state;
}
