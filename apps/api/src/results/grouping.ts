import type { Configuration, Dimension, SweepId, SweepSpec } from "@basin/contracts";
import { readFirstConfiguration, readTrialGroups, type Database } from "@basin/database";
import { closestName, findExperiment } from "@basin/problems";
import { InputError } from "../http/request-errors";

function varies(dimension: Dimension): boolean {
  switch (dimension.type) {
    case "fixed":
      return false;
    case "choice":
      return dimension.values.length > 1;
    case "float":
    case "log-float":
      return dimension.max > dimension.min && dimension.points !== 1;
    case "int":
    case "step":
      return dimension.max - dimension.min >= dimension.step;
  }
}

/** Names in the order in which the experiment declares its parameters (stored JSON keeps no order); others follow. */
export function inDeclaredOrder(experiment: string, names: readonly string[]): string[] {
  const declared = Object.keys(findExperiment(experiment)?.parameters.shape ?? {});
  const place = (name: string): number => (declared.includes(name) ? declared.indexOf(name) : declared.length);
  return [...names].sort((a, b) => place(a) - place(b));
}

/** The parameters that differ between the trials of a sweep, in the order of the experiment. */
export function variedParameters(spec: Pick<SweepSpec, "space" | "experiment">): string[] {
  const names = Object.entries(spec.space).flatMap(([name, dimension]) => (varies(dimension) ? [name] : []));
  return inDeclaredOrder(spec.experiment, names);
}

/** A set of trials that agree in the parameters grouped by. */
export interface TrialGroup {
  group: Configuration;
  firstTrial: number;
  trialCount: number;
  /** The first of its trials, at most 20. */
  trials: number[];
}

const trialsListed = 20;

export interface Grouping {
  groupedBy: string[];
  groups: TrialGroup[];
  /** Position in `groups` of a trial; undefined for one that was created after the grouping was read. */
  groupOf(trialIndex: number): number | undefined;
}

/** Throws InputError when `groupBy` names a parameter that the trials do not have. */
export async function readGrouping(
  database: Database,
  sweep: SweepId,
  spec: SweepSpec,
  groupBy: readonly string[] | undefined,
): Promise<Grouping> {
  const groupedBy = [...new Set(groupBy ?? variedParameters(spec))];
  const known = Object.keys((await readFirstConfiguration(database, sweep)) ?? spec.space);
  const issues = (groupBy ?? []).flatMap((name, i) => {
    if (known.includes(name) || known.length === 0) return [];
    const near = closestName(name, known);
    const hint = `${near === null ? "" : `did you mean "${near}"? `}The runs have ${known.join(", ")}`;
    return [{ path: `groupBy[${i}]`, message: `the runs of this sweep have no parameter "${name}"`, hint }];
  });
  if (issues.length > 0) throw new InputError(issues);
  const groups: TrialGroup[] = [];
  const byKey = new Map<string, number>();
  const ofTrial = new Map<number, number>();
  for await (const page of readTrialGroups(database, sweep, groupedBy)) {
    for (const { index, key } of page) {
      let place = byKey.get(key);
      if (place === undefined) {
        const values = JSON.parse(key) as (Configuration[string] | null)[];
        const group: Configuration = {};
        groupedBy.forEach((name, i) => {
          const value = values[i];
          if (value !== null && value !== undefined) group[name] = value;
        });
        place = groups.push({ group, firstTrial: index, trialCount: 0, trials: [] }) - 1;
        byKey.set(key, place);
      }
      const group = groups[place];
      if (group) {
        group.trialCount += 1;
        if (group.trials.length < trialsListed) group.trials.push(index);
      }
      ofTrial.set(index, place);
    }
  }
  return { groupedBy, groups, groupOf: (trialIndex) => ofTrial.get(trialIndex) };
}
