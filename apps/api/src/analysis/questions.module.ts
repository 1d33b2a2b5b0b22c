import { Module } from "@nestjs/common";
import { Questions } from "./questions.service";
import { SweepTables } from "./sweep-tables.service";

/** Tables of runs, kept once per process. */
@Module({ providers: [Questions, SweepTables], exports: [Questions] })
export class QuestionsModule {}
