import type { RunState } from "@basin/contracts";
import type { Database } from "./connection";
import type { Epoch } from "./epoch";
import { completeIfDone, fillRuns, noteEvent } from "./planning.repository";
import { statement } from "./statement";
import { bool, float8, int4, listOf, nullable, present, runState, sparseListOf, text } from "./sql-types";

/** A run of a trial that races, or of the best one so far. */
export interface RacedRun {
  trial: number;
  racing: boolean;
  /** Initializations that the trial was given. */
  given: number;
  initialization: number;
  outcome: RunState;
  value: number | null;
}

/** What a round of a race leads to: everything that is written in one transaction. */
export interface RaceRound {
  sweep: string;
  /** The number of events before this one; a round on another number is refused. */
  sequence: number;
  event: unknown;
  actions: unknown;
  /** Trials that get seeds up to the `to`-th. */
  given: readonly { trial: number; to: number }[];
  decided: readonly { trial: number; race: "stopped" | "complete"; reason: string | null }[];
  /** Null: as before. */
  incumbent: number | null;
  /** The race is over. */
  over: boolean;
  /** At most this many runs are created now; the rest follows with `fill`. */
  maxNewRuns: number;
}

const racedRuns = statement({
  text: `SELECT t.index AS trial, t.race = 'racing' AS racing, t.runs_total AS given, r.seed_index AS initialization, r.state AS outcome,
           CASE WHEN r.state = 'succeeded' AND r.objective NOT IN ('NaN', 'Infinity', '-Infinity') THEN r.objective END AS value
    FROM sweep s JOIN trial t ON t.sweep_id = s.id AND (t.race = 'racing' OR t.index = s.incumbent)
    JOIN run r ON r.sweep_id = s.id AND r.trial_index = t.index AND r.seed_index < $2
    WHERE s.id = $1 ORDER BY t.index, r.seed_index`,
  parameters: [text, int4],
  row: {
    trial: int4,
    racing: present(bool),
    given: int4,
    initialization: int4,
    outcome: runState,
    value: nullable(float8),
  },
});

/** Only where nothing of the sweep trains or waits: results of a round are all there, or it is not over. */
const advanceRace = statement({
  text: `UPDATE sweep SET search_events = search_events + 1, incumbent = coalesce($3::int, incumbent),
           racing = CASE WHEN $4 THEN 'decided' ELSE racing END, filled_trials = least(filled_trials, coalesce($5::int, filled_trials))
    WHERE id = $1 AND search_events = $2 AND state = 'running' AND racing = 'deciding' AND pending + queued + running = 0
      AND filled_trials = trials_created`,
  parameters: [text, int4, nullable(int4), bool, nullable(int4)],
});

const giveSeeds = statement({
  text: `UPDATE trial t SET runs_total = g.given FROM unnest($2::int[], $3::int[]) AS g(index, given)
    WHERE t.sweep_id = $1 AND t.index = g.index AND t.runs_total < g.given`,
  parameters: [text, listOf(int4), listOf(int4)],
});

const decideTrials = statement({
  text: `UPDATE trial t SET race = d.race, race_reason = d.reason FROM unnest($2::int[], $3::text[], $4::text[]) AS d(index, race, reason)
    WHERE t.sweep_id = $1 AND t.index = d.index AND t.race = 'racing'`,
  parameters: [text, listOf(int4), listOf(text), sparseListOf(text)],
});

/** Races over seeds; written by the leader alone. */
export class RaceRepository {
  constructor(private readonly database: Database) {}

  /** Runs from the first `seeds` seeds of all trials that race and of the best so far, by trial and initialization. */
  async racedRuns(sweep: string, seeds: number): Promise<RacedRun[]> {
    const { rows } = await this.database.query(racedRuns(sweep, seeds));
    return rows;
  }

  /**
   * A round with what follows from it, in one transaction. Null when another event came first, the sweep no longer runs, or a run of it is
   * not at its end again: read it again. Otherwise the number of runs created.
   */
  applyRound(round: RaceRound, epoch: Epoch): Promise<number | null> {
    const { sweep, sequence, event, actions, given, decided, incumbent, over, maxNewRuns } = round;
    return this.database.transaction(
      async (connection) => {
        const first = given.length === 0 ? null : Math.min(...given.map(({ trial }) => trial));
        const { rowCount } = await connection.query(advanceRace(sweep, sequence, incumbent, over, first));
        if (rowCount === 0) return null;
        await connection.query(noteEvent(sweep, sequence, JSON.stringify(event), JSON.stringify(actions)));
        if (given.length > 0) {
          await connection.query(
            giveSeeds(
              sweep,
              given.map(({ trial }) => trial),
              given.map(({ to }) => to),
            ),
          );
        }
        if (decided.length > 0) {
          await connection.query(
            decideTrials(
              sweep,
              decided.map(({ trial }) => trial),
              decided.map(({ race }) => race),
              decided.map(({ reason }) => reason),
            ),
          );
        }
        const created = await fillRuns(connection, sweep, maxNewRuns);
        await completeIfDone(connection, [sweep]);
        return created;
      },
      { epoch },
    );
  }
}
