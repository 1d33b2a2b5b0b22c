import { SweepSpec, type Configuration, type Objective, type SweepId } from "@basin/contracts";
import type { NewTrial } from "@basin/database";
import { packKeyOf } from "@basin/domain";
import { configurationOf, findExperiment, inapplicableIn, type ExperimentDefinition } from "@basin/problems";
import { emptyHistory, openSearch, type OpenSearch, type SearchEvent, type SearchHistory } from "@basin/search";

/** Of sweeps that are planned at a time; those that were planned longest ago are opened again. */
const mostOpen = 64;

/** What one event leads to: everything that is written in one transaction. */
export interface SearchOutcome {
  state: unknown;
  trials: NewTrial[];
  exhausted: boolean;
  listensToResults: boolean;
}

function definitionOf({ experiment }: SweepSpec): ExperimentDefinition {
  const definition = findExperiment(experiment);
  if (!definition) throw new Error(`there is no experiment "${experiment}" in this version of Basin`);
  return definition;
}

/** Of the objectives behind the first. */
export const otherDirections = ({ objectives = [] }: Pick<SweepSpec, "objectives">): Objective["direction"][] =>
  objectives.slice(1).map(({ direction }) => direction);

/** The search of a stored spec. Throws when this version of Basin has no such experiment or cannot run the search. */
export function searchOf(spec: SweepSpec, definition = definitionOf(spec)): OpenSearch {
  const { search, issues } = openSearch(spec, (spec.objective ?? definition.objective).direction, otherDirections(spec));
  if (search) return search;
  throw new Error(`the search cannot be opened: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ")}`);
}

/** A sweep with what its spec names. */
export interface OpenSweep {
  spec: SweepSpec;
  definition: ExperimentDefinition;
  search: OpenSearch;
  /** The parameters of the space that do not apply to a configuration that the search chose. */
  inapplicable: (chosen: Configuration) => string[];
}

/** Throws when this version of Basin has no such experiment or cannot run the search. */
export function openSweep(spec: SweepSpec): OpenSweep {
  const definition = definitionOf(spec);
  return { spec, definition, search: searchOf(spec, definition), inapplicable: inapplicableIn(definition, spec.space) };
}

/**
 * Sweeps that are planned, each opened once for every version of its spec: a space can have a hundred thousand values, and a sweep thousands
 * of steps.
 */
export class OpenSweeps {
  readonly #open = new Map<SweepId, { text: string; sweep: OpenSweep }>();

  /** `spec` as it is stored. */
  of(id: SweepId, spec: unknown): OpenSweep {
    const text = JSON.stringify(spec);
    const known = this.#open.get(id);
    this.#open.delete(id);
    const sweep = known?.text === text ? known.sweep : openSweep(SweepSpec.parse(spec));
    this.#open.set(id, { text, sweep });
    for (const oldest of this.#open.keys()) if (this.#open.size > mostOpen) this.#open.delete(oldest);
    return sweep;
  }
}

/**
 * Tells the event to the sweep's search and fills its trials in: every parameter of the experiment, and the key of what can be
 * trained together. Pure. `history` is that of an algorithm which listens to results. Throws when the stored state does not parse or the
 * trials are not numbered on from `trialsCreated`.
 */
export function searchStep(
  { definition, search: { algorithm, input }, inapplicable }: OpenSweep,
  storedState: unknown,
  trialsCreated: number,
  event: SearchEvent,
  history: SearchHistory = emptyHistory,
): SearchOutcome {
  const { state, actions } = algorithm.next(input, algorithm.stateSchema.parse(storedState), event, history);
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
    trials.push({ index: action.trial, parameters, inapplicable: inapplicable(action.parameters), packKey });
  }
  return { state, trials, exhausted, listensToResults: algorithm.listensToResults };
}
