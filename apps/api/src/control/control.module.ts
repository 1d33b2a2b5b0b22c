import { Module } from "@nestjs/common";
import { IngestModule } from "../ingest/ingest.module";
import { ArtifactRequests } from "./artifact-requests";
import { DatasetRequests } from "./dataset-requests";
import { ControlService } from "./control.service";

/** Requests of trainers over NATS. */
@Module({ imports: [IngestModule], providers: [ArtifactRequests, DatasetRequests, ControlService], exports: [ControlService] })
export class ControlModule {}
