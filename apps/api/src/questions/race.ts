import type { AnswerOf, QueryOf, Race, SeedsToDecide, Sweep } from "@basin/contracts";
import type { readRace, ValueSums } from "@basin/database";
import { studentTQuantile } from "@basin/numerics";
import { pairedWins, pairsToDecide, signEValue } from "@basin/search";
import { stateCode, type SweepTable } from "./sweep-table";

type Mean = Race["configurations"][number]["objective"];

/** With the interval of Student's t. */
function meanOf({ n, ended, mean, deviation }: ValueSums): Mean {
  const half = mean === null || deviation === null || n < 2 ? null : (studentTQuantile(0.975, n - 1) * deviation) / Math.sqrt(n);
  return {
    n,
    of: ended,
    mean,
    low: mean === null || half === null ? null : mean - half,
    high: mean === null || half === null ? null : mean + half,
  };
}

/** What a race found and what it cost. Pure. */
export function raceOf(sweep: Sweep, { trials, totals, heldOut }: Awaited<ReturnType<typeof readRace>>): AnswerOf<"getRace"> {
  const configurations = trials.map(({ trial, parameters, race, reason, given, ...sums }) => ({
    trial,
    parameters,
    race,
    reason,
    seeds: given,
    objective: meanOf(sums),
  }));
  const best = configurations.find(({ trial }) => trial === totals.incumbent);
  const winner = best ? { trial: best.trial, search: best.objective, test: meanOf(heldOut) } : null;
  const runs = { search: totals.search, heldOut: totals.heldOut, grid: totals.trials * (sweep.spec.initializations?.max ?? 0) };
  return {
    sweep: sweep.id,
    metric: sweep.objective.metric,
    state: sweep.racing,
    rounds: totals.rounds,
    configurations,
    total: totals.trials,
    runs,
    winner,
    reading: readingOf(sweep, runs, winner),
  };
}

const plain = (value: number): string => String(Number(value.toPrecision(4)));

function readingOf({ racing, objective }: Sweep, runs: Race["runs"], winner: Race["winner"]): string {
  if (racing === null) return "Every configuration is trained from all seeds: the sweep has no race.";
  const share = runs.grid === 0 ? 0 : Math.round((100 * runs.search) / runs.grid);
  const cost = `${runs.search} of the ${runs.grid} runs that all seeds of these configurations would be (${share} %)`;
  if (winner === null) return `The race has given out ${cost}; none has been trained from all seeds yet.`;
  const leads = `Trial ${winner.trial} ${racing === "decided" ? "won" : "leads"} with ${cost}`;
  const { search, test } = winner;
  if (search.mean === null || test.mean === null) return `${leads}.`;
  const worse = (objective.direction === "minimize" ? 1 : -1) * (test.mean - search.mean);
  const said = `a mean ${objective.metric} of ${plain(search.mean)} over the ${search.n} seeds of the search and ${plain(test.mean)} over ${test.n} that it never saw`;
  return `${leads}: ${said}${worse > 0 ? ", as the best of many looks better than it is" : ""}.`;
}

/** How many more seeds decide which of two trials of a sweep is better. Pure; `values` are by row of the table. */
export function seedsToDecideOf(
  table: SweepTable,
  values: Float64Array,
  better: "minimize" | "maximize",
  { a, b, alpha }: Pick<QueryOf<"getSeedsToDecide">, "a" | "b" | "alpha">,
): SeedsToDecide {
  const lossesOf = (trial: number): number[] => {
    const losses: number[] = [];
    for (let row = 0; row < table.count; row++) {
      if (table.trialIndex[row] !== trial) continue;
      const value = table.state[row] === stateCode.succeeded ? (values[row] ?? Number.NaN) : Number.NaN;
      losses[table.seedIndex[row] ?? 0] = better === "minimize" ? value : -value;
    }
    return Array.from(losses, (loss: number | undefined) => loss ?? Number.NaN);
  };
  const { wins: winsOfA, pairs } = pairedWins(lossesOf(a), lossesOf(b));
  const wins = Math.max(winsOfA, pairs - winsOfA);
  const best = 2 * winsOfA === pairs ? null : 2 * winsOfA > pairs ? a : b;
  // Two-sided: either may be called the better.
  const bound = 2 / alpha;
  const evidence = best === null ? 1 : signEValue(wins, pairs);
  const decided = evidence >= bound;
  const needed = best === null ? null : pairsToDecide(wins, pairs, bound);
  const more = needed === null ? null : needed - pairs;
  return {
    a,
    b,
    best,
    wins,
    pairs,
    evidence: Number.isFinite(evidence) ? evidence : null,
    bound,
    decided,
    more,
    reading: decisionText({ best, wins, pairs, decided, more, alpha }),
  };
}

function decisionText(given: Pick<SeedsToDecide, "best" | "wins" | "pairs" | "decided" | "more"> & { alpha: number }): string {
  const { best, wins, pairs, decided, more, alpha } = given;
  if (pairs === 0) return "They have no seed in common at which both have a value and differ, so nothing can be said.";
  if (best === null)
    return `Each is better from ${wins} of ${pairs} common seeds: no number of seeds can be told that would decide.`;
  const stands = `Trial ${best} is better from ${wins} of ${pairs} common seeds`;
  if (decided) return `${stands}. That decides at α = ${alpha}, however often it was looked at.`;
  if (more === null)
    return `${stands}. If that goes on, 10,000 seeds would not decide at α = ${alpha}: they are as good as equal.`;
  return `${stands}. If that goes on, ${more} more ${more === 1 ? "seed decides" : "seeds decide"} at α = ${alpha}, whenever you look.`;
}
