import { apiPrefix, routes, type AnswerOf, type Issue, type Route, type RouteName } from "@basin/contracts";
import type { KeyedRequest } from "@basin/database";
import { createParamDecorator, HttpCode, Req, RequestMapping, RequestMethod, Res, type ExecutionContext } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { askerOf, type Asker } from "./asker";
import { keyedRequest } from "./keyed-request";
import { Operation } from "./operation";
import { InputError } from "./request-errors";
import { parseRouteInput } from "./route-input";

type Parsed<R, K extends string> =
  R extends Record<K, infer S> ? (S extends z.ZodType ? { [P in K]: z.output<S> } : unknown) : unknown;
/** What a handler of route `N` gets: `params`, `query` and `body`, checked and with defaults, each only where the route has it. */
export type RouteInput<N extends RouteName> = Parsed<(typeof routes)[N], "params"> &
  Parsed<(typeof routes)[N], "query"> &
  Parsed<(typeof routes)[N], "body"> & {
    /** Who asks: the owner of what is submitted. */
    asker: Asker;
    /** Of a route that is done once, where the sender gave a key. */
    keyed: KeyedRequest | null;
  };

/** Metadata key under which a controller method keeps the name of its route. */
export const routeNameKey = "basin:route";

/** What would be right, for issues of a body that only its route understands. */
export type Advise = (issues: readonly Issue[], body: unknown) => Issue[];

interface Checked {
  name: RouteName;
  advise: Advise | null;
}

const CheckedInput = createParamDecorator<Checked>(({ name, advise }: Checked, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { params, query, body } = request;
  try {
    const input = parseRouteInput(routes[name], { params, query, body });
    return { ...input, asker: askerOf(request), keyed: keyedRequest(name, request, input) };
  } catch (error) {
    throw advise && error instanceof InputError ? new InputError(advise(error.issues, body)) : error;
  }
});

function bind(name: RouteName, target: object, key: string, descriptor: PropertyDescriptor, advise: Advise | null = null): void {
  const route: Route = routes[name];
  Reflect.defineMetadata(routeNameKey, name, descriptor.value as object);
  Operation(name)(target, key, descriptor);
  RequestMapping({ method: RequestMethod[route.method], path: `${apiPrefix}${route.path}` })(target, key, descriptor);
  HttpCode(route.statuses?.[0] ?? 200)(target, key, descriptor);
  CheckedInput({ name, advise })(target, key, 0);
}

/**
 * Makes a controller method the handler of a JSON route: method and path come from the contract, the argument is the checked
 * request, the returned value is the body. Answered with the first of the route's statuses.
 */
export function HttpRoute<N extends RouteName>(name: N, options: { advise?: Advise } = {}) {
  return <M extends (input: RouteInput<N>) => Promise<AnswerOf<N>>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    bind(name, target, key, descriptor, options.advise ?? null);
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
