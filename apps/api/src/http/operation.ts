import type { RouteName } from "@basin/contracts";
import { RouteConfig } from "@nestjs/platform-fastify";

/** What a request can ask for: a route of the contracts, or what the process says about itself. */
export type OperationName = RouteName | "health" | "ready" | "metrics" | "openapi" | "docs";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Which operation the handler that the router found serves. */
    operation?: OperationName;
  }
}

/** Names the operation that a controller's method serves; `HttpRoute` and `StreamRoute` do so by themselves. */
export const Operation = (name: OperationName) => RouteConfig({ operation: name });
