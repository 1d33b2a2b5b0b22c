import { Module } from "@nestjs/common";
import { DataChecks } from "./data-checks";
import { MemoryChecks } from "./memory-checks";
import { SweepsController } from "./sweeps.controller";
import { SweepsService } from "./sweeps.service";

@Module({ controllers: [SweepsController], providers: [SweepsService, DataChecks, MemoryChecks], exports: [SweepsService] })
export class SweepsModule {}
