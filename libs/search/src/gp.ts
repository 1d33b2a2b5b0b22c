import type { Configuration, Issue } from "@basin/contracts";
import { normalQuantile, scrambledSobol } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { allows } from "./constraints";
import { Domain } from "./gp/domain";
import { LogExpectedImprovement } from "./gp/expected-improvement";
import { fitProcess, type Fitted } from "./gp/fit";
import { mostPromising } from "./gp/maximize";
import { observedTrials, type ObservedTrials } from "./gp/observed";
import { Posterior } from "./gp/posterior";
import { withEarlier } from "./earlier-trials";
import { checkKnownFirst } from "./known-first";
import { NumberedState } from "./numbered-candidates";
import { groupedHistory, type GroupedHistory } from "./parzen/groups";
import { candidatesOf } from "./random";
import { batchFields, endedOf, takeSuggestions } from "./result-batches";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import type { SearchHistory } from "./search-history";
import { repeatWarnings, trialCount } from "./trial-budget";
import { untriedCandidate } from "./untried";

const GpConfig = z.strictObject({
  trials: trialCount("How many configurations are tried. More can be added to a running sweep."),
  startup: z.int().min(2).max(10_000).default(10).meta({
    title: "Random trials first",
    description: "So many have to end before results are used",
    "x-advanced": true,
  }),
  candidates: z.int().min(1).max(10_000).default(2048).meta({
    title: "Candidates",
    description: "Looked at for each trial; the search goes on from the most promising ones",
    "x-advanced": true,
  }),
  ...batchFields,
});
type GpConfig = z.infer<typeof GpConfig>;
type Input = SearchInput<GpConfig>;

/** What a fit costs grows with the parameters, and what a suggestion costs with the trials of a batch. */
export const mostParameters = 50;
const mostInBatch = 100;
/** Draws of the values of what is being tried. */
const samples = 128;

/**
 * Bayesian optimization by a Gaussian process with the settings of Optuna 5.0's GPSampler (Matérn-5/2 with a length for each parameter, its priors, expected
 * improvement in logarithms, ten random trials first), and two things of its own: the noise of each trial is known from its runs, s²/n, where trials have two
 * or more; and improvement is over the best posterior mean. Trials that are being trained are integrated over, by 128 joint draws of their values.
 */
export const gp: SearchAlgorithm<GpConfig, NumberedState> = {
  id: "gp",
  version: 1,
  title: "Gaussian process",
  summary:
    "Fits a smooth function with known noise of the initializations to the results, and tries where it expects most; best with up to 200 trials and few parameters.",
  configSchema: GpConfig,
  stateSchema: NumberedState,
  listensToResults: true,
  dependsOnOrder: ({ batch }) => batch === "asynchronous",
  check: (input) => [
    ...checkSpace(input.space),
    ...checkVaries(input.space, input.config.trials),
    ...checkKnownFirst(input),
    ...checkSize(input.space, input.config),
  ],
  warn: repeatWarnings,
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next: (input, state, event, history) =>
    takeSuggestions(input.space, input.config, state, event, history, gpSuggester(input, history)),
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

function checkSize(space: Input["space"], { batchSize }: GpConfig): Issue[] {
  const issues: Issue[] = [];
  const varying = new Domain(space).axes.length;
  if (varying > mostParameters) {
    const message = `${varying} parameters vary; a Gaussian process takes ${mostParameters} at most here`;
    issues.push({ path: "space", message, hint: 'fix some of them, or use the algorithm "tpe"' });
  }
  if (batchSize > mostInBatch) {
    const message = `is ${batchSize}; a Gaussian process chooses ${mostInBatch} trials at a time at most`;
    issues.push({ path: "search.config.batchSize", message, hint: `at most ${mostInBatch}, or use the algorithm "tpe"` });
  }
  return issues;
}

export function gpSuggester(input: Input, given: SearchHistory) {
  const { all: history, earlier } = withEarlier(given);
  const { config, seed } = input;
  const { trials } = history;
  // Once for all trials of an answer, which know the same results.
  let derived: { grouped: GroupedHistory; told: Told | null } | null = null;
  return (trial: number, known: number, made: readonly Configuration[]): Configuration => {
    const { grouped, told } = (derived ??= {
      grouped: groupedHistory(input, history),
      told: toldOf(input, history, earlier + known),
    });
    for (const parameters of made.slice(grouped.count - trials.length)) grouped.add(parameters);
    const isNew = (parameters: Configuration): boolean => grouped.isNew(parameters) && allows(input, parameters);
    if (told === null) {
      const random = candidatesOf(input)(trial);
      return isNew(random) ? random : untriedCandidate(input, trial, isNew);
    }
    const { domain, process, untold } = told;
    const pending = [...untold, ...made].map((parameters) => domain.pointOf(parameters));
    const improvement = new LogExpectedImprovement(process.posterior.given(pending, drawsOf(pending.length, seed)), process.best);
    const draw = { seed, trial, candidates: config.candidates };
    return mostPromising(domain, improvement, draw, process.incumbents, isNew) ?? untriedCandidate(input, trial, isNew);
  };
}

/** What an answer goes by. */
interface Told {
  domain: Domain;
  process: Process;
  /** What trials without a usable result try. */
  untold: Configuration[];
}

/** Null: too little is known, or nothing varies. */
function toldOf(input: Input, history: SearchHistory, known: number): Told | null {
  const { trials } = history;
  if (endedOf(history, known) < input.config.startup) return null;
  const domain = new Domain(input.space);
  const losses = groupedHistory(input, history).losses.of(known);
  const observed = domain.axes.length === 0 ? null : observedTrials(domain, trials, losses);
  if (observed === null) return null;
  const untold = trials.filter((_, i) => Number.isNaN(losses[i] ?? Number.NaN)).map(({ parameters }) => parameters);
  return { domain, process: processOf(history, domain, observed), untold };
}

/** The same standard normal numbers for every trial, so that only what is known makes suggestions differ. */
function drawsOf(pending: number, seed: number): Float64Array[] {
  if (pending === 0) return [];
  const sequence = scrambledSobol(pending, seed, "search/gp/pending");
  return Array.from({ length: samples }, (_, s) => sequence(s).map((share) => normalQuantile(share + 2 ** -34)));
}

interface Process {
  observed: ObservedTrials;
  posterior: Posterior;
  /** The greatest posterior mean of the observed points. */
  best: number;
  /** The two points that have the greatest. */
  incumbents: Float64Array[];
}

const processes = new WeakMap<SearchHistory, Process>();

/** Fitted once for all trials that know the same results; it follows from these alone. */
function processOf(history: SearchHistory, domain: Domain, observed: ObservedTrials): Process {
  const known = processes.get(history);
  if (known && sameObserved(known.observed, observed)) return known;
  const fitted: Fitted = fitProcess(domain.points, observed);
  const posterior = Posterior.of(domain.points, fitted, observed);
  const means = observed.points.map((point) => posterior.at(point).means[0] ?? 0);
  const order = [...means.keys()].sort((a, b) => (means[b] ?? 0) - (means[a] ?? 0) || a - b);
  const incumbents = order.slice(0, 2).flatMap((i) => observed.points[i] ?? []);
  const process = { observed, posterior, best: means[order[0] ?? 0] ?? 0, incumbents };
  processes.set(history, process);
  return process;
}

function sameObserved(a: ObservedTrials, b: ObservedTrials): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>): boolean =>
    x.length === y.length && Array.from(x).every((value, i) => value === y[i]);
  return (
    same(a.trials, b.trials) &&
    same(a.values, b.values) &&
    same(a.noise ?? [], b.noise ?? []) &&
    a.points.every((point, i) => same(point, b.points[i] ?? []))
  );
}
