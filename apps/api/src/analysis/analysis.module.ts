import { Module } from "@nestjs/common";
import { ResultsModule } from "../results/results.module";
import { SweepsModule } from "../sweeps/sweeps.module";
import { AnalysisController } from "./analysis.controller";
import { AnalysisService } from "./analysis.service";
import { CompareController } from "./compare.controller";
import { CompareService } from "./compare.service";
import { EstimateService } from "./estimate.service";
import { LabelsService } from "./labels.service";
import { PlotsService } from "./plots.service";
import { QuestionsModule } from "./questions.module";
import { Selections } from "./selections.service";
import { TimelineService } from "./timeline.service";

@Module({
  imports: [QuestionsModule, ResultsModule, SweepsModule],
  controllers: [AnalysisController, CompareController],
  providers: [AnalysisService, CompareService, EstimateService, LabelsService, PlotsService, Selections, TimelineService],
})
export class AnalysisModule {}
