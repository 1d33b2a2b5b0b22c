import { Global, Module } from "@nestjs/common";
import { WorkThreads } from "./work-threads";

@Global()
@Module({ providers: [WorkThreads], exports: [WorkThreads] })
export class WorkThreadsModule {}
