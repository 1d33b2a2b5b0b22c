import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput, type RouteOutput } from "../http/route-binding";
import { CurvesService } from "../results/curves.service";
import { SweepsService } from "../sweeps/sweeps.service";
import { AnalysisService } from "./analysis.service";
import { EstimateService } from "./estimate.service";
import { LabelsService } from "./labels.service";
import { PlotsService } from "./plots.service";
import { TimelineService } from "./timeline.service";
import { adviseRequest } from "../sweeps/read-request";

/** Questions over the runs of one sweep. */
@Controller()
export class AnalysisController {
  constructor(
    @Inject(SweepsService) private readonly sweeps: SweepsService,
    @Inject(AnalysisService) private readonly analysis: AnalysisService,
    @Inject(TimelineService) private readonly timelines: TimelineService,
    @Inject(LabelsService) private readonly labels: LabelsService,
    @Inject(PlotsService) private readonly plots: PlotsService,
    @Inject(CurvesService) private readonly curves: CurvesService,
    @Inject(EstimateService) private readonly estimates: EstimateService,
  ) {}

  @HttpRoute("getDistribution")
  async getDistribution({ params, query }: RouteInput<"getDistribution">): Promise<RouteOutput<"getDistribution">> {
    return this.analysis.distribution(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getParameterSample")
  async getParameterSample({ params, query }: RouteInput<"getParameterSample">): Promise<RouteOutput<"getParameterSample">> {
    return this.analysis.parameterSample(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getEdf")
  async getEdf({ params, query }: RouteInput<"getEdf">): Promise<RouteOutput<"getEdf">> {
    return this.analysis.edf(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getParameterGrid")
  async getParameterGrid({ params, query }: RouteInput<"getParameterGrid">): Promise<RouteOutput<"getParameterGrid">> {
    return this.analysis.parameterGrid(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getImportance")
  async getImportance({ params, query }: RouteInput<"getImportance">): Promise<RouteOutput<"getImportance">> {
    return this.analysis.importance(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getTimeline")
  async getTimeline({ params, query }: RouteInput<"getTimeline">): Promise<RouteOutput<"getTimeline">> {
    return this.timelines.timeline(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getCurveMembers")
  async getCurveMembers({ params, query }: RouteInput<"getCurveMembers">): Promise<RouteOutput<"getCurveMembers">> {
    const sweep = await this.sweeps.get(params.sweep);
    return { sweep: sweep.id, metric: query.metric, ...(await this.curves.members(sweep, query)) };
  }

  @HttpRoute("getLabelTally")
  async getLabelTally({ params, query }: RouteInput<"getLabelTally">): Promise<RouteOutput<"getLabelTally">> {
    return this.labels.tally(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("getEquationTerms")
  async getEquationTerms({ params, query }: RouteInput<"getEquationTerms">): Promise<RouteOutput<"getEquationTerms">> {
    return this.plots.equationTerms(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getRunPlot")
  getRunPlot({ params }: RouteInput<"getRunPlot">): Promise<RouteOutput<"getRunPlot">> {
    return this.plots.plotOfRun(params.run, params.plot);
  }

  @HttpRoute("getRunEnsemble")
  async getRunEnsemble({ params, query }: RouteInput<"getRunEnsemble">): Promise<RouteOutput<"getRunEnsemble">> {
    return this.plots.ensemble(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getRunPlots")
  async getRunPlots({ params, query }: RouteInput<"getRunPlots">): Promise<RouteOutput<"getRunPlots">> {
    return this.plots.plots(await this.sweeps.get(params.sweep), params.plot, query);
  }

  @HttpRoute("getMetricPairs")
  async getMetricPairs({ params, query }: RouteInput<"getMetricPairs">): Promise<RouteOutput<"getMetricPairs">> {
    return this.analysis.metricPairs(await this.sweeps.get(params.sweep), query);
  }

  @HttpRoute("estimateSweep", { advise: adviseRequest })
  estimateSweep({ body }: RouteInput<"estimateSweep">): Promise<RouteOutput<"estimateSweep">> {
    return this.estimates.estimate(body);
  }
}
