import { mostObjectives, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { allows } from "./constraints";
import { groupedHistory, type Group, type GroupedHistory } from "./parzen/groups";
import { Mixture, type AxisPoint } from "./parzen/mixture";
import { splitObservations } from "./parzen/split";
import { splitFronts } from "./pareto/split-front";
import { withEarlier } from "./earlier-trials";
import { checkKnownFirst } from "./known-first";
import { NumberedState } from "./numbered-candidates";
import { candidatesOf } from "./random";
import { batchFields, endedOf, takeSuggestions } from "./result-batches";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import type { SearchHistory } from "./search-history";
import { repeatWarnings, trialCount } from "./trial-budget";
import { untriedCandidate } from "./untried";

const TpeConfig = z.strictObject({
  trials: trialCount("How many configurations are tried. More can be added to a running sweep."),
  startup: z.int().min(1).max(10_000).default(10).meta({
    title: "Random trials first",
    description: "So many have to end before results are used",
    "x-advanced": true,
  }),
  candidates: z.int().min(1).max(1000).default(24).meta({
    title: "Candidates",
    description: "Drawn for each trial; the most promising is tried",
    "x-advanced": true,
  }),
  ...batchFields,
});
type TpeConfig = z.infer<typeof TpeConfig>;

/** Where the most promising candidate was tried before, so many times as many are looked at. */
const mostPools = 8;
/** How often other candidates are drawn where all were tried before. */
const rounds = 4;
/** The same where constraints forbid some. */
const roundsConstrained = 32;

/**
 * Tree-structured Parzen estimator (J. Bergstra et al., NIPS 2011) with the settings of Optuna 5.0: all parameters of a group together, ten
 * random trials first, the best tenth but at most 25 trials as good ones, 24 candidates, trials that have not ended among the bad ones. The
 * tree is the declared one: at each node the parameters that the values chosen so far bring with them are fitted together, on the trials
 * that have all of them. Where a space has no ranges a configuration is not tried again while others are left, as its runs would be the same
 * ones again: where the most promising candidate was tried, more are drawn until an untried one is the most promising, eight times as many at most.
 */
export const tpe: SearchAlgorithm<TpeConfig, NumberedState> = {
  id: "tpe",
  version: 1,
  title: "TPE",
  summary: "Learns from results where good configurations lie, and tries more of them there (tree-structured Parzen estimator).",
  configSchema: TpeConfig,
  stateSchema: NumberedState,
  listensToResults: true,
  objectives: mostObjectives,
  dependsOnOrder: ({ batch }) => batch === "asynchronous",
  check: (input) => [...checkSpace(input.space), ...checkVaries(input.space, input.config.trials), ...checkKnownFirst(input)],
  warn: repeatWarnings,
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next(input, state, event, history) {
    return takeSuggestions(input.space, input.config, state, event, history, tpeSuggester(input, history));
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

export function tpeSuggester(input: SearchInput<TpeConfig>, given: SearchHistory) {
  const { all: history, earlier } = withEarlier(given);
  const { config, seed } = input;
  let derived: GroupedHistory | null = null;
  return (trial: number, known: number, made: readonly Configuration[]): Configuration => {
    if (endedOf(history, earlier + known) < config.startup) return candidatesOf(input)(trial);
    // Once for all trials of an answer: those made before are added to it.
    const grouped = (derived ??= groupedHistory(input, history));
    for (const parameters of made.slice(grouped.count - history.trials.length)) grouped.add(parameters);
    const split = splitOf(input, grouped, earlier + known);
    const fits = (parameters: Configuration): boolean => grouped.isNew(parameters) && allows(input, parameters);
    const wanted = grouped.flat ? fits : () => true;
    const most = input.constraints?.length ? roundsConstrained : rounds;
    for (let round = 0; round < most; round++) {
      const suggestion = grouped.walk((group) => chosenIn(group, split, config, { seed, trial, round }, wanted));
      if (fits(suggestion)) return suggestion;
    }
    return untriedCandidate(input, trial, (parameters) => grouped.isNew(parameters));
  };
}

interface Split {
  /** There are several objectives. */
  several: boolean;
  of: (trials: readonly number[]) => { below: Int32Array; above: Int32Array };
}

/** How trials are told apart by what is known of the first `known`: by their losses, or of several objectives by fronts. */
function splitOf({ others = [] }: SearchInput<TpeConfig>, grouped: GroupedHistory, known: number): Split {
  if (others.length === 0) {
    const losses = grouped.losses.of(known);
    return { several: false, of: (trials) => splitObservations(trials, losses) };
  }
  const losses = grouped.objectiveLosses.of(known);
  const first = grouped.losses.of(known);
  return {
    several: true,
    of: (trials) =>
      splitFronts(
        trials.map((trial) => losses[trial] ?? null),
        (i) => first[trials[i] ?? 0] === Number.POSITIVE_INFINITY,
      ),
  };
}

/** The candidate of greatest l/g among those wanted; among all where none is. */
function chosenIn(
  { name, observations, good, others }: Group,
  split: Split,
  { candidates }: TpeConfig,
  draw: { seed: number; trial: number; round: number },
  wanted: (parameters: Configuration) => boolean,
): Configuration {
  const { below, above } = split.of(observations.trials);
  const likely = new Mixture(good, below, split.several);
  const unlikely = new Mixture(others, above);
  const { numeric, categorical, axes } = observations;
  const uniforms = new Float64Array(candidates * (1 + axes.length));
  const stream = randomStream(draw.seed, `search/tpe/${name}`, draw.trial);
  const valuesOf = ({ xs, places }: AxisPoint): Configuration =>
    Object.fromEntries([
      ...numeric.map((axis, j) => [axis.name, axis.value(xs[j] ?? 0)] as const),
      ...categorical.map((axis, j) => [axis.name, axis.value(places[j] ?? 0)] as const),
    ]);
  // The best of all that were drawn, and of those wanted.
  let any: Configuration | null = null;
  let anyGain = Number.NEGATIVE_INFINITY;
  let best: Configuration | null = null;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < mostPools; round++) {
    stream.fillUniform(uniforms, (draw.round * mostPools + round) * uniforms.length);
    const drawn = Array.from({ length: candidates }, (_, i) => {
      const point = likely.sample(uniforms, i * (1 + axes.length));
      const log = likely.logDensity(point);
      return { point, log, bound: log - unlikely.logPrior(point) };
    }).sort((a, b) => b.bound - a.bound);
    for (const { point, log, bound } of drawn) {
      if (bound <= greatest) break;
      const gain = log - unlikely.logDensity(point);
      if (gain <= greatest) continue;
      const values = valuesOf(point);
      if (gain > anyGain) {
        anyGain = gain;
        any = values;
      }
      if (!wanted(values)) continue;
      greatest = gain;
      best = values;
    }
    if (greatest >= anyGain) break;
  }
  const chosen = best ?? any;
  if (!chosen) throw new Error("there are no candidates");
  return chosen;
}
