import { Module } from "@nestjs/common";
import { QuestionsModule } from "../analysis/questions.module";
import { SweepsModule } from "../sweeps/sweeps.module";
import { CurvesService } from "./curves.service";
import { ExportService } from "./export.service";
import { ParquetExportService } from "./parquet-export.service";
import { ResultsController } from "./results.controller";
import { ResultsService } from "./results.service";

@Module({
  imports: [QuestionsModule, SweepsModule],
  controllers: [ResultsController],
  providers: [ResultsService, CurvesService, ExportService, ParquetExportService],
  exports: [CurvesService],
})
export class ResultsModule {}
