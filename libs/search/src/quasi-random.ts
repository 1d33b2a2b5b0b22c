import { applicable, type Configuration, type Issue, type Space, mostObjectives } from "@basin/contracts";
import { mostSequenceCoordinates, type PointSequence } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { allows } from "./constraints";
import { dimensionsOf, gridSize, valueAt } from "./dimension";
import { configurationsOf } from "./grid-cells";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import { trialCount } from "./trial-budget";

const QuasiRandomConfig = z.strictObject({
  trials: trialCount("How many points of the sequence are taken. More can be added to a running sweep."),
});
type QuasiRandomConfig = z.infer<typeof QuasiRandomConfig>;

export interface QuasiRandomSequence {
  id: string;
  title: string;
  summary: string;
  /** Points in `d` coordinates, scrambled by a seed. */
  sequence: (d: number, seed: number, purpose: string) => PointSequence;
  warn?: (trials: number) => Issue[];
}

/**
 * A search along a scrambled low-discrepancy sequence. Candidate i is point i: one coordinate for each parameter that varies, in the order of
 * their names, conditions or not; a parameter whose condition does not hold leaves its coordinate out. The seed of the search scrambles.
 */
export function quasiRandomSearch(of: QuasiRandomSequence): SearchAlgorithm<QuasiRandomConfig, NumberedState> {
  return {
    id: of.id,
    version: 1,
    title: of.title,
    summary: of.summary,
    configSchema: QuasiRandomConfig,
    stateSchema: NumberedState,
    listensToResults: false,
    objectives: mostObjectives,
    check({ space, config }) {
      const varying = varyingNames(space).length;
      return [
        ...checkSpace(space),
        ...checkVaries(space, config.trials),
        ...(varying <= mostSequenceCoordinates
          ? []
          : [
              {
                path: "space",
                message: `${varying} parameters vary; the sequence has ${mostSequenceCoordinates} coordinates`,
                hint: 'fix some of them, or search with the algorithm "random"',
              },
            ]),
      ];
    },
    warn: ({ space, config }) => [...finiteWarnings(space, config.trials), ...(of.warn?.(config.trials) ?? [])],
    plan: ({ config }) => ({ trials: config.trials }),
    init: () => ({ next: 0, exhaustedAt: null }),
    next(input, state, event) {
      const { space, seed, config } = input;
      const dimensions = dimensionsOf(space);
      const varying = varyingNames(space);
      const point = varying.length === 0 ? () => new Float64Array(0) : of.sequence(varying.length, seed, "search");
      const at = (i: number): Configuration => {
        const shares = point(i);
        const shareOf = new Map(varying.map((name, j) => [name, shares[j] ?? 0]));
        const values = dimensions.map(([name, dimension]) => [name, valueAt(dimension, shareOf.get(name) ?? 0)] as const);
        return applicable(space, Object.fromEntries(values));
      };
      return takeCandidates(state, event, config.trials, allowedPoints(input, at));
    },
    extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
  };
}

/** Of so many points in a row one meets the constraints, or there are none to be found. */
const mostSkipped = 1_000_000;

const kept = new WeakMap<readonly string[], { space: Space; seed: number; indices: number[] }>();

/** Trial i is the i-th point that meets the constraints; which ones these are is kept beside the constraints and found again from the first on. */
function allowedPoints(input: SearchInput<unknown>, at: (i: number) => Configuration): (i: number) => Configuration {
  const { space, seed, constraints } = input;
  if (!constraints?.length) return at;
  const known = kept.get(constraints);
  const indices = known?.space === space && known.seed === seed ? known.indices : [];
  kept.set(constraints, { space, seed, indices });
  return (i) => {
    for (let next = (indices.at(-1) ?? -1) + 1, skipped = 0; indices.length <= i; next++) {
      if (allows(input, at(next))) skipped = indices.push(next) * 0;
      else if (++skipped > mostSkipped) throw new Error(`none of ${mostSkipped} points in a row meets the constraints`);
    }
    return at(indices[i] ?? 0);
  };
}

function varyingNames(space: Space): string[] {
  return dimensionsOf(space).flatMap(([name, dimension]) => (gridSize(dimension) === 1 ? [] : [name]));
}

/** Points fall on the same configuration again where there are few. */
function finiteWarnings(space: Space, trials: number): Issue[] {
  const count = configurationsOf(space);
  if (count === null || count > 10 * trials * trials || trials === 1) return [];
  return [
    {
      path: "search.algorithm",
      message: `no parameter has a range and the space has ${count} configurations, so some of the ${trials} trials may be the same one: the same runs again, which count once`,
      hint: 'use the algorithm "random", which draws none twice while others are left, or "grid"',
    },
  ];
}
