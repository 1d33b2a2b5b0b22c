import { csvRecord, stateWord, type QueryOf, type Sweep } from "@basin/contracts";
import { Database, readAllBlocks, readAllRuns } from "@basin/database";
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
    for await (const runs of readAllRuns(this.database, sweep.id, criterionOf(sweep))) {
      yield runs.map((run) => csvRecord(columns.map(({ of }) => of(run)))).join("");
    }
  }

  private async *runsNdjson(sweep: Sweep): AsyncGenerator<string> {
    for await (const runs of readAllRuns(this.database, sweep.id, criterionOf(sweep)))
      yield runs.map((run) => `${JSON.stringify({ ...run, state: stateWord(run.state) })}\n`).join("");
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
