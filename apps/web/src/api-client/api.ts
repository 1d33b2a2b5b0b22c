import { ApiError, call, type CallInput, type CallOutput, type RouteName, type routes } from "@basin/contracts";

/** Calls the API through this server's own proxy. Throws ApiError. */
export const api = <N extends RouteName>(
  name: N,
  input: CallInput<(typeof routes)[N]>,
  options: { signal?: AbortSignal } = {},
): Promise<CallOutput<(typeof routes)[N]>> => call("", name, input, options);

/** Nothing answers, or what answers cannot reach its database: worth asking again without being told. */
export const isAway = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 502);

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** What to tell a person about a failed call. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
