import type { ErrorBody } from "./error";

type Code = ErrorBody["error"]["code"];

/** Every status from 400 on that the API answers, with what it means. `code`: of its body, where nothing more is known. */
export const errorStatuses = {
  400: { name: "Invalid", code: "malformed", means: "What was sent cannot be used; `issues` names each field" },
  401: {
    name: "Unauthorized",
    code: "unauthorized",
    means: "A token is asked for (BASIN_AUTH=token), and none that counts was sent",
  },
  403: {
    name: "Forbidden",
    code: "forbidden",
    means: "The token does not allow it, the request is addressed to another host, or it comes from a page of another site",
  },
  404: { name: "NotFound", code: "not-found", means: "There is no such thing" },
  405: {
    name: "MethodNotAllowed",
    code: "method-not-allowed",
    means: "Nothing answers this method here; `Allow` names those that do",
  },
  408: { name: "Timeout", code: "timeout", means: "The request did not come in time, or stalled on its way" },
  409: { name: "Conflict", code: "conflict", means: "The present state does not allow it" },
  413: { name: "TooLarge", code: "too-large", means: "The body is above the limit" },
  415: { name: "UnsupportedMediaType", code: "unsupported-media-type", means: "The body is of a type that is not taken here" },
  416: { name: "NoSuchRange", code: "invalid", means: "The range begins behind the end; `Content-Range` tells the length" },
  422: {
    name: "KeyReused",
    code: "key-reused",
    means: "Another request was answered under this `Idempotency-Key`",
  },
  429: {
    name: "TooManyFailures",
    code: "too-many",
    means: "Too many tokens that do not count came from this address; try again after `Retry-After` seconds",
  },
  431: { name: "HeadTooLarge", code: "too-large", means: "Path, query and headers together are above the limit" },
  500: { name: "Failed", code: "internal", means: "Something went wrong inside Basin; its log has the details" },
  503: {
    name: "Unavailable",
    code: "unavailable",
    means: "Database or NATS cannot be reached; try again after `Retry-After` seconds",
  },
} as const satisfies Record<number, { name: string; code: Code; means: string }>;

export type ErrorStatus = keyof typeof errorStatuses;

/** Of any request, whatever it asks for: they are found before its route is looked at, or have nothing to do with it. */
const ofEveryRoute = [401, 403, 408, 431, 500, 503] as const satisfies readonly ErrorStatus[];

/** What of a route its failures follow from. */
interface FailingRoute {
  method: string;
  params?: unknown;
  errors?: readonly ErrorStatus[];
  ranges?: boolean;
  once?: boolean;
}

/** What a route can answer besides its successes: what follows from its parts, and what it declares itself. */
export function errorStatusesOf(route: FailingRoute): ErrorStatus[] {
  const statuses = new Set<ErrorStatus>([...ofEveryRoute, 400, ...(route.errors ?? [])]);
  if (route.params) statuses.add(404);
  if (route.params && route.method !== "GET") statuses.add(409);
  if (route.method !== "GET") for (const status of [413, 415] as const) statuses.add(status);
  if (route.ranges) statuses.add(416);
  if (route.once) for (const status of [409, 422] as const) statuses.add(status);
  return [...statuses].sort((a, b) => a - b);
}
