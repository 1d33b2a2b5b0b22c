import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput, type RouteOutput } from "../http/route-binding";
import { AnalysisService } from "./analysis.service";
import { CompareService } from "./compare.service";

/** Questions over runs and groups of one or several sweeps. */
@Controller()
export class CompareController {
  constructor(
    @Inject(CompareService) private readonly comparisons: CompareService,
    @Inject(AnalysisService) private readonly analysis: AnalysisService,
  ) {}

  @HttpRoute("compare")
  compare({ body }: RouteInput<"compare">): Promise<RouteOutput<"compare">> {
    return this.comparisons.compare(body.items);
  }

  @HttpRoute("compareCurves")
  compareCurves({ body }: RouteInput<"compareCurves">): Promise<RouteOutput<"compareCurves">> {
    const { items, ...query } = body;
    return this.comparisons.curves(items, query);
  }

  @HttpRoute("testPair")
  testPair({ body }: RouteInput<"testPair">): Promise<RouteOutput<"testPair">> {
    return this.analysis.test(body.a, body.b, body.metric);
  }
}
