import { Module } from "@nestjs/common";
import { DataChecks } from "./data-checks";
import { SweepsController } from "./sweeps.controller";
import { SweepsService } from "./sweeps.service";

@Module({ controllers: [SweepsController], providers: [SweepsService, DataChecks], exports: [SweepsService] })
export class SweepsModule {}
