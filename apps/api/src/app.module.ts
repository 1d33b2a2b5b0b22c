import { Module, type DynamicModule } from "@nestjs/common";
import { ArtifactsModule } from "./artifacts/artifacts.module";
import { AuditModule } from "./audit/audit.module";
import { BinModule } from "./bin/bin.module";
import { CatalogModule } from "./catalog/catalog.module";
import { ControlModule } from "./control/control.module";
import { DatasetsModule } from "./datasets/datasets.module";
import { DeadLettersModule } from "./dead-letters/dead-letters.module";
import { EventsModule } from "./events/events.module";
import { ExperimentsCoreModule, ExperimentsModule } from "./experiments/experiments.module";
import { ExportsModule } from "./exports/exports.module";
import type { Door } from "./http/door";
import { HttpModule } from "./http/http.module";
import { IngestModule } from "./ingest/ingest.module";
import { OpenApiModule } from "./openapi/openapi.module";
import { PlatformModule } from "./platform/platform.module";
import type { Resources } from "./platform/resources";
import { ProjectsModule } from "./projects/projects.module";
import { QuestionsModule } from "./questions/questions.module";
import { RunsModule } from "./runs/runs.module";
import { SchedulerModule } from "./scheduler/scheduler.module";
import { SweepsModule } from "./sweeps/sweeps.module";
import { TokensModule } from "./tokens/tokens.module";
import { TrainersModule } from "./trainers/trainers.module";
import { TrialsModule } from "./trials/trials.module";
import { WorkModule } from "./work/work.module";
import { WorkThreadsModule } from "./work-threads/work-threads.module";

/** What answers over HTTP, a module by concept. */
const surfaces = [
  ArtifactsModule,
  AuditModule,
  BinModule,
  CatalogModule,
  DatasetsModule,
  DeadLettersModule,
  EventsModule,
  ExperimentsModule,
  ExportsModule,
  OpenApiModule,
  ProjectsModule,
  QuestionsModule,
  RunsModule,
  SweepsModule,
  TokensModule,
  TrainersModule,
  TrialsModule,
  WorkModule,
];

/** Everything that needs no HTTP: what talks to trainers and to the ledger. */
@Module({})
export class AppCoreModule {
  static of(resources: Resources): DynamicModule {
    return {
      module: AppCoreModule,
      imports: [
        PlatformModule.of(resources),
        WorkThreadsModule,
        ExperimentsCoreModule,
        IngestModule,
        ControlModule,
        SchedulerModule,
      ],
    };
  }
}

/** Every route, behind the door that its adapter asks. */
@Module({})
export class AppSurfaceModule {
  static of(door: Door): DynamicModule {
    return { module: AppSurfaceModule, imports: [HttpModule.of(door), WorkThreadsModule, ExperimentsCoreModule, ...surfaces] };
  }
}

/** The whole control plane. Any number of processes may run it on the same database and NATS. */
@Module({})
export class AppModule {
  static of(resources: Resources, door: Door): DynamicModule {
    return { module: AppModule, imports: [AppCoreModule.of(resources), AppSurfaceModule.of(door)] };
  }
}
