import type { AnswerOf } from "@basin/contracts";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";
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
  compare({ body, asker }: RouteInput<"compare">): Promise<AnswerOf<"compare">> {
    return this.comparisons.compare(body, asker);
  }

  @HttpRoute("compareCurves")
  compareCurves({ body, asker }: RouteInput<"compareCurves">): Promise<AnswerOf<"compareCurves">> {
    return this.comparisons.curves(body, asker);
  }

  @HttpRoute("testPair")
  testPair({ body, asker }: RouteInput<"testPair">): Promise<AnswerOf<"testPair">> {
    return this.analysis.test(body, asker);
  }
}
