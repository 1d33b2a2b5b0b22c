import { Module } from "@nestjs/common";
import { RunsModule } from "../runs/runs.module";
import { ArtifactsController } from "./artifacts.controller";

@Module({ imports: [RunsModule], controllers: [ArtifactsController] })
export class ArtifactsModule {}
