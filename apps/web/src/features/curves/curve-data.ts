import { type AppliedParameters, partsOfRunId, type RunSeries, type Trial } from "@basin/contracts";
import type { Curve } from "@basin/ui";
import type { BandedCurve } from "@/api-client/unpacked-curves";
import { type GroupLooks } from "../sweep-parts/groups";

/** One thin line per run, coloured by its group. Runs of trials that are not listed are grouped by their trial's number. */
export function curvesOfRuns(runs: readonly RunSeries[], metric: string, trials: readonly Trial[], looks: GroupLooks): Curve[] {
  const configurations = new Map(trials.map((trial) => [trial.index, trial.parameters]));
  return runs.flatMap(({ run, series }) => {
    const found = series.find((each) => each.metric === metric);
    if (!found || found.steps.length === 0) return [];
    const { trialIndex } = partsOfRunId(run);
    const configuration: AppliedParameters | undefined = configurations.get(trialIndex);
    return [
      {
        id: run,
        label: `Run ${run}`,
        group: configuration ? looks.nameOf(configuration) : `trial ${trialIndex}`,
        style: configuration ? looks.lookOf(configuration) : trialIndex,
        steps: found.steps,
        values: found.values,
      },
    ];
  });
}

/** One line per group, with a band unless `banded` is false. */
export function curvesOfGroups(groups: readonly BandedCurve[], looks: GroupLooks, banded = true): Curve[] {
  return groups
    .filter(({ steps }) => steps.length > 0)
    .map(({ group, steps, values, low, high, n, runs, of }) => {
      const label = looks.nameOf(group);
      return {
        id: label,
        label,
        group: label,
        style: looks.lookOf(group),
        steps,
        values,
        ...(banded ? { band: { low, high } } : {}),
        note: (index: number) => {
          const [from, to] = [low[index], high[index]];
          const band =
            typeof from === "number" && typeof to === "number" ? `, ${from.toPrecision(4)} to ${to.toPrecision(4)}` : "";
          return `n = ${n[index] ?? 0}${of > runs ? ` (${runs} of ${of} runs read)` : ""}${band}`;
        },
      };
    });
}

/** Single runs of one group as thin lines beside its band, in its look. */
export const curvesOfMembers = (
  runs: readonly RunSeries[],
  metric: string,
  group: AppliedParameters,
  looks: GroupLooks,
): Curve[] =>
  runs.flatMap(({ run, series }) => {
    const found = series.find((each) => each.metric === metric);
    if (!found || found.steps.length === 0) return [];
    return [
      {
        id: run,
        label: `Run ${run}`,
        group: looks.nameOf(group),
        style: looks.lookOf(group),
        steps: found.steps,
        values: found.values,
      },
    ];
  });

/** What is said where lines stand for a sample of their groups' runs. */
export function sampledNote(groups: readonly Pick<BandedCurve, "runs" | "of">[]): string[] {
  const sampled = groups.filter(({ runs, of }) => runs > 0 && runs < of);
  if (sampled.length === 0) return [];
  const [most, of] = [Math.max(...sampled.map(({ runs }) => runs)), Math.max(...sampled.map((group) => group.of))];
  return [`from at most ${most} of up to ${of} runs of a group, evenly chosen`];
}
