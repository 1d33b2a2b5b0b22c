import { RunState, SweepState } from "@basin/contracts";
import {
  isRunFinished,
  runStatesAccepting,
  runTransitions,
  sweepTransitions,
  type RunEvent,
  type SweepEvent,
  type Transition,
} from "@basin/domain";

/**
 * The state machines of `domain` as text for SQL: what a guarded UPDATE may move, and where to. They are literals rather than parameters
 * so that partial indexes on a state still serve.
 */
const quoted = (state: string): string => `'${state}'`;
const listOf = (states: readonly string[]): string => {
  if (states.length === 0) throw new Error("no state accepts this event");
  return `(${states.map(quoted).join(", ")})`;
};

/** The one state that an event leads to, whatever the state before. Throws when that depends on the state before. */
function targetOf<State extends string, Event extends string>(
  transitions: readonly Transition<State, Event>[],
  event: Event,
): State {
  const targets = [...new Set(transitions.filter((transition) => transition.event === event).map(({ to }) => to))];
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw new Error(`"${event}" leads to ${targets.length} states`);
  return target;
}

/** `('queued')`: for `state IN ${runsAccepting("claim")}`. */
export const runsAccepting = (...events: readonly RunEvent[]): string => listOf([...new Set(events.flatMap(runStatesAccepting))]);
/** `'running'`: for `SET state = ${runAfter("claim")}`. */
export const runAfter = (event: RunEvent): string => quoted(targetOf(runTransitions, event));
/** The state after an event, for what is told of it. */
export const runStateAfter = (event: RunEvent): RunState => targetOf(runTransitions, event);

/** Runs whose current attempt trains: the only ones that can get a result, telemetry or artifacts. */
export const trainingRuns = runsAccepting("succeed");
/** Runs that a trainer has not been given yet. */
export const waitingRuns = listOf(
  RunState.options.filter((state) => !isRunFinished(state) && !runStatesAccepting("succeed").includes(state)),
);
/** Runs that will not be trained again by themselves. */
export const finishedRuns = listOf(RunState.options.filter(isRunFinished));

const afterTraining = new Set(
  runTransitions.filter(({ from }) => runStatesAccepting("succeed").includes(from)).map(({ to }) => to),
);
/** Whether the end of an attempt may leave its run in this state. */
export const mayFollowTraining = (state: RunState): boolean => afterTraining.has(state);

/** `('running', 'paused')`: for `state IN ${sweepsAccepting("complete")}`. */
export const sweepsAccepting = (event: SweepEvent): string =>
  listOf(sweepTransitions.filter((transition) => transition.event === event).map(({ from }) => from));
/** `'completed'`: for `SET state = ${sweepAfter("complete")}`. */
export const sweepAfter = (event: SweepEvent): string => quoted(targetOf(sweepTransitions, event));
/** The state after an event whose end depends on the state before: a CASE over `column`. */
export function sweepMove(event: SweepEvent, column = "state"): string {
  const moves = sweepTransitions.filter((transition) => transition.event === event);
  return `(CASE ${column} ${moves.map(({ from, to }) => `WHEN ${quoted(from)} THEN ${quoted(to)}`).join(" ")} END)::sweep_state`;
}
/** Sweeps that have ended: nothing leads on from them by itself. */
export const endedSweeps = listOf(
  SweepState.options.filter((state) => !sweepTransitions.some(({ from, event }) => from === state && event === "complete")),
);

/** Runs of a sweep that exist, from its counters: one per state. */
export const createdRunsSql = `(${RunState.options.join(" + ")})`;

/** Of a race over seeds, how many seeds the search may use: those behind them are held out for the final report. `sweep`: the alias of its row. */
export const searchSeedsSql = (sweep: string): string => `coalesce((${sweep}.spec->'initializations'->>'max')::int, 2147483647)`;

/**
 * Runs a sweep will have in the end: those that exist once its budget is spent or its race is decided, else the plan, at most what the budget
 * allows; null while a race decides.
 */
export const plannedRunsSql = `CASE WHEN spent IS NOT NULL OR racing = 'decided' THEN ${createdRunsSql} WHEN racing = 'deciding' THEN NULL
  ELSE least(trials_planned * cardinality(seeds), (spec->'budget'->>'maxRuns')::float8) END`;
