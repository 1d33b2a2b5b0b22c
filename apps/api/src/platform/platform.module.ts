import {
  AnswersRepository,
  ArtifactsRepository,
  CommandsRepository,
  CommitsRepository,
  Database,
  DatasetsRepository,
  DeadLettersRepository,
  LeadershipRepository,
  MetricChunksRepository,
  OutboxRepository,
  PackRatesRepository,
  PacksRepository,
  PlanningRepository,
  RequeueRepository,
  SweepsRepository,
  TokensRepository,
  TrainersRepository,
} from "@basin/database";
import { Global, Module, type DynamicModule, type Provider } from "@nestjs/common";
import { Door } from "../http/door";
import { ChangeFeed } from "./change-feed";
import { HealthController } from "./health.controller";
import { LeaderElection } from "./leader-election";
import { LoopWatch } from "./loop-watch";
import { Metrics, MetricsController } from "./metrics";
import type { Resources } from "./resources";
import { SchedulerBell } from "./scheduler-bell";
import { WorkThreads } from "../work-threads/work-threads";
import { ENV, LOG, NATS, WORK_THREAD } from "./tokens";

const bundledWorkThread = (): Promise<URL> => Promise.resolve(new URL("work-thread.js", import.meta.url));

const repositories = [
  AnswersRepository,
  ArtifactsRepository,
  CommandsRepository,
  CommitsRepository,
  DatasetsRepository,
  DeadLettersRepository,
  LeadershipRepository,
  MetricChunksRepository,
  OutboxRepository,
  PackRatesRepository,
  PacksRepository,
  PlanningRepository,
  RequeueRepository,
  SweepsRepository,
  TokensRepository,
  TrainersRepository,
] as const;

/** Environment, log, database, NATS, repositories, metrics and leadership, for every other module. */
@Global()
@Module({})
export class PlatformModule {
  static of(resources: Resources): DynamicModule {
    const providers: Provider[] = [
      { provide: ENV, useValue: resources.env },
      { provide: LOG, useValue: resources.log },
      { provide: NATS, useValue: resources.nats },
      { provide: Database, useValue: resources.database },
      { provide: WORK_THREAD, useValue: resources.workThread ?? bundledWorkThread },
      { provide: Door, useValue: resources.door },
      ...repositories.map((repository) => ({
        provide: repository,
        useFactory: (database: Database) => new repository(database),
        inject: [Database],
      })),
      Metrics,
      LoopWatch,
      LeaderElection,
      ChangeFeed,
      SchedulerBell,
      WorkThreads,
    ];
    return {
      module: PlatformModule,
      providers,
      controllers: [HealthController, MetricsController],
      exports: [
        ENV,
        LOG,
        NATS,
        Database,
        Door,
        ...repositories,
        Metrics,
        LoopWatch,
        LeaderElection,
        ChangeFeed,
        SchedulerBell,
        WorkThreads,
      ],
    };
  }
}
