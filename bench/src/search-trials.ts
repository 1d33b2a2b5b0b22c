import { Space, type Configuration } from "@basin/contracts";
import { findSearchAlgorithm, SearchRecord, type SearchAlgorithm, type SearchEvent, type SearchInput } from "@basin/search";

/** A search that is driven without a server: one trial at a time, told its result before the next. */
export class DrivenSearch {
  readonly record = new SearchRecord();
  readonly #algorithm: SearchAlgorithm;
  readonly #input: SearchInput<unknown>;
  #state: unknown;
  /** Seconds inside the algorithm, suggestions and results. */
  seconds = 0;
  /** Bytes of all events as they are stored, and of the state now. */
  eventBytes = 0;

  constructor(id: string, space: unknown, config: object, seed: number) {
    const algorithm = findSearchAlgorithm(id);
    if (!algorithm) throw new Error(`there is no search algorithm "${id}"`);
    this.#algorithm = algorithm;
    this.#input = { space: Space.parse(space), config: algorithm.configSchema.parse(config), seed, direction: "minimize" };
    this.#state = algorithm.init(this.#input);
  }

  get stateBytes(): number {
    return JSON.stringify(this.#state).length;
  }

  suggest(trials = 1): Configuration[] {
    const made = this.#tell({ type: "capacity", trials });
    for (const parameters of made) this.record.create(parameters);
    return made;
  }

  /** The values of the newest trials, each from one run. */
  report(values: readonly number[]): void {
    const first = this.record.trials.length - values.length;
    const trials = values.map((value, i) => ({
      trial: first + i,
      ended: true,
      runs: [{ initialization: 0, value, outcome: "succeeded" as const }],
    }));
    if (this.#algorithm.listensToResults) this.#tell({ type: "results", trials });
  }

  #tell(event: SearchEvent): Configuration[] {
    const started = performance.now();
    this.record.tell(event);
    const { state, actions } = this.#algorithm.next(this.#input, this.#state, event, this.record);
    this.seconds += (performance.now() - started) / 1000;
    this.#state = state;
    this.eventBytes += JSON.stringify(event).length;
    return actions.flatMap((action) => (action.type === "create-trial" ? [action.parameters] : []));
  }
}
