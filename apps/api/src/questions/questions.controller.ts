import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { CurvesService } from "./curves.service";
import { SweepsService } from "../sweeps/sweeps.service";
import { AnalysisService } from "./analysis.service";
import { EstimateService } from "./estimate.service";
import { LabelsService } from "./labels.service";
import { packedCurves } from "./packed-curves";
import { PlotsService } from "./plots.service";
import { ProgressService } from "./progress.service";
import { ResultsService } from "./results.service";
import { TimelineService } from "./timeline.service";
import { adviseRequest } from "../sweeps/read-request";

/** Questions over the runs of one sweep. */
@Controller()
export class QuestionsController {
  constructor(
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(AnalysisService) private readonly analysis: AnalysisService,
    @Inject(TimelineService) private readonly timelines: TimelineService,
    @Inject(LabelsService) private readonly labels: LabelsService,
    @Inject(PlotsService) private readonly plots: PlotsService,
    @Inject(CurvesService) private readonly curves: CurvesService,
    @Inject(EstimateService) private readonly estimates: EstimateService,
    @Inject(ProgressService) private readonly progress: ProgressService,
    @Inject(ResultsService) private readonly groups: ResultsService,
  ) {}

  @HttpRoute("getResults")
  async getResults({ params, query }: RouteInput<"getResults">): Promise<AnswerOf<"getResults">> {
    return this.groups.results(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getCurves")
  async getCurves({ params, query }: RouteInput<"getCurves">): Promise<AnswerOf<"getCurves">> {
    return this.curves.curves(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getPackedCurves")
  async getPackedCurves({ params, query }: RouteInput<"getPackedCurves">): Promise<AnswerOf<"getPackedCurves">> {
    return packedCurves(await this.curves.curves(await this.sweeps.get(params.sweep), query), query.centre);
  }

  @HttpRoute("getAnswer")
  async getAnswer({ params, query }: RouteInput<"getAnswer">): Promise<AnswerOf<"getAnswer">> {
    return this.analysis.answer(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getProgress")
  async getProgress({ params, query, asker }: RouteInput<"getProgress">): Promise<AnswerOf<"getProgress">> {
    return this.progress.progress(await this.sweeps.get(params.sweep), query.runs, asker);
  }

  @HttpRoute("getRace")
  async getRace({ params, query }: RouteInput<"getRace">): Promise<AnswerOf<"getRace">> {
    return this.analysis.race(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getParetoFront")
  async getParetoFront({ params, query }: RouteInput<"getParetoFront">): Promise<AnswerOf<"getParetoFront">> {
    return this.analysis.paretoFront(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getSeedsToDecide")
  async getSeedsToDecide({ params, query }: RouteInput<"getSeedsToDecide">): Promise<AnswerOf<"getSeedsToDecide">> {
    return this.analysis.seedsToDecide(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getSeedObjectives")
  async getSeedObjectives({ params, query }: RouteInput<"getSeedObjectives">): Promise<AnswerOf<"getSeedObjectives">> {
    return this.analysis.seedObjectives(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("checkSafe")
  async checkSafe({ params, body }: RouteInput<"checkSafe">): Promise<AnswerOf<"checkSafe">> {
    return this.analysis.checkSafe(await this.sweeps.get(params.sweep), body);
  }

  @HttpRoute("getDistribution")
  async getDistribution({ params, query }: RouteInput<"getDistribution">): Promise<AnswerOf<"getDistribution">> {
    return this.analysis.distribution(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getParameterSample")
  async getParameterSample({ params, query }: RouteInput<"getParameterSample">): Promise<AnswerOf<"getParameterSample">> {
    return this.analysis.parameterSample(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getEdf")
  async getEdf({ params, query }: RouteInput<"getEdf">): Promise<AnswerOf<"getEdf">> {
    return this.analysis.edf(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getParameterGrid")
  async getParameterGrid({ params, query }: RouteInput<"getParameterGrid">): Promise<AnswerOf<"getParameterGrid">> {
    return this.analysis.parameterGrid(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getImportance")
  async getImportance({ params, query }: RouteInput<"getImportance">): Promise<AnswerOf<"getImportance">> {
    return this.analysis.importance(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getTimeline")
  async getTimeline({ params, query }: RouteInput<"getTimeline">): Promise<AnswerOf<"getTimeline">> {
    return this.timelines.timeline(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getCurveMembers")
  async getCurveMembers({ params, query }: RouteInput<"getCurveMembers">): Promise<AnswerOf<"getCurveMembers">> {
    const sweep = await this.sweeps.get(params.sweep);
    return { sweep: sweep.id, metric: query.metric, x: query.x, ...(await this.curves.members(sweep, query)) };
  }

  @HttpRoute("getLabelTally")
  async getLabelTally({ params, query }: RouteInput<"getLabelTally">): Promise<AnswerOf<"getLabelTally">> {
    return this.labels.tally(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getEquationTerms")
  async getEquationTerms({ params, query }: RouteInput<"getEquationTerms">): Promise<AnswerOf<"getEquationTerms">> {
    return this.plots.equationTerms(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getRunPlot")
  getRunPlot({ params }: RouteInput<"getRunPlot">): Promise<AnswerOf<"getRunPlot">> {
    return this.plots.plotOfRun(params.run, params.plot);
  }

  @HttpRoute("getRunEnsemble")
  async getRunEnsemble({ params, query }: RouteInput<"getRunEnsemble">): Promise<AnswerOf<"getRunEnsemble">> {
    return this.plots.ensemble(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getRunPlots")
  async getRunPlots({ params, query }: RouteInput<"getRunPlots">): Promise<AnswerOf<"getRunPlots">> {
    return this.plots.plots(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getMetricPairs")
  async getMetricPairs({ params, query }: RouteInput<"getMetricPairs">): Promise<AnswerOf<"getMetricPairs">> {
    return this.analysis.metricPairs(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("estimateSweep", { advise: adviseRequest })
  estimateSweep({ body, asker }: RouteInput<"estimateSweep">): Promise<AnswerOf<"estimateSweep">> {
    return this.estimates.estimate(body, asker);
  }
}
