import { call, type AnswerOf, type CallInput, type RouteName } from "@basin/contracts";
import { apiOrigin } from "./forward";

/**
 * Calls the API from this server with a browser's own cookie, so that it answers what the browser may see. All calls together are given up
 * after `longestMilliseconds`. They throw ApiError, or what ends a signal that timed out.
 */
export function callAs(cookie: string | null, longestMilliseconds: number) {
  const signal = AbortSignal.timeout(longestMilliseconds);
  const withCookie: typeof fetch = (url, options) =>
    fetch(url, { ...options, cache: "no-store", ...(cookie === null ? {} : { headers: { cookie } }) });
  return <N extends RouteName>(name: N, input: CallInput<N>): Promise<AnswerOf<N>> =>
    call(apiOrigin(), name, input, { fetch: withCookie, signal });
}
