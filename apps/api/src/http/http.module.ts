import { Module } from "@nestjs/common";
import { APP_FILTER, DiscoveryModule } from "@nestjs/core";
import { AnalysisModule } from "../analysis/analysis.module";
import { ArtifactsModule } from "../artifacts/artifacts.module";
import { CatalogModule } from "../catalog/catalog.module";
import { DatasetsModule } from "../datasets/datasets.module";
import { DeadLettersModule } from "../dead-letters/dead-letters.module";
import { EventsModule } from "../events/events.module";
import { OpenApiController } from "../openapi/openapi.controller";
import { ResultsModule } from "../results/results.module";
import { RunsModule } from "../runs/runs.module";
import { SweepsModule } from "../sweeps/sweeps.module";
import { TokensModule } from "../tokens/tokens.module";
import { TrainersModule } from "../trainers/trainers.module";
import { TrialsModule } from "../trials/trials.module";
import { ErrorFilter } from "./error.filter";
import { LedgerMetrics } from "./ledger-metrics";
import { RequestMetrics } from "./request-metrics";
import { RouteCoverage } from "./route-coverage";

/** The HTTP surface: every concept's routes, the form of errors, and the check that contracts and controllers agree. */
@Module({
  imports: [
    DiscoveryModule,
    AnalysisModule,
    ArtifactsModule,
    CatalogModule,
    DatasetsModule,
    DeadLettersModule,
    EventsModule,
    ResultsModule,
    RunsModule,
    SweepsModule,
    TokensModule,
    TrainersModule,
    TrialsModule,
  ],
  controllers: [OpenApiController],
  providers: [RouteCoverage, RequestMetrics, LedgerMetrics, { provide: APP_FILTER, useClass: ErrorFilter }],
})
export class HttpModule {}
