import { applies, type Configuration, type Dimension, type Space } from "@basin/contracts";
import { dimensionsOf, gridSize, valueAt } from "../dimension";
import { configurationsOf } from "../grid-cells";
import type { SearchInput } from "../search-algorithm";
import type { SearchHistory } from "../search-history";
import { ObjectiveLosses } from "../pareto/objective-losses";
import { TrialLosses } from "../trial-losses";
import { axisOf, keyOf } from "./axis";
import { KernelTable } from "./kernel-table";
import { Observations } from "./observations";

/** Dimensions that are chosen together: those without a condition, or those that a value of one parameter brings with it. */
export interface Group {
  name: string;
  observations: Observations;
  /** Kernels around the good trials and around the others. */
  good: KernelTable;
  others: KernelTable;
}

/**
 * What a search that fits the tree of conditions derives from its history: the trials' choices in groups, their losses, and which
 * configurations were tried.
 */
export class GroupedHistory {
  readonly losses: TrialLosses;
  /** Of all objectives. */
  readonly objectiveLosses: ObjectiveLosses;
  /** The space has no ranges. */
  readonly finite: boolean;
  /** No parameter has a condition: everything is chosen at once. */
  readonly flat: boolean;
  readonly #tried = new Set<string>();
  readonly #dimensions: readonly (readonly [string, Dimension])[];
  readonly #groups = new Map<string, Group>();
  readonly #parameters: Configuration[] = [];

  constructor(input: Pick<SearchInput<unknown>, "space" | "direction" | "others">) {
    this.finite = configurationsOf(input.space) !== null;
    this.flat = Object.values(input.space).every(({ when }) => when === undefined);
    this.#dimensions = dimensionsOf(input.space);
    this.losses = new TrialLosses(input.direction);
    this.objectiveLosses = new ObjectiveLosses(input);
  }

  get count(): number {
    return this.#parameters.length;
  }

  /** False: the history is another one. Trials that were added before it had them are its own. */
  update({ trials }: SearchHistory): boolean {
    if (trials.length < this.count) return false;
    for (let i = 0; i < trials.length; i++) {
      const parameters = trials[i]?.parameters;
      const known = this.#parameters[i];
      if (known === parameters || parameters === undefined) continue;
      if (known === undefined) this.add(parameters);
      else if (sameParameters(known, parameters)) this.#parameters[i] = parameters;
      else return false;
    }
    this.losses.update(trials);
    if (this.objectiveLosses.count > 1) this.objectiveLosses.update(trials);
    return true;
  }

  add(parameters: Configuration): void {
    for (const { observations } of this.#groups.values()) observations.add(this.count, parameters);
    this.#parameters.push(parameters);
    if (this.finite) this.#tried.add(keyOf(parameters));
  }

  /** Whether a configuration is none of the trials'; true where ranges make it next to impossible that it is one. */
  isNew(parameters: Configuration): boolean {
    return !this.finite || !this.#tried.has(keyOf(parameters));
  }

  /**
   * Walks the tree of conditions: `choose` is asked for the values of each group that the values before it bring with them; what has one
   * value only is filled in.
   */
  walk(choose: (group: Group) => Configuration): Configuration {
    const chosen: Configuration = {};
    for (;;) {
      const due = this.#dimensions.filter(([name, dimension]) => !(name in chosen) && applies(dimension, chosen));
      const parents = [...new Set(due.map(([, { when }]) => when?.parameter ?? ""))];
      if (parents.length === 0) break;
      for (const parent of parents) {
        const together = due.filter(([, { when }]) => (when?.parameter ?? "") === parent);
        const varying = together.filter(([, dimension]) => gridSize(dimension) !== 1);
        for (const [name, dimension] of together) if (gridSize(dimension) === 1) chosen[name] = valueAt(dimension, 0);
        if (varying.length > 0) Object.assign(chosen, choose(this.#group(varying)));
      }
    }
    return Object.fromEntries(this.#dimensions.flatMap(([name]) => (name in chosen ? [[name, chosen[name] ?? 0]] : [])));
  }

  #group(dimensions: readonly (readonly [string, Dimension])[]): Group {
    const name = dimensions.map(([each]) => each).join(" ");
    const known = this.#groups.get(name);
    if (known) return known;
    const observations = new Observations(dimensions.map(([each, dimension]) => axisOf(each, dimension)));
    for (const [i, parameters] of this.#parameters.entries()) observations.add(i, parameters);
    const group = { name, observations, good: new KernelTable(observations), others: new KernelTable(observations) };
    this.#groups.set(name, group);
    return group;
  }
}

function sameParameters(a: Configuration, b: Configuration): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => a[name] === b[name] || JSON.stringify(a[name]) === JSON.stringify(b[name]));
}

const derived = new WeakMap<SearchHistory, { space: Space; direction: string; grouped: GroupedHistory }>();

/** What is derived from a history, kept beside it and brought up to date: it follows from the history alone. */
export function groupedHistory(
  input: Pick<SearchInput<unknown>, "space" | "direction" | "others">,
  history: SearchHistory,
): GroupedHistory {
  const known = derived.get(history);
  if (known?.space === input.space && known.direction === input.direction && known.grouped.update(history)) return known.grouped;
  const grouped = new GroupedHistory(input);
  grouped.update(history);
  derived.set(history, { space: input.space, direction: input.direction, grouped });
  return grouped;
}
