import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance } from "fastify";
import { PrometheusSeries } from "../platform/prometheus-series";
import { routeOf, type OperationName } from "./operation";

/** Time of each request by route pattern. Event streams are left out: they last as long as somebody looks. */
@Injectable()
export class RequestSeconds implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook("onResponse", (request, reply, done) => {
      const { url: route = "unmatched", config } = request.routeOptions;
      if (!isEventStream(config.operation))
        this.series.counted.httpSeconds.observe(
          { method: request.method, route, status: String(reply.statusCode) },
          reply.elapsedTime / 1000,
        );
      done();
    });
  }
}

function isEventStream(operation: OperationName | undefined): boolean {
  return routeOf(operation)?.mediaTypes?.includes("text/event-stream") ?? false;
}
