import {
  PlotData,
  plotArtifactName,
  partsOfRunId,
  type EquationTerms,
  type QueryOf,
  type RunEnsemble,
  type RunId,
  type RunPlots,
  type Seed,
  type Sweep,
} from "@basin/contracts";
import { Database, readNamedArtifacts, runsWithArtifact } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { InputError, NotFoundError } from "../http/request-errors";
import { rowFinder } from "./labels.service";
import { ensembleOf } from "./ensemble";
import { Questions } from "./questions.service";
import { thinned } from "./ranking";
import { rowsOfGroup, runIdAt, stateCode } from "./sweep-table";

/** Plots of more than this are downloaded as artifacts, not drawn from an answer. */
const mostPlotBytes = 8 * 1024 * 1024;
/** Of several runs in one answer, together. */
const mostBytesTogether = 24 * 1024 * 1024;

interface RunPlot {
  run: RunId;
  seed: Seed;
  trialIndex: number;
  met: boolean | null;
  plot: PlotData;
}

@Injectable()
export class PlotsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
  ) {}

  /** Throws NotFoundError when the run has stored no such plot (yet). */
  async plotOfRun(run: RunId, plot: string): Promise<PlotData> {
    const [found] = await readNamedArtifacts(this.database, [run], plotArtifactName(plot), mostPlotBytes);
    if (!found) throw new NotFoundError(`plot "${plot}" of run`, run);
    return parsePlot(found.content, run, plot);
  }

  async plots(sweep: Sweep, plot: string, choice: QueryOf<"getRunPlots">): Promise<RunPlots> {
    const { items, coverage } = await this.read(sweep, plot, choice);
    return {
      sweep: sweep.id,
      plot,
      items: items.map(({ run, seed, trialIndex, plot: data }) => ({ run, seed, trialIndex, plot: data })),
      coverage,
    };
  }

  /** Throws InputError for a plot that stands on no grid. */
  async ensemble(sweep: Sweep, plot: string, choice: QueryOf<"getRunEnsemble">): Promise<RunEnsemble> {
    const { items, coverage } = await this.read(sweep, plot, choice);
    const first = items[0]?.plot;
    const alike = items.filter((item) => item.plot.kind === first?.kind);
    const about = { sweep: sweep.id, plot, band: choice.band, runs: alike.map(({ run }) => run) };
    if (!first) return { ...about, mean: null, spread: null, leftOut: [], coverage };
    const ensemble = ensembleOf(
      alike.map((item) => item.plot),
      choice.band,
    );
    if (!ensemble)
      throw new InputError([
        {
          path: "plot",
          message: `"${plot}" is a plot of kind ${first.kind}, whose values stand on no grid that runs share`,
          hint: "curves, surfaces and contours do",
        },
      ]);
    return { ...about, ...ensemble, coverage: { shown: alike.length, of: coverage.of } };
  }

  /** Coefficients of an equation plot over runs. Throws InputError for a plot of another kind. */
  async equationTerms(sweep: Sweep, plot: string, choice: QueryOf<"getEquationTerms">): Promise<EquationTerms> {
    const { items, coverage } = await this.read(sweep, plot, choice);
    const equations = items.flatMap(({ plot: data, ...run }) => (data.kind === "equation" ? [{ ...run, data }] : []));
    const wrong = items.find((item) => item.plot.kind !== "equation");
    if (wrong)
      throw new InputError([{ path: "plot", message: `"${plot}" is a plot of kind ${wrong.plot.kind}, not an equation` }]);
    const first = equations[0]?.data;
    // Runs of different configurations may have different libraries of terms: only those like the first fit into one matrix.
    const shape = JSON.stringify([first?.terms, first?.rows.map((row) => row.name)]);
    const alike = equations.filter(({ data }) => JSON.stringify([data.terms, data.rows.map((row) => row.name)]) === shape);
    return {
      sweep: sweep.id,
      plot,
      equations: first?.rows.map((row) => row.name) ?? [],
      terms: first?.terms ?? [],
      truth: first?.truth ?? null,
      runs: alike.map(({ run, seed, trialIndex, met, data }) => ({
        run,
        seed,
        trialIndex,
        met,
        text: data.text,
        latex: data.latex,
        coefficients: data.rows.map((row) => row.coefficients),
        active: data.rows.map((row) => row.active),
        history: choice.history ? historyOf(data.rows) : [],
      })),
      coverage: { shown: alike.length, of: coverage.of },
    };
  }

  private async read(
    sweep: Sweep,
    plot: string,
    choice: QueryOf<"getRunPlots">,
  ): Promise<{ items: RunPlot[]; coverage: RunPlots["coverage"] }> {
    const offered = findExperiment(sweep.spec.experiment)?.plots ?? [];
    if (offered.length > 0 && !offered.some(({ id }) => id === plot))
      throw new InputError([
        {
          path: "plot",
          message: `the experiment offers no plot "${plot}"`,
          hint: `it offers ${offered.map(({ id }) => id).join(", ")}`,
        },
      ]);
    const { table, met } = await this.questions.open(sweep, { parameters: [], group: choice.group, success: true });
    const find = rowFinder(table);
    const rows = choice.runs
      ? choice.runs.flatMap((run) => {
          const { sweep: owner, trialIndex, seedIndex } = partsOfRunId(run);
          const row = owner === sweep.id ? find(trialIndex, seedIndex) : -1;
          return row < 0 ? [] : [row];
        })
      : rowsOfGroup(table, choice.group ?? {}).filter((row) => table.state[row] === stateCode.succeeded);
    const name = plotArtifactName(plot);
    const candidates = thinned(rows, choice.limit);
    const rowOf = new Map(candidates.map((row) => [runIdAt(table, row), row]));
    const runs = await runsWithArtifact(this.database, [...rowOf.keys()], name);
    const items: RunPlot[] = [];
    let bytes = 0;
    for (const run of runs) {
      const [found] = await readNamedArtifacts(this.database, [run], name, mostPlotBytes);
      if (!found) continue;
      bytes += found.content.length;
      if (bytes > mostBytesTogether) break;
      const row = rowOf.get(run) ?? 0;
      items.push({
        run,
        seed: table.seed[row] ?? 0,
        trialIndex: table.trialIndex[row] ?? 0,
        met: met ? met[row] === 1 : null,
        plot: parsePlot(found.content, run, plot),
      });
    }
    return { items, coverage: { shown: items.length, of: rows.length } };
  }
}

function parsePlot(content: Buffer, run: RunId, plot: string): PlotData {
  let json: unknown;
  try {
    json = JSON.parse(content.toString("utf8"));
  } catch {
    json = null;
  }
  const parsed = PlotData.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new NotFoundError(`readable plot "${plot}" (its artifact is not plot data of this version) of run`, run);
}

type EquationRows = Extract<PlotData, { kind: "equation" }>["rows"];

/** Histories of all equations at the steps of the first one that has them. */
function historyOf(rows: EquationRows): EquationTerms["runs"][number]["history"] {
  const steps = rows[0]?.history.map(({ step }) => step) ?? [];
  return steps.map((step, i) => ({
    step,
    coefficients: rows.map((row) => row.history[i]?.coefficients ?? []),
    active: rows.map((row) => row.history[i]?.active ?? []),
  }));
}
