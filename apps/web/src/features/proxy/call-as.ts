import { BasinClient } from "@basin/client";
import type { AnswerOf, CallInput, RouteName } from "@basin/contracts";
import { apiOrigin } from "./forward";

/**
 * Calls the API from this server with a browser's own cookie, so that it answers what the browser may see. All calls together are given up
 * after `longestMilliseconds`. They throw ApiError, or what ends a signal that timed out.
 */
export function callAs(cookie: string | null, longestMilliseconds: number) {
  const signal = AbortSignal.timeout(longestMilliseconds);
  const withCookie: typeof fetch = (url, options) =>
    fetch(url, { ...options, cache: "no-store", ...(cookie === null ? {} : { headers: { cookie } }) });
  const basin = new BasinClient({ url: apiOrigin(), fetch: withCookie, repeatReads: false });
  return <N extends RouteName>(name: N, input: CallInput<N>): Promise<AnswerOf<N>> => basin.call(name, input, { signal });
}
