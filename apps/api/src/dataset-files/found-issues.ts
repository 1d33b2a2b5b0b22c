import type { Issue } from "@basin/contracts";

/** Of each kind of fault as many are told in full; the rest is counted. */
const toldOfEachKind = 20;

/** And of all kinds together. */
const mostTold = 99;

/** Collects what is wrong with a file: the first faults of each kind, and how many more there are; at most 100 issues. */
export class FoundIssues {
  readonly #kinds = new Map<string, { told: Issue[]; count: number }>();

  add(kind: string, issue: Issue): void {
    const known = this.#kinds.get(kind) ?? { told: [], count: 0 };
    if (known.told.length < toldOfEachKind) known.told.push(issue);
    known.count += 1;
    this.#kinds.set(kind, known);
  }

  get any(): boolean {
    return this.#kinds.size > 0;
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.count ?? 0;
  }

  list(): Issue[] {
    const all = [...this.#kinds].flatMap(([kind, { told, count }]) =>
      count > told.length
        ? [...told, { path: "", message: `${kind}: ${count} in all; the first ${told.length} are listed` }]
        : told,
    );
    const left = all.length - mostTold;
    return left <= 1 ? all : [...all.slice(0, mostTold), { path: "", message: `and ${left} more things are wrong` }];
  }
}
