import { mostObjectives } from "@basin/contracts";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { cmaEs } from "./cma-es";
import { dimensionsOf, gridSize } from "./dimension";
import { gp, gpSuggester, mostParameters } from "./gp";
import { behind } from "./earlier-trials";
import { checkKnownFirst } from "./known-first";
import { NumberedState } from "./numbered-candidates";
import { batchFields, endedOf, takeSuggestions } from "./result-batches";
import type { SearchAction, SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";
import type { SearchHistory } from "./search-history";
import { tpe, tpeSuggester } from "./tpe";
import { repeatWarnings, trialCount } from "./trial-budget";

const AutoConfig = z.strictObject({
  trials: trialCount("How many configurations are tried. More can be added to a running sweep."),
  ...batchFields,
});
type AutoConfig = z.infer<typeof AutoConfig>;
type Input = SearchInput<AutoConfig>;

/** A Gaussian process is fitted to at most 200 trials, and takes longer the more there are. */
const mostByProcess = 250;

/** Why another algorithm than the Gaussian process; null: nothing speaks against it. */
function againstProcess({ space, others = [] }: Pick<Input, "space" | "others">): string | null {
  if (others.length > 0) return `there are ${others.length + 1} objectives, and a Gaussian process takes one here`;
  const varying = dimensionsOf(space).filter(([, dimension]) => gridSize(dimension) !== 1);
  const conditional = varying.find(([, { when }]) => when);
  if (conditional) return `${conditional[0]} has a condition, and TPE follows the tree of conditions`;
  const chosen = varying.find(([, { type }]) => type === "choice");
  if (chosen) return `${chosen[0]} is a choice, in which TPE asks for no order`;
  return varying.length > mostParameters ? `${varying.length} parameters vary, more than a Gaussian process takes` : null;
}

/**
 * Chooses by space and budget (the rules of OptunaHub's AutoSampler): where all that varies are numbers without conditions, a Gaussian process for the first
 * 250 trials and CMA-ES, which begins where the best of these lie, behind them; otherwise TPE. Which trial is made by which follows from its number
 * alone, so that an extended search is the longer one.
 */
export const auto: SearchAlgorithm<AutoConfig, NumberedState> = {
  id: "auto",
  version: 1,
  title: "Auto",
  summary: "Chooses among TPE, Gaussian process and CMA-ES by the parameters and the number of trials, and says why.",
  configSchema: AutoConfig,
  stateSchema: NumberedState,
  listensToResults: true,
  objectives: mostObjectives,
  dependsOnOrder: ({ batch }) => batch === "asynchronous",
  check: (input) => [...checkSpace(input.space), ...checkVaries(input.space, input.config.trials), ...checkKnownFirst(input)],
  warn: repeatWarnings,
  explain(input) {
    const { trials } = input.config;
    const against = againstProcess(input);
    if (against !== null) return `TPE: ${against}.`;
    const why = "every parameter that varies is a number without a condition";
    if (trials <= mostByProcess) return `Gaussian process: ${why}, and ${trials} trials are few enough.`;
    return `Gaussian process for the first ${mostByProcess} of ${trials} trials, then CMA-ES from where the best lie: ${why}.`;
  },
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next(input, state, event, history) {
    if (againstProcess(input) !== null) {
      const suggest = tpeSuggester({ ...input, config: tpe.configSchema.parse(input.config) }, history);
      return takeSuggestions(input.space, input.config, state, event, history, suggest);
    }
    if (state.next < mostByProcess || input.config.trials <= mostByProcess) return byProcess(input, state, event, history);
    return behindProcess(input, state, event, history);
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

interface Answer {
  state: NumberedState;
  actions: SearchAction[];
}

function byProcess(input: Input, state: NumberedState, event: SearchEvent, history: SearchHistory): Answer {
  const { trials, batchSize } = input.config;
  const config = gp.configSchema.parse({
    ...input.config,
    trials: Math.min(trials, mostByProcess),
    batchSize: Math.min(batchSize, 100),
  });
  const suggest = gpSuggester({ ...input, config: config }, history);
  const answer = takeSuggestions(
    input.space,
    { ...input.config, trials: Math.min(trials, mostByProcess) },
    state,
    event,
    history,
    suggest,
  );
  if (trials <= mostByProcess) return answer;
  // Where the process ends the search does not.
  const actions = answer.actions.filter(({ type }) => type !== "exhausted");
  return { state: { ...answer.state, exhaustedAt: state.exhaustedAt }, actions };
}

/** The search of CMA-ES, whose trial 0 is the first behind those of the process; it begins when these have all ended. */
function behindProcess(input: Input, state: NumberedState, event: SearchEvent, history: SearchHistory): Answer {
  const shift = (by: number, { next, exhaustedAt }: NumberedState): NumberedState => ({
    next: next + by,
    exhaustedAt: exhaustedAt === null || exhaustedAt + by < 0 ? null : exhaustedAt + by,
  });
  if (endedOf(history, mostByProcess) < mostByProcess) return { state, actions: [] };
  const config = cmaEs.configSchema.parse({ trials: input.config.trials - mostByProcess });
  const within = { ...input, config };
  const answer = cmaEs.next(within, shift(-mostByProcess, state), event, behind(history, mostByProcess));
  const actions = answer.actions.map((action) =>
    action.type === "create-trial" ? { ...action, trial: action.trial + mostByProcess } : action,
  );
  return { state: shift(mostByProcess, answer.state), actions };
}
