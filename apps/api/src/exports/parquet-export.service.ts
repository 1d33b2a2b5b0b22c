import type { AppliedParameters, ParameterValue, Run, Sweep } from "@basin/contracts";
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
import { ParquetStream, type ParquetColumn, type ParquetValue } from "./parquet";

const runsPerGroup = 10_000;
const pointsPerGroup = 100_000;

const runColumns: readonly ParquetColumn[] = [
  { name: "run", type: "STRING" },
  { name: "trial", type: "INT32" },
  { name: "seedIndex", type: "INT32" },
  { name: "seed", type: "INT32" },
  { name: "state", type: "STRING" },
  { name: "reason", type: "STRING" },
  { name: "attempt", type: "INT32" },
  { name: "trainer", type: "STRING" },
  { name: "build", type: "STRING" },
  { name: "createdAt", type: "TIMESTAMP" },
  { name: "startedAt", type: "TIMESTAMP" },
  { name: "finishedAt", type: "TIMESTAMP" },
  { name: "objective", type: "DOUBLE" },
];
const pointColumns: readonly ParquetColumn[] = [
  { name: "run", type: "STRING" },
  { name: "trial", type: "INT32" },
  { name: "seedIndex", type: "INT32" },
  { name: "seed", type: "INT32" },
  { name: "attempt", type: "INT32" },
  { name: "metric", type: "STRING" },
  { name: "step", type: "INT32" },
  { name: "value", type: "DOUBLE" },
];

/** Everything of a sweep as one Parquet file, made row group by row group while it is read. */
@Injectable()
export class ParquetExportService {
  constructor(@Inject(Database) private readonly database: Database) {}

  parts(sweep: Sweep, what: "runs" | "metrics"): AsyncGenerator<Buffer> {
    return what === "runs" ? this.runs(sweep) : this.points(sweep);
  }

  /** Columns as in the CSV file. Arrays are JSON texts. */
  private async *runs(sweep: Sweep): AsyncGenerator<Buffer> {
    const configuration = (await readFirstConfiguration(this.database, sweep.id)) ?? {};
    const parameters = inDeclaredOrder(sweep.spec.experiment, Object.keys(configuration)).map((name) => ({
      name,
      type: typeOf(configuration, name),
    }));
    const metrics = await readFinalMetricNames(this.database, sweep.id);
    const labels = await readLabelNames(this.database, sweep.id);
    const columns: ParquetColumn[] = [
      ...runColumns,
      ...parameters.map(({ name, type }) => ({ name: `parameters.${name}`, type })),
      ...metrics.map((name) => ({ name: `metrics.${name}`, type: "DOUBLE" as const })),
      ...labels.map((name) => ({ name: `labels.${name}`, type: "STRING" as const })),
    ];
    const file = new ParquetStream(columns, runsPerGroup);
    for await (const runs of readAllRuns(this.database, sweep.id)) {
      for (const run of runs) {
        const bytes = file.add([
          ...runFields(run),
          ...parameters.map(({ name, type }) => cellOf(run.parameters[name], type)),
          ...metrics.map((name) => run.metrics[name] ?? null),
          ...labels.map((name) => run.labels[name] ?? null),
        ]);
        if (bytes) yield bytes;
      }
    }
    yield file.finish();
  }

  private async *points(sweep: Sweep): AsyncGenerator<Buffer> {
    const file = new ParquetStream(pointColumns, pointsPerGroup);
    for await (const { run, block } of readAllBlocks(this.database, sweep.id)) {
      const { id, trialIndex, seedIndex, seed, attempt } = run;
      for (let i = 0; i < block.steps.length; i += 1) {
        const bytes = file.add([
          id,
          trialIndex,
          seedIndex,
          seed,
          attempt,
          block.metric,
          block.steps[i] ?? 0,
          block.values[i] ?? null,
        ]);
        if (bytes) yield bytes;
      }
    }
    yield file.finish();
  }
}

function typeOf(configuration: AppliedParameters, name: string): ParquetColumn["type"] {
  const value = configuration[name];
  return typeof value === "number" ? "DOUBLE" : typeof value === "boolean" ? "BOOLEAN" : "STRING";
}

/** Null for a value that does not fit the type of its column. */
function cellOf(value: ParameterValue | null | undefined, type: ParquetColumn["type"]): ParquetValue {
  if (value === undefined || value === null) return null;
  if (type === "DOUBLE") return typeof value === "number" ? value : null;
  if (type === "BOOLEAN") return typeof value === "boolean" ? value : null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function runFields(run: Run): ParquetValue[] {
  const time = (text: string | null): Date | null => (text === null ? null : new Date(text));
  const fields: Record<string, ParquetValue> = {
    run: run.id,
    trial: run.trialIndex,
    seedIndex: run.seedIndex,
    seed: run.seed,
    state: run.state,
    reason: run.reason,
    attempt: run.attempt,
    trainer: run.trainer,
    build: run.build,
    createdAt: time(run.createdAt),
    startedAt: time(run.startedAt),
    finishedAt: time(run.finishedAt),
    objective: run.objective,
  };
  return runColumns.map(({ name }) => fields[name] ?? null);
}
