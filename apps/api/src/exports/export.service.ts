import { csvRecord, type CsvValue, type QueryOf, type Run, type Sweep } from "@basin/contracts";
import {
  Database,
  readAllBlocks,
  readAllRuns,
  readFinalMetricNames,
  readFirstConfiguration,
  readLabelNames,
} from "@basin/database";
import { Inject, Injectable } from "@nestjs/common";
import { inDeclaredOrder } from "../questions/parameter-names";

const runColumns = [
  "run",
  "trial",
  "seedIndex",
  "seed",
  "state",
  "reason",
  "attempt",
  "trainer",
  "build",
  "createdAt",
  "startedAt",
  "finishedAt",
  "objective",
] as const;
const pointColumns = ["run", "trial", "seedIndex", "seed", "attempt", "metric", "step", "value"] as const;

/** Everything of a sweep as text, made page by page while it is read; a slow reader holds nothing in the database. */
@Injectable()
export class ExportService {
  constructor(@Inject(Database) private readonly database: Database) {}

  texts(sweep: Sweep, { what, format }: QueryOf<"exportSweep">): AsyncGenerator<string> {
    if (what === "runs") return format === "csv" ? this.runsCsv(sweep) : this.runsNdjson(sweep);
    return format === "csv" ? this.pointsCsv(sweep) : this.pointsNdjson(sweep);
  }

  /** Columns: the run's own, then `parameters.<name>`, then `metrics.<name>`, then `labels.<name>`. */
  private async *runsCsv(sweep: Sweep): AsyncGenerator<string> {
    const configuration = (await readFirstConfiguration(this.database, sweep.id)) ?? {};
    const parameters = inDeclaredOrder(sweep.spec.experiment, Object.keys(configuration));
    const metrics = await readFinalMetricNames(this.database, sweep.id);
    const labels = await readLabelNames(this.database, sweep.id);
    yield csvRecord([
      ...runColumns,
      ...parameters.map((name) => `parameters.${name}`),
      ...metrics.map((name) => `metrics.${name}`),
      ...labels.map((name) => `labels.${name}`),
    ]);
    for await (const runs of readAllRuns(this.database, sweep.id)) {
      yield runs
        .map((run) =>
          csvRecord([
            ...runFields(run),
            ...parameters.map((name) => run.parameters[name]),
            ...metrics.map((name) => run.metrics[name]),
            ...labels.map((name) => run.labels[name]),
          ]),
        )
        .join("");
    }
  }

  private async *runsNdjson(sweep: Sweep): AsyncGenerator<string> {
    for await (const runs of readAllRuns(this.database, sweep.id)) yield runs.map((run) => `${JSON.stringify(run)}\n`).join("");
  }

  /** Values that are not finite are written as NaN, Infinity, -Infinity. */
  private async *pointsCsv(sweep: Sweep): AsyncGenerator<string> {
    yield csvRecord(pointColumns);
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const head = csvRecord([run.id, run.trialIndex, run.seedIndex, run.seed, run.attempt, block.metric]).trimEnd();
      let text = "";
      block.steps.forEach((step, i) => (text += `${head},${step},${block.values[i] ?? ""}\r\n`));
      yield text;
    }
  }

  /** Values that are not finite are null. */
  private async *pointsNdjson(sweep: Sweep): AsyncGenerator<string> {
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const { id, trialIndex, seedIndex, seed, attempt } = run;
      let text = "";
      block.steps.forEach((step, i) => {
        const row = { run: id, trial: trialIndex, seedIndex, seed, attempt, metric: block.metric, step, value: block.values[i] };
        text += `${JSON.stringify(row)}\n`;
      });
      yield text;
    }
  }
}

function runFields(run: Run): CsvValue[] {
  const fields: Record<(typeof runColumns)[number], CsvValue> = { ...run, run: run.id, trial: run.trialIndex };
  return runColumns.map((column) => fields[column]);
}
