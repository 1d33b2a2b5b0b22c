import type { z } from "zod";
import type { Issue } from "./error";
import { apiPrefix } from "./route";
import { routes, type RouteName } from "./routes";

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
