import { type SweepSpec } from "@basin/contracts";
import type { NewTrial } from "@basin/database";
import { packKeyOf } from "@basin/domain";
import { configurationOf, findExperiment } from "@basin/problems";
import { openSearch, type OpenSearch, type SearchEvent } from "@basin/search";

/** What one event leads to: everything that is written in one transaction. */
export interface SearchOutcome {
  state: unknown;
  trials: NewTrial[];
  exhausted: boolean;
  listensToResults: boolean;
}

/** The search of a stored spec. Throws when this version of Basin cannot run it. */
export function searchOf(spec: SweepSpec): OpenSearch {
  const { search, issues } = openSearch(spec);
  if (search) return search;
  throw new Error(`the search cannot be opened: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ")}`);
}

/**
 * Tells the event to the sweep's search and fills its trials in: every parameter of the experiment, and the key of what can be
 * trained together. Pure. Throws when the stored state does not parse or the trials are not numbered on from `trialsCreated`.
 */
export function searchStep(spec: SweepSpec, storedState: unknown, trialsCreated: number, event: SearchEvent): SearchOutcome {
  const { algorithm, input } = searchOf(spec);
  const definition = findExperiment(spec.experiment);
  if (!definition) throw new Error(`there is no experiment "${spec.experiment}" in this version of Basin`);
  const { state, actions } = algorithm.next(input, algorithm.stateSchema.parse(storedState), event);
  const trials: NewTrial[] = [];
  let exhausted = false;
  for (const action of actions) {
    if (action.type === "exhausted") {
      exhausted = true;
      continue;
    }
    if (action.trial !== trialsCreated + trials.length) {
      throw new Error(`${algorithm.id} numbered a trial ${action.trial}; the next one is ${trialsCreated + trials.length}`);
    }
    const parameters = configurationOf(definition, action.parameters);
    const packKey = packKeyOf(definition.id, definition.version, parameters, definition.perRunParameters);
    const inapplicable = Object.keys(spec.space)
      .filter((name) => !(name in action.parameters))
      .sort();
    trials.push({ index: action.trial, parameters, inapplicable, packKey });
  }
  return { state, trials, exhausted, listensToResults: algorithm.listensToResults };
}
