import { applicable, mostObjectives, type Configuration, type Space } from "@basin/contracts";
import { randomStream, type RandomStream } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { allows } from "./constraints";
import { dimensionsOf, gridSize, valueAt } from "./dimension";
import { withEarlier } from "./earlier-trials";
import { checkKnownFirst, knownFirst } from "./known-first";
import { NumberedState } from "./numbered-candidates";
import { ObjectiveLosses } from "./pareto/objective-losses";
import { crowdingDistances, nonDominationRanks } from "./pareto/ranks";
import { groupedHistory } from "./parzen/groups";
import { takeSuggestions } from "./result-batches";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import type { SearchedTrial, SearchHistory } from "./search-history";
import { repeatWarnings, trialCount } from "./trial-budget";
import { untriedCandidate } from "./untried";

const NsgaConfig = z.strictObject({
  trials: trialCount("How many configurations are tried. More can be added to a running sweep."),
  population: z.int().min(4).max(1024).default(50).meta({
    title: "Trials in a generation",
    description: "They train at the same time; each knows nothing of the others' results",
  }),
  first: knownFirst,
});
type NsgaConfig = z.infer<typeof NsgaConfig>;
type Input = SearchInput<NsgaConfig>;

/** Shares of children that are crossed, and of a parameter's values that come from the second parent then. */
const crossed = 0.9;
const swapped = 0.5;
/** A child that was tried before, or breaks a constraint, is made again so many times. */
const mostTries = 50;

/**
 * NSGA-II (K. Deb et al., 2002) with the settings of Optuna 5.0: populations of 50, uniform crossover, each parameter drawn anew with probability 1/d, parents
 * by binary tournaments of rank and crowding distance. A generation is a batch; parents are the best of all generations before, and follow from their results.
 * A trial that breaks constraints on metrics ranks behind all that do not, by how much it breaks them.
 */
export const nsgaII: SearchAlgorithm<NsgaConfig, NumberedState> = {
  id: "nsga-ii",
  version: 1,
  title: "NSGA-II",
  summary:
    "Crosses and varies the best configurations, a generation at a time; for several objectives and hundreds of trials or more.",
  configSchema: NsgaConfig,
  stateSchema: NumberedState,
  listensToResults: true,
  objectives: mostObjectives,
  check: (input) => [...checkSpace(input.space), ...checkVaries(input.space, input.config.trials), ...checkKnownFirst(input)],
  warn: repeatWarnings,
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next(input, state, event, given) {
    const { trials, population, first } = input.config;
    const { all, earlier } = withEarlier(given);
    const grouped = event.type === "capacity" ? groupedHistory(input, all) : null;
    return takeSuggestions(
      input.space,
      { trials, batch: "synchronous", batchSize: population, first },
      state,
      event,
      given,
      (trial, known, made) => {
        for (const parameters of made.slice((grouped?.count ?? 0) - all.trials.length)) grouped?.add(parameters);
        const isNew = (parameters: Configuration): boolean => grouped?.isNew(parameters) ?? true;
        const parents = parentsOf(input, all, earlier + known);
        return (parents && childOf(input, trial, parents, isNew)) ?? untriedCandidate(input, trial, isNew);
      },
    );
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

interface Parent {
  parameters: Configuration;
  rank: number;
  crowding: number;
}

const derived = new WeakMap<SearchHistory, { known: number; told: readonly SearchedTrial[]; parents: Parent[] | null }>();

/** The population that the next generation comes from: of the first `known` trials; null: none of them says anything. */
function parentsOf(input: Input, history: SearchHistory, known: number): Parent[] | null {
  const told = history.trials.slice(0, known);
  const before = derived.get(history);
  if (before?.known === known && told.every((trial, i) => before.told[i] === trial)) return before.parents;
  const losses = new ObjectiveLosses(input);
  losses.update(told);
  const each = losses.of(known);
  // Generation by generation, as elitism has it: what was left behind once does not come back.
  const { population } = input.config;
  let parents: { i: number; point: Float64Array; rank: number; crowding: number }[] = [];
  for (let from = 0; from < known; from += population) {
    const generation = each.slice(from, from + population).flatMap((point, k) => (point ? [{ i: from + k, point }] : []));
    parents = survivors([...parents, ...generation], population);
  }
  const found = parents.map(({ i, rank, crowding }) => ({ parameters: told[i]?.parameters ?? {}, rank, crowding }));
  const kept = found.length === 0 ? null : found;
  derived.set(history, { known, told, parents: kept });
  return kept;
}

/** The best so many by rank, of the last rank the least crowded ones. */
function survivors(all: readonly { i: number; point: Float64Array }[], most: number) {
  const ranks = nonDominationRanks(all.map(({ point }) => point));
  const kept: { i: number; point: Float64Array; rank: number; crowding: number }[] = [];
  for (let rank = 0; kept.length < Math.min(most, all.length); rank++) {
    const front = all.filter((_, k) => ranks[k] === rank);
    const distances = crowdingDistances(front.map(({ point }) => point));
    const ranked = front.map((one, k) => ({ ...one, rank, crowding: distances[k] ?? 0 }));
    ranked.sort((a, b) => b.crowding - a.crowding || a.i - b.i);
    kept.push(...ranked.slice(0, most - kept.length));
  }
  return kept;
}

/** A child of two parents that meets the constraints and is new; null where none was found. */
function childOf(input: Input, trial: number, parents: readonly Parent[], isNew: (parameters: Configuration) => boolean) {
  for (let again = 0; again < mostTries; again++) {
    const draw = new Draws(randomStream(input.seed, `search/nsga-ii/${trial}`, again));
    const child = crossedOf(input.space, tournament(parents, draw), tournament(parents, draw), draw);
    if (allows(input, child) && isNew(child)) return child;
  }
  return null;
}

class Draws {
  #next = 0;

  constructor(private readonly stream: RandomStream) {}

  share(): number {
    return this.stream.uniform(this.#next++);
  }
}

function tournament(parents: readonly Parent[], draw: Draws): Configuration {
  const drawn = (): Parent => parents[Math.floor(draw.share() * parents.length)] ?? { parameters: {}, rank: 0, crowding: 0 };
  const [a, b] = [drawn(), drawn()];
  return (a.rank < b.rank || (a.rank === b.rank && a.crowding >= b.crowding) ? a : b).parameters;
}

/** Each parameter from one of the parents or drawn anew; also where the parent does not have it, as its condition did not hold. */
function crossedOf(space: Space, a: Configuration, b: Configuration, draw: Draws): Configuration {
  const dimensions = dimensionsOf(space);
  const rate = 1 / Math.max(1, dimensions.filter(([, dimension]) => gridSize(dimension) !== 1).length);
  const crossing = draw.share() < crossed;
  const values = dimensions.map(([name, dimension]) => {
    const inherited = (crossing && draw.share() < swapped ? b : a)[name];
    const anew = draw.share() < rate;
    const share = draw.share();
    return [name, inherited === undefined || anew ? valueAt(dimension, share) : inherited] as const;
  });
  return applicable(space, Object.fromEntries(values));
}
