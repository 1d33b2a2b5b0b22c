import { greedySubset, referenceOf } from "./hypervolume";
import { nonDominationRanks } from "./ranks";

/**
 * Observations of several objectives split for TPE (Y. Ozaki et al., 2022; the settings of Optuna 5.0): the better tenth by non-domination rank, of the last rank that
 * has room those that dominate most volume together. `losses` of each observation: null where it says nothing or has not ended; those count as bad, so that what is
 * being tried looks bad, unless `silent` says that they say nothing.
 */
export function splitFronts(
  losses: readonly (Float64Array | null)[],
  silent: (i: number) => boolean,
): { below: Int32Array; above: Int32Array } {
  const told = [...losses.keys()].filter((i) => losses[i] !== null);
  const points = told.map((i) => losses[i] as Float64Array);
  const wanted = Math.ceil(0.1 * told.length);
  const ranks = nonDominationRanks(points);
  const good = new Set<number>();
  for (let rank = 0; good.size < wanted; rank++) {
    const front = [...points.keys()].filter((k) => ranks[k] === rank);
    const room = wanted - good.size;
    const those = front.map((k) => points[k] as Float64Array);
    const taken = front.length <= room ? front : greedySubset(those, referenceOf(those), room).map((at) => front[at] as number);
    for (const k of taken) good.add(told[k] as number);
  }
  const below = Int32Array.from([...good]).sort();
  const above = Int32Array.from([...losses.keys()].filter((i) => !good.has(i) && !silent(i)));
  return { below, above };
}
