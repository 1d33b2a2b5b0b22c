import { csvRecord, stateWord, type QueryOf, type Run, type Sweep } from "@basin/contracts";
import { Database, Provenances, readAllBlocks, readAllRuns } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { criterionOf } from "../questions/figures";
import { headOfPoints, pointColumns, runColumnsOf } from "./export-columns";

const pointNames = pointColumns.map(({ name }) => name);

/** Everything of a sweep as text, made page by page while it is read; a slow reader holds nothing in the database. */
@Injectable()
export class ExportService {
  constructor(@Inject(Database) private readonly database: Database) {}

  texts(sweep: Sweep, { what, format }: QueryOf<"exportSweep">): AsyncGenerator<string> {
    if (what === "runs") return format === "csv" ? this.runsCsv(sweep) : this.runsNdjson(sweep);
    return format === "csv" ? this.pointsCsv(sweep) : this.pointsNdjson(sweep);
  }

  private async *runsCsv(sweep: Sweep): AsyncGenerator<string> {
    const columns = await runColumnsOf(this.database, sweep);
    yield csvRecord(columns.map(({ name }) => name));
    const provenances = new Provenances(this.database);
    for await (const runs of readAllRuns(this.database, sweep.id, criterionOf(sweep))) {
      const from = await provenances.of(runs);
      yield runs.map((run) => csvRecord(columns.map(({ of }) => of(run, from.get(run.id) ?? {})))).join("");
    }
  }

  private async *runsNdjson(sweep: Sweep): AsyncGenerator<string> {
    const provenances = new Provenances(this.database);
    for await (const runs of readAllRuns(this.database, sweep.id, criterionOf(sweep))) {
      const from = await provenances.of(runs);
      const told = (run: Run): object => {
        const { packages: _packages, ...provenance } = from.get(run.id) ?? {};
        return { ...run, state: stateWord(run.state), provenance };
      };
      yield runs.map((run) => `${JSON.stringify(told(run))}\n`).join("");
    }
  }

  /** Values that are not finite are written as NaN, Infinity, -Infinity. */
  private async *pointsCsv(sweep: Sweep): AsyncGenerator<string> {
    yield csvRecord(pointNames);
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const head = csvRecord(headOfPoints(run, block.metric)).trimEnd();
      let text = "";
      block.steps.forEach((step, i) => (text += `${head},${step},${block.values[i] ?? ""}\r\n`));
      yield text;
    }
  }

  /** Values that are not finite are null. */
  private async *pointsNdjson(sweep: Sweep): AsyncGenerator<string> {
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const common = headOfPoints(run, block.metric).map((value, i) => [pointNames[i] ?? "", value] as const);
      const head = Object.fromEntries(common);
      let text = "";
      block.steps.forEach((step, i) => (text += `${JSON.stringify({ ...head, step, value: block.values[i] })}\n`));
      yield text;
    }
  }
}
