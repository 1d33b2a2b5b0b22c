import type { CsvValue, Sweep } from "@basin/contracts";
import { Database, Provenances, readAllBlocks, readAllRuns } from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { criterionOf } from "../questions/figures";
import { headOfPoints, pointColumns, runColumnsOf } from "./export-columns";
import { ParquetStream, type ParquetColumn, type ParquetValue } from "./parquet";

const runsPerGroup = 10_000;
const pointsPerGroup = 100_000;

/** Everything of a sweep as one Parquet file, made row group by row group while it is read. */
@Injectable()
export class ParquetExportService {
  constructor(@Inject(Database) private readonly database: Database) {}

  parts(sweep: Sweep, what: "runs" | "metrics"): AsyncGenerator<Buffer> {
    return what === "runs" ? this.runs(sweep) : this.points(sweep);
  }

  private async *runs(sweep: Sweep): AsyncGenerator<Buffer> {
    const columns = await runColumnsOf(this.database, sweep);
    const file = new ParquetStream(columns, runsPerGroup);
    const provenances = new Provenances(this.database);
    for await (const runs of readAllRuns(this.database, sweep.id, criterionOf(sweep))) {
      const from = await provenances.of(runs);
      for (const run of runs) {
        const provenance = from.get(run.id) ?? {};
        const bytes = file.add(columns.map(({ type, of }) => cellOf(of(run, provenance), type)));
        if (bytes) yield bytes;
      }
    }
    yield file.finish();
  }

  private async *points(sweep: Sweep): AsyncGenerator<Buffer> {
    const file = new ParquetStream(pointColumns, pointsPerGroup);
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const head = headOfPoints(run, block.metric).map((value, i) => cellOf(value, pointColumns[i]?.type ?? "STRING"));
      for (let i = 0; i < block.steps.length; i += 1) {
        const bytes = file.add([...head, block.steps[i] ?? 0, block.values[i] ?? null]);
        if (bytes) yield bytes;
      }
    }
    yield file.finish();
  }
}

/** Null for a value that does not fit the type of its column. Arrays are JSON texts. */
function cellOf(value: CsvValue, type: ParquetColumn["type"]): ParquetValue {
  if (value === undefined || value === null) return null;
  if (type === "BOOLEAN") return typeof value === "boolean" ? value : null;
  if (type === "STRING") return typeof value === "string" ? value : JSON.stringify(value);
  if (type === "TIMESTAMP") return typeof value === "string" ? new Date(value) : null;
  return typeof value === "number" ? value : null;
}
