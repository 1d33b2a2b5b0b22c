import { Module } from "@nestjs/common";
import { SweepsModule } from "../sweeps/sweeps.module";
import { TrialsController } from "./trials.controller";

@Module({ imports: [SweepsModule], controllers: [TrialsController] })
export class TrialsModule {}
