import { closestName, runIdOf, type LabelTally, type QueryOf, type RunId, type Sweep } from "@basin/contracts";
import { Database, readLabel, readLabelNames } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { InputError } from "../http/request-errors";
import { groupingOf, Questions } from "./questions.service";
import { groupRuns, type SweepTable } from "./sweep-table";

/** Shown where nobody chose: structures coincide more often than equations with their coefficients. */
const usualLabels = ["support", "equation"];
const mostExamples = 5;

/** What was read of the labels beside one version of a sweep's table. */
interface KeptLabels {
  names?: string[];
  /** The label that was asked about last: the texts of one can take as much memory as the table. */
  last?: { label: string; column: Awaited<ReturnType<typeof readLabel>> };
}

type Tally = LabelTally["groups"][number]["tally"][number];

@Injectable()
export class LabelsService {
  /** By a column of the table, which is there as long as its version of the sweep is kept. */
  readonly #kept = new WeakMap<SweepTable["state"], KeptLabels>();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  /** The texts of one label per group, most frequent first; groups by index. */
  async tally(sweep: Sweep, query: QueryOf<"getLabelTally">): Promise<LabelTally> {
    const names = groupingOf(sweep, query.groupBy);
    const { table, met } = await this.questions.open(sweep, { parameters: names, success: true });
    const kept = this.#kept.get(table.state) ?? {};
    this.#kept.set(table.state, kept);
    const labels = (kept.names ??= await readLabelNames(this.database, sweep.id));
    const label = query.label ?? usualLabels.find((usual) => labels.includes(usual)) ?? labels[0] ?? null;
    if (query.label !== undefined && !labels.includes(query.label)) {
      const near = closestName(query.label, labels);
      const there = labels.length === 0 ? "they have none" : `they have ${labels.join(", ")}`;
      const hint = `${near === null ? "" : `did you mean "${near}"? `}${there}`;
      throw new InputError([{ path: "label", message: `the runs of this sweep have no label "${query.label}"`, hint }]);
    }
    const grouping = groupRuns(table, names);
    const last = kept.last?.label === label ? kept.last : undefined;
    const column = last?.column ?? (label === null ? null : await readLabel(this.database, sweep.id, label));
    if (label !== null && column) kept.last = { label, column };
    const { texts, runs } = column ?? { texts: [], runs: [] };
    const rowOf = rowFinder(table);
    const tallies = grouping.groups.map(() => new Map<number, Tally>());
    for (const { trialIndex, seedIndex, text } of runs) {
      const row = rowOf(trialIndex, seedIndex);
      if (row < 0) continue;
      const tally = tallies[grouping.ofRun[row] ?? 0];
      const run: RunId = runIdOf(sweep.id, trialIndex, seedIndex);
      const entry = tally?.get(text);
      if (!entry) tally?.set(text, { text: texts[text] ?? "", count: 1, met: met?.[row] ?? 0, examples: [run] });
      else {
        entry.count += 1;
        entry.met += met?.[row] ?? 0;
        if (entry.examples.length < mostExamples) entry.examples.push(run);
      }
    }
    const groups = grouping.groups.flatMap(({ group }, place): LabelTally["groups"] => {
      const all = [...(tallies[place]?.values() ?? [])].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
      const tally = all.slice(0, query.texts);
      return [{ group, of: all.reduce((sum, { count }) => sum + count, 0), tally, more: all.length - tally.length }];
    });
    const shown = groups.slice(0, query.limit);
    return { sweep: sweep.id, label, labels, groupedBy: grouping.groupedBy, groups: shown, more: groups.length - shown.length };
  }
}

/** Finds a run's row by bisection; −1: not there. */
export function rowFinder(table: SweepTable): (trialIndex: number, seedIndex: number) => number {
  return (trialIndex, seedIndex) => {
    let low = 0;
    let high = table.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = (table.trialIndex[middle] ?? 0) - trialIndex || (table.seedIndex[middle] ?? 0) - seedIndex;
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
}
