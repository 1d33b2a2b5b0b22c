import type { Issue } from "@basin/contracts";

/** Of each kind of fault as many are told in full; the rest is counted. */
const toldOfEachKind = 20;

/** Collects what is wrong with a file: the first faults of each kind, and how many more there are. */
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
    return [...this.#kinds].flatMap(([kind, { told, count }]) =>
      count > told.length
        ? [...told, { path: "", message: `${kind}: ${count} in all; the first ${told.length} are listed` }]
        : told,
    );
  }
}
