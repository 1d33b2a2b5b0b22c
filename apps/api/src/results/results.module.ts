import { Module } from "@nestjs/common";
import { SweepsModule } from "../sweeps/sweeps.module";
import { CurvesService } from "./curves.service";
import { ExportService } from "./export.service";
import { ResultsController } from "./results.controller";
import { ResultsService } from "./results.service";

@Module({
  imports: [SweepsModule],
  controllers: [ResultsController],
  providers: [ResultsService, CurvesService, ExportService],
})
export class ResultsModule {}
