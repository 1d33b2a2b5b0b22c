import { Module } from "@nestjs/common";
import { ProjectsModule } from "../projects/projects.module";
import { SweepsModule } from "../sweeps/sweeps.module";
import { AnalysisService } from "./analysis.service";
import { CompareController } from "./compare.controller";
import { CompareService } from "./compare.service";
import { CurvesService } from "./curves.service";
import { EstimateService } from "./estimate.service";
import { LabelsService } from "./labels.service";
import { PlotsService } from "./plots.service";
import { ProgressService } from "./progress.service";
import { QuestionsController } from "./questions.controller";
import { Questions } from "./questions.service";
import { ResultsService } from "./results.service";
import { Selections } from "./selections.service";
import { SweepTables } from "./sweep-tables.service";
import { TimelineService } from "./timeline.service";

/** What is computed from a sweep's runs. Their tables are kept once per process. */
@Module({
  imports: [SweepsModule, ProjectsModule],
  controllers: [QuestionsController, CompareController],
  providers: [
    AnalysisService,
    CompareService,
    CurvesService,
    EstimateService,
    LabelsService,
    PlotsService,
    ProgressService,
    Questions,
    ResultsService,
    Selections,
    SweepTables,
    TimelineService,
  ],
})
export class QuestionsModule {}
