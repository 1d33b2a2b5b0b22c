import type { Dataset, Issue } from "@basin/contracts";
import { Database, DatasetsRepository, readDatasets } from "@basin/database";
import { checkDatasets, datasetsOf, dependsOnData, type DataFindings } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { BusyError, InputError } from "../http/request-errors";
import type { Log } from "../platform/log";
import { LOG } from "../platform/injection-keys";
import { TaskLostError, WorkThreads } from "../work-threads/work-threads";
import type { SweepPlan } from "../scheduler/sweep-commands";

/** Of a sweep over more datasets the first so many are looked into. */
const mostLookedInto = 20;

/** What a sweep's data say of it before it is submitted. */
@Injectable()
export class DataChecks {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatasetsRepository) private readonly datasets: DatasetsRepository,
    @Inject(WorkThreads) private readonly threads: WorkThreads,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Throws InputError for datasets that a project does not have; null: that there are nowhere. */
  async checkThere({ definition, spec }: Pick<SweepPlan, "definition" | "spec">, project: string | null): Promise<void> {
    const ids = datasetsOf(definition, spec.space);
    if (project === null || ids.length === 0) return;
    const issues = checkDatasets(definition, spec.space, await readDatasets(this.database, ids, project));
    if (issues.length > 0) throw new InputError(issues);
  }

  /** Throws InputError for what cannot be trained; returns warnings. Data that cannot be looked into now forbid nothing: a run that fails says why. */
  async check(plan: Pick<SweepPlan, "definition" | "spec">): Promise<Issue[]> {
    const { definition, spec } = plan;
    const known = await readDatasets(this.database, datasetsOf(definition, spec.space), null);
    const issues = checkDatasets(definition, spec.space, known);
    if (issues.length > 0) throw new InputError(issues);
    if (!dependsOnData(definition, spec.space)) return [];
    const parts: (readonly Dataset[])[] = known.length === 0 ? [[]] : known.slice(0, mostLookedInto).map((dataset) => [dataset]);
    const warnings: Issue[] = [];
    for (const part of parts) {
      const found = await this.lookInto(plan, part);
      if (found.issues.length > 0) throw new InputError(found.issues);
      warnings.push(...found.warnings);
    }
    return warnings;
  }

  private async lookInto(
    { definition, spec }: Pick<SweepPlan, "definition" | "spec">,
    datasets: readonly Dataset[],
  ): Promise<DataFindings> {
    const ask = async (given: readonly { id: string; content: Uint8Array<ArrayBuffer> | null }[]) =>
      this.threads.run(
        "checkData",
        { experiment: definition.id, space: spec.space, datasets: [...given] },
        given.flatMap(({ content }) => (content ? [content.buffer] : [])),
      );
    try {
      const found = await ask(datasets.map(({ id }) => ({ id, content: null })));
      if (!("unknown" in found)) return found;
      const again = await ask(
        await Promise.all(
          datasets.map(async ({ id }) => ({ id, content: found.unknown.includes(id) ? await this.contentOf(id) : null })),
        ),
      );
      if (!("unknown" in again)) return again;
    } catch (error) {
      if (!(error instanceof TaskLostError || error instanceof BusyError)) throw error;
      this.log.warn({ experiment: definition.id, reason: error.message }, "the data of a sweep could not be looked into");
    }
    return { issues: [], warnings: [] };
  }

  private async contentOf(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
    let content: Uint8Array<ArrayBuffer> | null = null;
    let at = 0;
    for (let part = 0; ; part++) {
      const found = await this.datasets.fetch(id, part);
      if (!found) return null;
      content ??= new Uint8Array(found.bytes);
      content.set(found.content, at);
      at += found.content.byteLength;
      if (part + 1 >= found.parts) return content;
    }
  }
}
