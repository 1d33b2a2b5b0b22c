import { Inject, Injectable, type OnModuleInit } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import type { FastifyInstance } from "fastify";
import { Histogram } from "prom-client";
import { Metrics } from "../platform/metrics";
import { routeOf, type OperationName } from "./operation";

/** Time of each request by route pattern. Event streams are left out: they last as long as somebody looks. */
@Injectable()
export class RequestMetrics implements OnModuleInit {
  private readonly seconds: Histogram;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.seconds = new Histogram({
      name: "basin_http_request_seconds",
      help: "Time to answer an HTTP request",
      labelNames: ["method", "route", "status"],
      buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers: [metrics.registry],
    });
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook("onResponse", (request, reply, done) => {
      const { url: route = "unmatched", config } = request.routeOptions;
      if (!isEventStream(config.operation))
        this.seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
      done();
    });
  }
}

function isEventStream(operation: OperationName | undefined): boolean {
  return routeOf(operation)?.mediaTypes?.includes("text/event-stream") ?? false;
}
