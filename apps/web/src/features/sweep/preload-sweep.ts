import { call, routeUrl, type SweepId } from "@basin/contracts";
import { preload } from "react-dom";
import { apiOrigin } from "../proxy/forward";

const fetched = (url: string): void => preload(url, { as: "fetch", crossOrigin: "anonymous" });

/**
 * Lets the browser fetch what a sweep's page asks for first while it still loads the page's code. The addresses must be those
 * that the page's queries use. Runs on this server.
 */
export function preloadSweep(id: SweepId, query: Record<string, string | string[] | undefined>): void {
  fetched(routeUrl("", "getSession", {}));
  fetched(routeUrl("", "getSweep", { params: { sweep: id } }));
  if (query["tab"] !== "runs") fetched(routeUrl("", "listTrials", { params: { sweep: id }, query: { limit: 1000 } }));
}

/** The same for the experiment, whose name stands in the sweep. What cannot be read now is left to the page. */
export async function preloadExperiment(id: SweepId, cookie: string | null): Promise<void> {
  const withCookie: typeof fetch = (url, options) =>
    fetch(url, { ...options, cache: "no-store", ...(cookie === null ? {} : { headers: { cookie } }) });
  try {
    const options = { fetch: withCookie, signal: AbortSignal.timeout(500) };
    const { spec } = await call(apiOrigin(), "getSweep", { params: { sweep: id } }, options);
    fetched(routeUrl("", "getExperiment", { params: { experiment: spec.experiment } }));
  } catch {
    // The page asks itself and says what is wrong.
  }
}
