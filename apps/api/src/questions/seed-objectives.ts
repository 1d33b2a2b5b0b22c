import type { QueryOf, SeedObjectives, Sweep } from "@basin/contracts";
import { bestQuantile, expectedBestOf, interquartileMean, mean, median, startsNeeded } from "@basin/numerics";
import { successAmong } from "./figures";
import type { OpenQuestion } from "./questions.service";
import { groupRuns, hasEnded, rowsByGroup, stateCode } from "./sweep-table";

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Every configuration over its seeds; those with the best mean first, what has no value last. Pure. */
export function seedObjectivesOf(
  sweep: Sweep,
  { table, values, figure, met }: OpenQuestion,
  names: readonly string[],
  { q, most, limit }: Pick<QueryOf<"getSeedObjectives">, "q" | "most" | "limit">,
): SeedObjectives {
  const maximize = figure.better === "higher";
  const grouping = groupRuns(table, names);
  const rowsOf = rowsByGroup(grouping);
  const groups = grouping.groups.map(({ group, firstTrial }, i) => {
    const ended = (rowsOf[i] ?? []).filter((row) => hasEnded(table.state[row] ?? 0));
    const finite = ended.flatMap((row) => {
      const value = table.state[row] === stateCode.succeeded ? (values[row] ?? Number.NaN) : Number.NaN;
      return Number.isFinite(value) ? [value] : [];
    });
    const success = successAmong(table, ended, met);
    return {
      trial: firstTrial,
      group,
      n: finite.length,
      of: ended.length,
      mean: finite.length === 0 ? null : mean(finite),
      median: finite.length === 0 ? null : median(finite),
      interquartileMean: known(interquartileMean(finite)),
      quantile: finite.length === 0 ? null : bestQuantile(finite, q, maximize),
      bestOf: expectedBestOf(finite, most, maximize),
      success,
      seedsNeeded: success === null ? null : known(startsNeeded(success.rate)),
    };
  });
  const sign = maximize ? -1 : 1;
  const rank = (value: number | null): number => (value === null ? Number.POSITIVE_INFINITY : sign * value);
  groups.sort((a, b) => rank(a.mean) - rank(b.mean) || a.trial - b.trial);
  return { sweep: sweep.id, metric: figure.metric, q, groups: groups.slice(0, limit), total: groups.length };
}
