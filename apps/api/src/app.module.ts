import { Module, type DynamicModule } from "@nestjs/common";
import { ControlModule } from "./control/control.module";
import { HttpModule } from "./http/http.module";
import { IngestModule } from "./ingest/ingest.module";
import { PlatformModule } from "./platform/platform.module";
import type { Resources } from "./platform/resources";
import { SchedulerModule } from "./scheduler/scheduler.module";

/** Everything that needs no HTTP: what talks to trainers and to the ledger. */
@Module({})
export class AppCoreModule {
  static of(resources: Resources): DynamicModule {
    return { module: AppCoreModule, imports: [PlatformModule.of(resources), IngestModule, ControlModule, SchedulerModule] };
  }
}

/** The whole control plane. Any number of processes may run it on the same database and NATS. */
@Module({})
export class AppModule {
  static of(resources: Resources): DynamicModule {
    return { module: AppModule, imports: [AppCoreModule.of(resources), HttpModule] };
  }
}
