import { Module } from "@nestjs/common";
import { ProjectsModule } from "../projects/projects.module";
import { DatasetsController } from "./datasets.controller";
import { DatasetsService } from "./datasets.service";

@Module({ imports: [ProjectsModule], controllers: [DatasetsController], providers: [DatasetsService] })
export class DatasetsModule {}
