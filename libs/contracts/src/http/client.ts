import { messageOf } from "../message-of";
import type { z } from "zod";
import { apiPrefix, type Route } from "./route";
import { routes, type AnswerOf, type RouteName } from "./routes";
import { ErrorBody, type Issue } from "./error";
import { idempotencyHeader, newIdempotencyKey } from "./idempotency";

type Get<R, K extends string> = R extends Record<K, infer S> ? (S extends z.ZodType ? z.input<S> : never) : never;
type Part<R, K extends string> =
  R extends Record<K, z.ZodType> ? (object extends Get<R, K> ? { [P in K]?: Get<R, K> } : { [P in K]: Get<R, K> }) : unknown;
type CallOf<R> = Part<R, "params"> & Part<R, "query"> & Part<R, "body">;
/** What a call of a route takes: `params`, `query` and `body`, each only where the route has it. */
export type CallInput<N extends RouteName> = CallOf<(typeof routes)[N]>;

/** A response with status ≥ 400, or none at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly issues: readonly Issue[],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type QueryValue = string | number | boolean | readonly (string | number)[] | null | undefined;

/** The URL of a route, e.g. for EventSource, downloads and links. `base` is the origin, or "" in a browser. */
export function routeUrl<N extends RouteName>(base: string, name: N, input: CallInput<N>): string {
  const given = input as { params?: Record<string, string | number>; query?: Record<string, QueryValue> };
  const path = routes[name].path.replace(/:([a-z]+)/gi, (_, key: string) => encodeURIComponent(given.params?.[key] ?? ""));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(given.query ?? {})) {
    if (value === undefined || value === null) continue;
    query.set(key, Array.isArray(value) ? value.join(",") : value.toString());
  }
  const text = query.toString();
  return `${base}${apiPrefix}${path}${text === "" ? "" : `?${text}`}`;
}

export interface CallOptions {
  signal?: AbortSignal;
  fetch?: typeof fetch;
  token?: string;
  /** Of a route that is done once; default: a new one with each call. */
  key?: string;
}

/** Between the tries of a request that may be repeated, in milliseconds. */
const pauses = [250, 1000, 2500];

/** The answer was lost, or a server on the way gave none: what was asked for may be done, or not. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || [502, 503, 504].includes(error.status));

/**
 * Calls a JSON route and checks the answer against its schema. What is done once (`Route.once`) is sent with a key and, where no answer
 * comes, sent again with the same one. Throws ApiError.
 */
export async function call<N extends RouteName>(
  base: string,
  name: N,
  input: CallInput<N>,
  options: CallOptions = {},
): Promise<AnswerOf<N>> {
  const route: Route = routes[name];
  if (route.once !== true) return send(base, name, input, options);
  const keyed = { ...options, key: options.key ?? newIdempotencyKey() };
  for (const pause of pauses) {
    try {
      return await send(base, name, input, keyed);
    } catch (error) {
      if (!isUnanswered(error) || options.signal?.aborted === true) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return send(base, name, input, keyed);
}

async function send<N extends RouteName>(base: string, name: N, input: CallInput<N>, options: CallOptions): Promise<AnswerOf<N>> {
  const route: Route = routes[name];
  const body = (input as { body?: unknown }).body;
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(routeUrl(base, name, input), {
      method: route.method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(options.key === undefined ? {} : { [idempotencyHeader]: options.key }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, "unreachable", `no answer from ${base || "the API"}: ${messageOf(cause)}`, []);
  }
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ApiError(
      response.status,
      "not-json",
      `${route.method} ${route.path} answered ${response.status} with text that is not JSON`,
      [],
    );
  }
  if (!response.ok) {
    const parsed = ErrorBody.safeParse(json);
    if (parsed.success)
      throw new ApiError(response.status, parsed.data.error.code, parsed.data.error.message, parsed.data.error.issues);
    throw new ApiError(response.status, "unknown", `${route.method} ${route.path} answered ${response.status}`, []);
  }
  return route.response.parse(json) as AnswerOf<N>;
}
