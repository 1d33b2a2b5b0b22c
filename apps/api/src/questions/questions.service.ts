import type { AppliedParameters, Figure, SuccessCriterion, Sweep } from "@basin/contracts";
import { Database, readMetricNames } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { checkFigure, criterionOf, figureOf, metOf, metricsNeeded, valuesOf } from "./figures";
import { checkParameterNames, variedParameters } from "./parameter-names";
import { seedName, type SweepTable } from "./sweep-table";
import { SweepTables } from "./sweep-tables.service";

export interface Question {
  /** Default: the objective. */
  metric?: string | undefined;
  /** Further final metrics to load. */
  metrics?: readonly string[];
  /** Parameters to load; `seed` may be among them. */
  parameters: readonly string[];
  /** Runs of this group only; its parameters are loaded. */
  group?: AppliedParameters | undefined;
  success?: boolean;
  classes?: boolean;
  finishedAt?: boolean;
}

/** A table with a figure of its runs. */
export interface OpenQuestion {
  table: SweepTable;
  figure: Figure;
  /** Per run; NaN where it has none. */
  values: Float64Array;
  /** Null without a criterion, or when not asked for. */
  met: Uint8Array | null;
  criterion: SuccessCriterion | null;
}

/** What every question over a sweep's runs begins with: its names are checked, its columns loaded. */
@Injectable()
export class Questions {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepTables) private readonly tables: SweepTables,
  ) {}

  /** Throws InputError when a metric or parameter does not exist. */
  async open(sweep: Sweep, question: Question): Promise<OpenQuestion> {
    const { metric, group = {}, success = false, classes = false, finishedAt = false } = question;
    await checkParameterNames(this.database, sweep, question.parameters, (_, i) => `groupBy[${i}]`);
    await checkParameterNames(this.database, sweep, Object.keys(group), (name) => `group.${name}`);
    const figure = figureOf(sweep, metric);
    const table = await this.tables.load(sweep, {
      metrics: [...metricsNeeded(sweep, [figure], { success, classes }), ...(question.metrics ?? [])],
      parameters: [...question.parameters, ...Object.keys(group)].filter((name) => name !== seedName),
      finishedAt,
    });
    const values = valuesOf(table, figure);
    if (!figure.isObjective && !values.some((value) => !Number.isNaN(value)))
      checkFigure(sweep, figure, values, await readMetricNames(this.database, sweep.id), "metric");
    const criterion = criterionOf(sweep);
    return { table, figure, values, criterion, met: success ? metOf(table, criterion) : null };
  }
}

/** What to group by when nothing was said: every parameter that differs between the trials. */
export function groupingOf(sweep: Sweep, groupBy: readonly string[] | undefined): string[] {
  return [...new Set(groupBy ?? variedParameters(sweep.spec))];
}
