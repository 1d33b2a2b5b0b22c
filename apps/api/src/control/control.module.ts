import { Module } from "@nestjs/common";
import { IngestModule } from "../ingest/ingest.module";
import { TrainersModule } from "../trainers/trainers.module";
import { ArtifactRequests } from "./artifact-requests";
import { DatasetRequests } from "./dataset-requests";
import { ControlService } from "./control.service";
import { Signs } from "./signs.service";

/** Requests and signs of trainers over NATS. */
@Module({
  imports: [IngestModule, TrainersModule],
  providers: [ArtifactRequests, DatasetRequests, ControlService, Signs],
  exports: [ArtifactRequests, ControlService, Signs],
})
export class ControlModule {}
