import {
  type AnswerOf,
  type QueryOf,
  type Run,
  type TrialId,
  type RunDetail,
  type RunId,
  type RunSeries,
  type RunState,
  type Sweep,
} from "@basin/contracts";
import {
  conditionFault,
  countRuns,
  Database,
  listArtifacts,
  listRuns,
  readAttempts,
  readRun,
  readRunKeys,
  readSeries,
  readStartedRunKeys,
  runField,
  type RunFilter,
  type RunKey,
} from "@basin/database";
import { boundsOf, findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { cursorParts, decodeCursor, encodeCursor, type CursorPart } from "../http/cursor";
import { InputError, NotFoundError } from "../http/request-errors";
import { criterionOf } from "../questions/figures";
import { readTimedSeries } from "../questions/training-time";
import { decimate } from "../questions/decimate";

/** What the cursor of a sort holds. */
function cursorPart(sort: string): `${CursorPart}?` {
  return `${cursorParts[runField(sort.replace(/^-/, ""), () => "$1").type]}?`;
}

@Injectable()
export class RunsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Throws NotFoundError. */
  async get(id: RunId): Promise<Run> {
    return (await this.read(id)).run;
  }

  async detail(id: RunId): Promise<RunDetail> {
    const { run, definition } = await this.read(id);
    const [attempts, artifacts] = await Promise.all([readAttempts(this.database, id), listArtifacts(this.database, id)]);
    const bounds = definition && run.outcome !== "none" ? boundsOf(definition, run.metrics) : [];
    return { ...run, attempts, artifacts, bounds };
  }

  private async read(id: RunId): Promise<{ run: Run; definition: ReturnType<typeof findExperiment> }> {
    let definition: ReturnType<typeof findExperiment> = null;
    const run = await readRun(this.database, id, (experiment) => (definition = findExperiment(experiment))?.success ?? null);
    if (!run) throw new NotFoundError("run", id);
    return { run, definition };
  }

  async list(sweep: Sweep, query: QueryOf<"listRuns">): Promise<AnswerOf<"listRuns">> {
    const filter: RunFilter = {
      sweep: sweep.id,
      criterion: criterionOf(sweep),
      states: query.state,
      trialIndex: query.trial === undefined ? undefined : trialIndexIn(sweep, query.trial),
      conditions: query.where,
      search: query.search,
    };
    const issues = (query.where ?? []).flatMap((condition, i) => {
      const message = conditionFault(condition);
      return message === null ? [] : [{ path: `where[${i}]`, message }];
    });
    if (issues.length > 0) throw new InputError(issues);
    const label = `runs ${query.sort}`;
    const key = decodeCursor(query.cursor, label, [cursorPart(query.sort), "int", "int"]);
    const after: RunKey | null = key && [key[0] ?? null, Number(key[1]), Number(key[2])];
    const [page, total] = await Promise.all([
      listRuns(this.database, { ...filter, sort: query.sort, after, limit: query.limit }),
      filter.trialIndex === undefined && !filter.conditions?.length && !filter.search
        ? countOf(sweep, query.state)
        : countRuns(this.database, filter),
    ]);
    return { items: page.items, next: page.next && encodeCursor(label, page.next), total };
  }

  /** Series of one run. */
  async series(id: RunId, query: QueryOf<"getRunMetrics">): Promise<RunSeries> {
    const run = await this.get(id);
    const attempt = query.attempt ?? run.attempt;
    if (attempt > run.attempt) throw new NotFoundError("attempt", `${attempt} of run ${id}`);
    const result: RunSeries = { run: run.id, series: [] };
    for await (const series of readSeries(this.database, [{ run: id, attempt }], query.metrics ?? null))
      result.series.push(decimate(series, query.raw ? null : query.points));
    return result;
  }

  /** One metric of many runs, one after another; runs without points of it come with no series. */
  async *seriesOfMany(sweep: Sweep, query: QueryOf<"getSweepSeries">): AsyncGenerator<RunSeries> {
    const keys = query.runs
      ? await readRunKeys(this.database, sweep.id, query.runs.slice(0, query.limit))
      : await readStartedRunKeys(this.database, sweep.id, query.limit);
    let done = 0;
    const empty = function* (until: number): Generator<RunSeries> {
      for (; done < until; done += 1) {
        const key = keys[done];
        if (key) yield { run: key.run, series: [] };
      }
    };
    for await (const series of readTimedSeries(this.database, keys, query.metric, query.x)) {
      yield* empty(series.key);
      yield { run: series.run, series: [decimate(series, query.points)] };
      done = series.key + 1;
    }
    yield* empty(keys.length);
  }
}

function trialIndexIn(sweep: Sweep, trial: TrialId): number {
  const [owner, index] = trial.split("-");
  if (owner === sweep.id && Number(index) < 2 ** 31) return Number(index);
  throw new InputError([{ path: "trial", message: `${trial} is no trial of sweep ${sweep.id}` }]);
}

/** From the counters of the sweep, which cost nothing. */
function countOf(sweep: Sweep, states: readonly RunState[] | undefined): number {
  const { planned: _planned, ...counts } = sweep.counts;
  const wanted = states ? [...new Set(states)] : (Object.keys(counts) as RunState[]);
  return wanted.reduce((sum, state) => sum + counts[state], 0);
}
