import { Module } from "@nestjs/common";
import { ProjectsModule } from "../projects/projects.module";
import { AnsweredOnce } from "./answered-once";
import { DataChecks } from "./data-checks";
import { MemoryChecks } from "./memory-checks";
import { SweepsController } from "./sweeps.controller";
import { SweepsService } from "./sweeps.service";

@Module({
  imports: [ProjectsModule],
  controllers: [SweepsController],
  providers: [SweepsService, AnsweredOnce, DataChecks, MemoryChecks],
  exports: [SweepsService],
})
export class SweepsModule {}
