import { partsOfRunId, type AppliedParameters, type RunId, type Selection, type Sweep, type SweepId } from "@basin/contracts";
import { Database, readFirstConfiguration, readMetricNames } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { type Asker } from "../http/asker";
import { Reach } from "../tokens/reach.service";
import { NotFoundError } from "../http/request-errors";
import { SweepsService } from "../sweeps/sweeps.service";
import { variedParameters } from "./parameter-names";
import { Questions, type OpenQuestion } from "./questions.service";
import { rowFinder } from "./labels.service";
import { distinctRows } from "./distinct-runs";
import { allRowsOfGroup } from "./sweep-table";

/** A sweep that takes part in a comparison, opened for its objective. */
export interface SelectedSweep extends OpenQuestion {
  sweep: Sweep;
  /** Parameters that differ between its trials, and the configuration of its first trial for all others. */
  varied: string[];
  common: AppliedParameters;
  /** Final metrics, in the order of their names. */
  metrics: string[];
}

/** What a selection stands for. */
export interface SelectedRuns {
  of: SelectedSweep;
  /** Null for a group. */
  run: RunId | null;
  group: AppliedParameters;
  /** Rows in the table of its sweep, none the same training as another. */
  rows: number[];
  /** How many further runs repeat one of these. */
  repeats: number;
}

/** Finds the runs of selections; every sweep is read once. */
@Injectable()
export class Selections {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(Reach) private readonly reach: Reach,
  ) {}

  /** In the order given. Throws NotFoundError for a sweep or run that does not exist, or that the asker does not see, InputError for an unknown parameter or metric. */
  async find(
    items: readonly Selection[],
    options: { metric?: string | undefined; metrics: boolean },
    asker: Asker,
  ): Promise<SelectedRuns[]> {
    const groupNames = new Map<SweepId, Set<string>>();
    for (const item of items) {
      const id = sweepIdOf(item);
      const names = groupNames.get(id) ?? new Set<string>();
      groupNames.set(id, names);
      if ("group" in item) for (const name of Object.keys(item.group)) names.add(name);
    }
    for (const id of groupNames.keys()) await this.reach.checkSweep(id, asker);
    const opened = new Map<SweepId, SelectedSweep>();
    for (const [id, names] of groupNames) opened.set(id, await this.open(id, [...names], options));
    const finders = new Map([...opened].map(([id, { table }]) => [id, rowFinder(table)]));
    return items.map((item) => {
      const id = sweepIdOf(item);
      const of = opened.get(id);
      if (!of) throw new NotFoundError("sweep", id);
      if (!("run" in item)) {
        const { rows, repeats } = distinctRows(of.table, allRowsOfGroup(of.table, item.group));
        return { of, run: null, group: item.group, rows, repeats: repeats.length };
      }
      const { trialIndex, seedIndex } = partsOfRunId(item.run);
      const row = finders.get(id)?.(trialIndex, seedIndex) ?? -1;
      if (row < 0) throw new NotFoundError("run", item.run);
      return { of, run: item.run, group: {}, rows: [row], repeats: 0 };
    });
  }

  private async open(
    id: SweepId,
    names: readonly string[],
    options: { metric?: string | undefined; metrics: boolean },
  ): Promise<SelectedSweep> {
    const sweep = await this.sweeps.get(id);
    const varied = variedParameters(sweep.spec);
    const metrics = options.metrics ? await readMetricNames(this.database, id) : [];
    const common = (await readFirstConfiguration(this.database, id)) ?? {};
    const open = await this.questions.open(sweep, {
      metric: options.metric,
      parameters: [...new Set([...varied, ...names])],
      metrics,
      success: true,
    });
    return { ...open, sweep, varied, common, metrics };
  }
}

function sweepIdOf(item: Selection): SweepId {
  return "run" in item ? partsOfRunId(item.run).sweep : item.sweep;
}
