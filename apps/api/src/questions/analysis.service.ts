import type {
  SafetyCheck,
  SeedObjectives,
  ParetoFront,
  Race,
  SeedsToDecide,
  Distribution,
  Edf,
  Importance,
  MetricPairs,
  QueryOf,
  PairwiseTest,
  ParameterGrid,
  ParameterSample,
  BodyOf,
  Sweep,
  SweepAnswer,
} from "@basin/contracts";
import { Database, readMetricNames, readRace, StoppingRepository } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { type Asker } from "../http/asker";
import { answerOf } from "./answer";
import { safetyOf } from "./check-safe";
import { distributionOf } from "./distribution";
import { edfOf } from "./edf";
import { evidenceOf } from "./evidence";
import { checkFigure, classMetricsOf, figureOf, successAmong, valuesOf } from "./figures";
import { importanceOf } from "./importance";
import { metricPairsOf } from "./metric-pairs";
import { pairwiseTest, type TestedGroup } from "./pairwise";
import { parameterGridOf } from "./parameter-grid";
import { parameterSampleOf } from "./parameter-sample";
import { InputError } from "../http/request-errors";
import { groupingOf, Questions } from "./questions.service";
import { Selections, type SelectedRuns } from "./selections.service";
import { objectivesOf, paretoFrontOf } from "./pareto-front";
import { raceOf, seedsToDecideOf } from "./race";
import { seedObjectivesOf } from "./seed-objectives";
import { longestRun, planStopping } from "../scheduler/stopping-plan";
import { stateCode } from "./sweep-table";

/** Opens the table that a question needs and hands it to the pure function that answers it. */
@Injectable()
export class AnalysisService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(StoppingRepository) private readonly stopping: StoppingRepository,
    @Inject(Selections) private readonly selections: Selections,
  ) {}

  async answer(sweep: Sweep, query: QueryOf<"getAnswer">): Promise<SweepAnswer> {
    const names = groupingOf(sweep, undefined);
    return answerOf(sweep, await this.questions.open(sweep, { parameters: names, success: true }), names, query);
  }

  async race(sweep: Sweep, { limit }: QueryOf<"getRace">): Promise<Race> {
    return raceOf(sweep, await readRace(this.database, sweep.id, limit));
  }

  async paretoFront(sweep: Sweep, { limit }: QueryOf<"getParetoFront">): Promise<ParetoFront> {
    const names = groupingOf(sweep, undefined);
    const metrics = objectivesOf(sweep).map(({ metric }) => metric);
    const { table } = await this.questions.open(sweep, { metrics, parameters: names });
    return paretoFrontOf(sweep, table, names, limit);
  }

  /** Throws InputError for a trial that is not there, or one compared with itself. */
  async seedsToDecide(sweep: Sweep, query: QueryOf<"getSeedsToDecide">): Promise<SeedsToDecide> {
    for (const name of ["a", "b"] as const) {
      if (query[name] < sweep.trialsCreated) continue;
      throw new InputError([
        { path: name, message: `there is no trial ${query[name]}; the sweep has ${sweep.trialsCreated} so far` },
      ]);
    }
    if (query.a === query.b) throw new InputError([{ path: "b", message: "is the same trial as a: name two" }]);
    const { table, values, figure } = await this.questions.open(sweep, { metric: query.metric, parameters: [] });
    return seedsToDecideOf(table, values, figure.better === "higher" ? "maximize" : "minimize", query);
  }

  async seedObjectives(sweep: Sweep, query: QueryOf<"getSeedObjectives">): Promise<SeedObjectives> {
    const names = groupingOf(sweep, undefined);
    const open = await this.questions.open(sweep, { metric: query.metric, parameters: names, success: true });
    return seedObjectivesOf(sweep, open, names, query);
  }

  /** Throws InputError where the rule is not possible on this sweep. */
  async checkSafe(sweep: Sweep, stopping: BodyOf<"checkSafe">): Promise<SafetyCheck> {
    const definition = findExperiment(sweep.spec.experiment);
    if (!definition) throw new InputError([{ path: "rule", message: `the experiment ${sweep.spec.experiment} is not there` }]);
    const { initializations: _, ...spec } = sweep.spec;
    const { plan, issues } = planStopping(definition, { ...spec, stopping }, sweep.objective);
    if (!plan) throw new InputError(issues.map((issue) => ({ ...issue, path: issue.path.replace(/^stopping\./, "") })));
    const { table } = await this.questions.open(sweep, { parameters: [] });
    const reports = await this.stopping.reachedRungs(sweep.id, plan.metric, plan.rungs, { all: true });
    return safetyOf(sweep, table, plan, reports, longestRun(definition, spec.space));
  }

  async distribution(sweep: Sweep, query: QueryOf<"getDistribution">): Promise<Distribution> {
    const groupBy = groupingOf(sweep, query.groupBy);
    const open = await this.questions.open(sweep, { metric: query.metric, parameters: groupBy, success: true, classes: true });
    return distributionOf(sweep, open, classMetricsOf(sweep), { ...query, groupBy });
  }

  async parameterSample(sweep: Sweep, query: QueryOf<"getParameterSample">): Promise<ParameterSample> {
    const parameters = groupingOf(sweep, query.parameters);
    const open = await this.questions.open(sweep, { metric: query.metric, parameters, success: true });
    return parameterSampleOf(sweep, open, { ...query, parameters });
  }

  async edf(sweep: Sweep, query: QueryOf<"getEdf">): Promise<Edf> {
    const groupBy = query.groupBy ?? [];
    return edfOf(sweep, await this.questions.open(sweep, { metric: query.metric, parameters: groupBy }), { ...query, groupBy });
  }

  async parameterGrid(sweep: Sweep, query: QueryOf<"getParameterGrid">): Promise<ParameterGrid> {
    const open = await this.questions.open(sweep, { metric: query.metric, parameters: [query.x, query.y], success: true });
    return parameterGridOf(sweep, open, query);
  }

  async importance(sweep: Sweep, query: QueryOf<"getImportance">): Promise<Importance> {
    const parameters = groupingOf(sweep, query.parameters);
    return importanceOf(sweep, await this.questions.open(sweep, { metric: query.metric, parameters }), { ...query, parameters });
  }

  async metricPairs(sweep: Sweep, query: QueryOf<"getMetricPairs">): Promise<MetricPairs> {
    const groupBy = query.groupBy ?? [];
    const x = figureOf(sweep, query.x);
    const open = await this.questions.open(sweep, {
      metric: query.y,
      parameters: groupBy,
      metrics: x.isObjective ? [] : [x.metric],
      success: true,
    });
    const xs = valuesOf(open.table, x);
    if (!xs.some((value) => !Number.isNaN(value))) checkFigure(sweep, x, xs, await readMetricNames(this.database, sweep.id), "x");
    const sides = { x, xs, y: open.figure, ys: open.values, met: open.met };
    return metricPairsOf(sweep, open.table, sides, { ...query, groupBy });
  }

  /** The figure is that of the first selection's sweep. */
  async test({ a, b, metric }: BodyOf<"testPair">, asker: Asker): Promise<PairwiseTest> {
    const [first] = await this.selections.find([a], { metric, metrics: false }, asker);
    const selected = await this.selections.find([a, b], { metric: metric ?? first?.of.figure.metric, metrics: false }, asker);
    const [sideA, sideB] = selected;
    if (!sideA || !sideB) throw new Error("two selections give two sides");
    const labels = labelsOf(sideA, sideB);
    return pairwiseTest(sideA.of.figure, testedGroup(sideA, labels[0]), testedGroup(sideB, labels[1]));
  }
}

function testedGroup({ of, rows, repeats }: SelectedRuns, label: string): TestedGroup {
  const { values, without } = evidenceOf(of.table, rows, of.values);
  const failed = rows.filter((row) => of.table.state[row] === stateCode.failed).length;
  const success = successAmong(of.table, rows, of.met);
  return { label, values: [...values], diverged: without - failed, failed, repeats, success };
}

/** What tells the two sides apart: their parameters, and their sweeps where these differ. */
function labelsOf(a: SelectedRuns, b: SelectedRuns): [string, string] {
  const other = a.of.sweep.id !== b.of.sweep.id;
  const nameOf = ({ of, run, group }: SelectedRuns): string => {
    const parts = Object.entries(group).map(([name, value]) =>
      value === null ? `${name} does not apply` : `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    const what = run ?? (parts.length === 0 ? (other ? "" : "all runs") : parts.join(", "));
    return [what, other ? of.sweep.name : ""].filter((text) => text !== "").join(" of ");
  };
  return [nameOf(a), nameOf(b)];
}
