import { routes, type Route, type RouteName } from "@basin/contracts";
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

/** The route of the contracts that an operation is; undefined for what the process says about itself, and for nothing. */
export function routeOf(operation: OperationName | undefined): Route | undefined {
  return operation !== undefined && operation in routes ? routes[operation as RouteName] : undefined;
}
