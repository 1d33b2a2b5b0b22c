import type { Sweep, SweepId } from "@basin/contracts";
import { Database, readSweepColumns, readSweepStamp, type RunColumns, type SweepColumns } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { shapesOfDatasets } from "../datasets/dataset-shapes";
import { NotFoundError } from "../http/request-errors";
import type { TrialTwins } from "./distinct-runs";
import { variedParameters } from "./parameter-names";
import { encodeParameter, trialRows, type ParameterColumn, type SweepTable } from "./sweep-table";
import { trialTwins } from "./twins";

/** What is kept of the sweeps that were asked about last. A sweep of 100,000 runs takes about 5 MB. */
const mostSweeps = 6;
const mostRuns = 1_000_000;
/** A sweep that moves on while it is read is read anew this often before what was read last is taken in one piece. */
const tries = 3;

interface Kept {
  stamp: string;
  runs: RunColumns;
  trials: Int32Array;
  trialRow: Int32Array;
  finishedAt: Float64Array | null;
  metrics: Map<string, Float64Array>;
  parameters: Map<string, ParameterColumn>;
  /** Undefined: not worked out yet. */
  twins?: TrialTwins | null;
}

export interface TableColumns {
  metrics?: readonly string[];
  parameters?: readonly string[];
  finishedAt?: boolean;
}

/** Loads the columns that a question needs, and keeps them as long as the sweep does not change. */
@Injectable()
export class SweepTables {
  /** In the order of use, the newest last. */
  readonly #kept = new Map<SweepId, Kept>();

  constructor(@Inject(Database) private readonly database: Database) {}

  /** Always of one moment: columns that were read before are only joined by others of the same version of the sweep. */
  async load(sweep: Pick<Sweep, "id" | "spec">, columns: TableColumns): Promise<SweepTable> {
    const { id } = sweep;
    // Those that vary say which runs are the same training.
    const needed = [...new Set([...(columns.parameters ?? []), ...variedParameters(sweep.spec)])];
    for (let attempt = 1; ; attempt += 1) {
      const stamp = await readSweepStamp(this.database, id);
      if (stamp === null) throw new NotFoundError("sweep", id);
      const before = this.#kept.get(id);
      const current = before?.stamp === stamp && attempt < tries ? before : null;
      const wanted = {
        runs: current === null,
        trials: current === null,
        finishedAt: columns.finishedAt === true && !current?.finishedAt,
        metrics: [...new Set(columns.metrics ?? [])].filter((name) => !current?.metrics.has(name)),
        parameters: needed.filter((name) => !current?.parameters.has(name)),
      };
      const complete = !wanted.runs && !wanted.finishedAt && wanted.metrics.length === 0 && wanted.parameters.length === 0;
      const read = complete ? null : await readSweepColumns(this.database, id, wanted);
      if (read && current && read.stamp !== current.stamp) continue;
      const kept = read ? joined(current, read) : current;
      if (!kept) throw new NotFoundError("sweep", id);
      if (kept.twins === undefined) {
        const definition = findExperiment(sweep.spec.experiment);
        const datasets = definition && (await shapesOfDatasets(this.database, definition, sweep.spec.space));
        kept.twins = trialTwins(sweep, kept.parameters, kept.trials.length, datasets ?? (() => undefined));
      }
      this.#keep(id, kept);
      return tableOf(id, kept);
    }
  }

  #keep(id: SweepId, kept: Kept): void {
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    let runs = 0;
    for (const one of this.#kept.values()) runs += one.trialRow.length;
    for (const [oldest, one] of this.#kept) {
      if (this.#kept.size <= mostSweeps && runs <= mostRuns) break;
      runs -= one.trialRow.length;
      this.#kept.delete(oldest);
    }
  }
}

function joined(current: Kept | null, read: SweepColumns): Kept {
  const encoded = [...read.parameters].map(([name, cells]): [string, ParameterColumn] => [name, encodeParameter(cells)]);
  if (current) {
    return {
      ...current,
      finishedAt: read.finishedAt ?? current.finishedAt,
      metrics: new Map([...current.metrics, ...read.metrics]),
      parameters: new Map([...current.parameters, ...encoded]),
    };
  }
  const { runs, trials } = read;
  if (!runs || !trials) throw new Error("the columns of a new table need runs and trials");
  return {
    stamp: read.stamp,
    runs,
    trials,
    trialRow: trialRows(runs.trialIndex, trials),
    finishedAt: read.finishedAt,
    metrics: new Map(read.metrics),
    parameters: new Map(encoded),
  };
}

function tableOf(sweep: SweepId, kept: Kept): SweepTable {
  const { runs, trials, trialRow, finishedAt, metrics, parameters, twins = null } = kept;
  return { sweep, count: runs.trialIndex.length, ...runs, trials, trialRow, finishedAt, metrics, parameters, twins };
}
