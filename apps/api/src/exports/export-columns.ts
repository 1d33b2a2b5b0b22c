import { stateWord, type CsvValue, type Provenance, type Run, type Sweep } from "@basin/contracts";
import { readFinalMetricNames, readFirstConfiguration, readLabelNames, type Database } from "@basin/database";
import { inDeclaredOrder } from "../questions/parameter-names";
import type { ParquetColumn } from "./parquet";

/** A column of the runs of a sweep, the same in every format: what it holds in Parquet, and of a run. */
export interface RunColumn extends ParquetColumn {
  of: (run: Run, provenance: Provenance) => CsvValue;
}

const own = (name: keyof Run, type: ParquetColumn["type"]): RunColumn => ({ name, type, of: (run) => run[name] });
const ownColumns: readonly RunColumn[] = [
  { name: "run", type: "STRING", of: ({ id }) => id },
  { name: "trial", type: "INT32", of: ({ trialIndex }) => trialIndex },
  own("seedIndex", "INT32"),
  own("seed", "INT32"),
  { name: "state", type: "STRING", of: ({ state }) => stateWord(state) },
  own("outcome", "STRING"),
  own("reason", "STRING"),
  own("attempt", "INT32"),
  own("trainer", "STRING"),
  own("build", "STRING"),
  own("createdAt", "TIMESTAMP"),
  own("startedAt", "TIMESTAMP"),
  own("finishedAt", "TIMESTAMP"),
  own("objective", "DOUBLE"),
];
const ofProvenance = (name: Exclude<keyof Provenance, "packages">, type: ParquetColumn["type"]): RunColumn => ({
  name: `provenance.${name}`,
  type,
  of: (_, provenance) => provenance[name],
});
/** Of the newest attempt; packages stand on the run's page. */
const provenanceColumns: readonly RunColumn[] = [
  ofProvenance("gitCommit", "STRING"),
  ofProvenance("gitDirty", "BOOLEAN"),
  ofProvenance("commandLine", "STRING"),
  ofProvenance("language", "STRING"),
  ofProvenance("host", "STRING"),
  ofProvenance("device", "STRING"),
];
const ofEachPoint = ["run", "trial", "seedIndex", "seed", "attempt"];
const headColumns = ownColumns.filter(({ name }) => ofEachPoint.includes(name));

export const pointColumns: readonly ParquetColumn[] = [
  ...headColumns,
  { name: "metric", type: "STRING" },
  { name: "step", type: "INT32" },
  { name: "value", type: "DOUBLE" },
];

/** What all points of a run's metric have in common: all of `pointColumns` but step and value. */
export function headOfPoints(run: Run, metric: string): CsvValue[] {
  return [...headColumns.map(({ of }) => of(run, {})), metric];
}

/** The run's own columns, then `parameters.<name>`, then `metrics.<name>`, `labels.<name>` and `provenance.<name>`. */
export async function runColumnsOf(database: Database, { id, spec }: Sweep): Promise<RunColumn[]> {
  const configuration = (await readFirstConfiguration(database, id)) ?? {};
  const metrics = await readFinalMetricNames(database, id);
  const labels = await readLabelNames(database, id);
  return [
    ...ownColumns,
    ...inDeclaredOrder(spec.experiment, Object.keys(configuration)).map((name): RunColumn => {
      const value = configuration[name];
      const type = typeof value === "number" ? "DOUBLE" : typeof value === "boolean" ? "BOOLEAN" : "STRING";
      return { name: `parameters.${name}`, type, of: ({ parameters }) => parameters[name] };
    }),
    ...metrics.map((name): RunColumn => ({ name: `metrics.${name}`, type: "DOUBLE", of: (run) => run.metrics[name] })),
    ...labels.map((name): RunColumn => ({ name: `labels.${name}`, type: "STRING", of: (run) => run.labels[name] })),
    ...provenanceColumns,
  ];
}
