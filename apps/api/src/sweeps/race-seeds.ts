import { seedsOf, type Issue, type SweepSpec } from "@basin/contracts";

/** A spec whose race says how many seeds it has, so that `initializations.max` and the seeds agree; or what of the race is not possible. */
export function raceSeeds(spec: SweepSpec): { spec: SweepSpec; issues: Issue[] } {
  const { initializations, seeds } = spec;
  if (!initializations) return { spec, issues: [] };
  const listed = "list" in seeds ? seeds.list.length : null;
  const max = initializations.max ?? listed ?? seedsOf(seeds).length;
  const issues: Issue[] = [];
  if (listed !== null && max > listed) {
    issues.push({
      path: "initializations.max",
      message: `is ${max}, and the sweep lists ${listed} seeds`,
      hint: `list ${max} seeds, or give { count: …, first: … } instead of a list`,
    });
  }
  if (initializations.min >= max) {
    issues.push({
      path: initializations.max === undefined ? "initializations.min" : "initializations.max",
      message: `the race has no seeds to spend: every configuration gets ${initializations.min}, and none may get more than ${max}`,
      hint: `let at most be above ${initializations.min}, e.g. ${Math.max(8, 4 * initializations.min)}, or leave the race out`,
    });
  }
  const all = "list" in seeds ? { list: seeds.list.slice(0, max) } : { ...seeds, count: max };
  return { spec: { ...spec, seeds: all, initializations: { ...initializations, max } }, issues };
}

/** Runs of a race: at least one configuration gets all seeds, at most all do; the winner's held-out ones come on top. */
export function raceRuns({ spec, trials }: { spec: SweepSpec; trials: number | null }): { least: number; most: number } | null {
  if (!spec.initializations || trials === null || trials === 0) return null;
  const { min, max = min, heldOut } = spec.initializations;
  return { least: trials * min + max - min + heldOut, most: trials * max + heldOut };
}
