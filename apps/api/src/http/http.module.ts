import { Global, Module, type DynamicModule } from "@nestjs/common";
import { APP_FILTER, DiscoveryModule } from "@nestjs/core";
import { Door } from "./door";
import { ErrorFilter } from "./error.filter";
import { HealthController } from "./health.controller";
import { PrometheusController } from "./prometheus.controller";
import { RequestSeconds } from "./request-seconds";
import { RouteCoverage } from "./route-coverage";

/** What all routes have in common: the door, the form of errors, and the check that contracts and controllers agree. */
@Global()
@Module({})
export class HttpModule {
  static of(door: Door): DynamicModule {
    return {
      module: HttpModule,
      imports: [DiscoveryModule],
      controllers: [HealthController, PrometheusController],
      providers: [
        { provide: Door, useValue: door },
        RouteCoverage,
        RequestSeconds,
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
      exports: [Door],
    };
  }
}
