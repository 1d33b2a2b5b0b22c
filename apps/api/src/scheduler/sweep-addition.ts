import { heldOutSeeds, SeedSpec, seedsOf, type ExtendSweep, type SweepSpec } from "@basin/contracts";
import type { SweepAddition, SearchSnapshot } from "@basin/database";
import { budgetReasons } from "@basin/domain";
import { ConflictError } from "../platform/conflict-error";
import { searchOf } from "./search-step";

const maxSeeds = 100_000;
const maxSeed = 2_147_483_647;

/** What a sweep becomes with more seeds, more trials or another budget. Pure. Throws ConflictError when that is not possible. */
export function additionOf(snapshot: SearchSnapshot<SweepSpec>, request: ExtendSweep): SweepAddition {
  if (snapshot.spent !== null && request.budget === undefined) {
    throw new ConflictError(`${budgetReasons[snapshot.spent]}: give a larger one in the same request ({} for none)`);
  }
  if (request.seeds !== undefined && snapshot.spec.initializations) {
    throw new ConflictError("a race decides how many seeds each trial gets: clone the sweep with a larger initializations.max");
  }
  const seeds = request.seeds === undefined ? seedsOf(snapshot.spec.seeds) : moreSeeds(snapshot.spec.seeds, request.seeds);
  let spec: SweepSpec = { ...snapshot.spec, seeds: request.seeds === undefined ? snapshot.spec.seeds : seedSpecOf(seeds) };
  if (request.trials !== undefined) spec = moreTrials(spec, request.trials);
  if (request.budget !== undefined) {
    const { budget: _, ...unlimited } = spec;
    spec = Object.keys(request.budget).length === 0 ? unlimited : { ...unlimited, budget: request.budget };
  }
  const { algorithm, input } = searchOf(spec);
  return {
    spec,
    seeds: [...seeds, ...heldOutSeeds(spec)],
    trialsPlanned: algorithm.plan(input).trials,
    reopened: request.trials !== undefined,
    rebudgeted: request.budget !== undefined,
    event: { type: "extended", ...request },
    searchEvents: snapshot.searchEvents,
  };
}

function moreTrials(spec: SweepSpec, trials: number): SweepSpec {
  const { algorithm, input } = searchOf(spec);
  if (!algorithm.extend) {
    throw new ConflictError(
      `a ${algorithm.title.toLowerCase()} search has no number of trials to add to; extend its seeds, or clone the sweep with a larger space`,
    );
  }
  const config = algorithm.extend(input.config, trials);
  return { ...spec, search: { ...spec.search, config: algorithm.configSchema.parse(config) as Record<string, unknown> } };
}

function moreSeeds(spec: SeedSpec, wanted: number | { list: number[] }): number[] {
  const present = seedsOf(spec);
  const next = present.reduce((greatest, seed) => Math.max(greatest, seed), -1) + 1;
  const added = typeof wanted === "number" ? Array.from({ length: wanted }, (_, i) => next + i) : wanted.list;
  const known = new Set(present);
  const twice = added.find((seed) => known.has(seed) || !known.add(seed));
  if (twice !== undefined) throw new ConflictError(`seed ${twice} is in the sweep already; list only new ones, each once`);
  if (known.size > maxSeeds) {
    throw new ConflictError(`the sweep would have ${known.size} seeds per trial; at most ${maxSeeds} are possible`);
  }
  if (added.some((seed) => seed > maxSeed)) {
    throw new ConflictError(`the next seeds would pass ${maxSeed}, the greatest possible one; list the seeds to add instead`);
  }
  return [...present, ...added];
}

function seedSpecOf(seeds: readonly number[]): SeedSpec {
  const first = seeds[0] ?? 0;
  return SeedSpec.parse(seeds.every((seed, i) => seed === first + i) ? { count: seeds.length, first } : { list: seeds });
}
