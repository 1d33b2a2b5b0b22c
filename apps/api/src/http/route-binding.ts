import { apiPrefix, routes, type CallOutput, type Route, type RouteName } from "@basin/contracts";
import { createParamDecorator, HttpCode, Req, RequestMapping, RequestMethod, Res, type ExecutionContext } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { askerOf } from "./asker";
import { Operation } from "./operation";
import { parseRouteInput } from "./route-input";

type Parsed<R, K extends string> =
  R extends Record<K, infer S> ? (S extends z.ZodType ? { [P in K]: z.output<S> } : unknown) : unknown;
/** What a handler of route `N` gets: `params`, `query` and `body`, checked and with defaults, each only where the route has it. */
export type RouteInput<N extends RouteName> = Parsed<(typeof routes)[N], "params"> &
  Parsed<(typeof routes)[N], "query"> &
  Parsed<(typeof routes)[N], "body"> & {
    /** Name of the token that asks, else `local`: the owner of what is submitted. */
    asker: string;
  };
export type RouteOutput<N extends RouteName> = CallOutput<(typeof routes)[N]>;

/** Metadata key under which a controller method keeps the name of its route. */
export const routeNameKey = "basin:route";

const CheckedInput = createParamDecorator((name: RouteName, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const input = parseRouteInput(routes[name], { params: request.params, query: request.query, body: request.body });
  return { ...input, asker: askerOf(request).name };
});

function bind(name: RouteName, target: object, key: string, descriptor: PropertyDescriptor): void {
  const route: Route = routes[name];
  Reflect.defineMetadata(routeNameKey, name, descriptor.value as object);
  Operation(name)(target, key, descriptor);
  RequestMapping({ method: RequestMethod[route.method], path: `${apiPrefix}${route.path}` })(target, key, descriptor);
  CheckedInput(name)(target, key, 0);
}

/**
 * Makes a controller method the handler of a JSON route: method and path come from the contract, the argument is the checked
 * request, the returned value is the body. Submitting a sweep answers 201, everything else 200.
 */
export function HttpRoute<N extends RouteName>(name: N) {
  return <M extends (input: RouteInput<N>) => Promise<RouteOutput<N>>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    bind(name, target, key, descriptor);
    HttpCode(name === "createSweep" || name === "cloneSweep" ? 201 : 200)(target, key, descriptor);
  };
}

/**
 * Makes a controller method the handler of a route that writes its answer itself (files, streams, events): it also gets
 * Fastify's reply and request. What it throws before the first byte becomes an ordinary error answer.
 */
export function StreamRoute<N extends RouteName>(name: N) {
  return <M extends (input: RouteInput<N>, reply: FastifyReply, request: FastifyRequest) => Promise<void>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    bind(name, target, key, descriptor);
    Res()(target, key, 1);
    Req()(target, key, 2);
  };
}
