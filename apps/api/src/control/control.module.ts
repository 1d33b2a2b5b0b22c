import { Module } from "@nestjs/common";
import { IngestModule } from "../ingest/ingest.module";
import { ArtifactRequests } from "./artifact-requests";
import { ControlService } from "./control.service";

/** Requests of trainers over NATS. */
@Module({ imports: [IngestModule], providers: [ArtifactRequests, ControlService], exports: [ControlService] })
export class ControlModule {}
