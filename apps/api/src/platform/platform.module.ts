import {
  AnswersRepository,
  ArtifactsRepository,
  AuditRepository,
  BinRepository,
  CommandsRepository,
  CommitsRepository,
  Database,
  DatasetsRepository,
  DeadLettersRepository,
  ExperimentsRepository,
  LeadershipRepository,
  MetricChunksRepository,
  OutboxRepository,
  PackRatesRepository,
  PacksRepository,
  PlanningRepository,
  ProjectsRepository,
  RaceRepository,
  RequeueRepository,
  ScopesRepository,
  StoppingRepository,
  SweepsRepository,
  TokensRepository,
  TrainersRepository,
  TrainerTokensRepository,
  WorkRepository,
} from "@basin/database";
import { Global, Module, type DynamicModule, type Provider } from "@nestjs/common";
import { ChangeFeed } from "./change-feed";
import { LeaderElection } from "./leader-election";
import { LoopWatch } from "./loop-watch";
import { PrometheusSeries } from "./prometheus-series";
import type { Resources } from "./resources";
import { SchedulerBell } from "./scheduler-bell";
import { ENV, LOG, NATS, WORK_THREAD } from "./injection-keys";

const bundledWorkThread = (): Promise<URL> => Promise.resolve(new URL("work-thread.js", import.meta.url));

const repositories = [
  AnswersRepository,
  ArtifactsRepository,
  AuditRepository,
  BinRepository,
  CommandsRepository,
  CommitsRepository,
  DatasetsRepository,
  DeadLettersRepository,
  ExperimentsRepository,
  LeadershipRepository,
  MetricChunksRepository,
  OutboxRepository,
  PackRatesRepository,
  PacksRepository,
  PlanningRepository,
  ProjectsRepository,
  RaceRepository,
  RequeueRepository,
  ScopesRepository,
  StoppingRepository,
  SweepsRepository,
  TokensRepository,
  TrainersRepository,
  TrainerTokensRepository,
  WorkRepository,
] as const;

const services = [PrometheusSeries, LoopWatch, LeaderElection, ChangeFeed, SchedulerBell];

/** Environment, log, database, NATS, repositories, Prometheus series and leadership, for every other module. */
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
      ...repositories.map((repository) => ({
        provide: repository,
        useFactory: (database: Database) => new repository(database),
        inject: [Database],
      })),
      ...services,
    ];
    const exports = providers.map((provider) => (typeof provider === "function" ? provider : provider.provide));
    return { module: PlatformModule, providers, exports };
  }
}
