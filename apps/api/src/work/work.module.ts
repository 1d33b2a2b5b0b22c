import { Module } from "@nestjs/common";
import { ControlModule } from "../control/control.module";
import { IngestModule } from "../ingest/ingest.module";
import { ProjectsModule } from "../projects/projects.module";
import { StoppingVerdicts } from "./stopping-verdicts.service";
import { WorkController } from "./work.controller";
import { WorkService } from "./work.service";

/** Training code from outside, over HTTP. */
@Module({
  imports: [ControlModule, IngestModule, ProjectsModule],
  controllers: [WorkController],
  providers: [StoppingVerdicts, WorkService],
})
export class WorkModule {}
