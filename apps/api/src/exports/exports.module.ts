import { Module } from "@nestjs/common";
import { SweepsModule } from "../sweeps/sweeps.module";
import { ExportService } from "./export.service";
import { ExportsController } from "./exports.controller";
import { ParquetExportService } from "./parquet-export.service";

@Module({ imports: [SweepsModule], controllers: [ExportsController], providers: [ExportService, ParquetExportService] })
export class ExportsModule {}
