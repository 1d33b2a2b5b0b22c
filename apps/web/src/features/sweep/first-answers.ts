import { call, type SweepId } from "@basin/contracts";
import { dehydrate, QueryClient, type DehydratedState } from "@tanstack/react-query";
import { experimentQuery, firstRuns, runsQuery, sweepQuery } from "@/api-client/queries";
import { apiOrigin } from "../proxy/forward";

/** A page that would be held up longer than this comes without answers. */
const longestMilliseconds = 1000;

/**
 * What the table of a sweep's runs shows at first, read on this server with the browser's own cookie: the page arrives with its
 * rows, and the browser draws them before it has run any script. Null when something cannot be read; the page then asks itself
 * and says what is wrong.
 */
export async function firstAnswers(id: SweepId, cookie: string | null): Promise<DehydratedState | null> {
  const withCookie: typeof fetch = (url, options) =>
    fetch(url, { ...options, cache: "no-store", ...(cookie === null ? {} : { headers: { cookie } }) });
  const options = { fetch: withCookie, signal: AbortSignal.timeout(longestMilliseconds) };
  const client = new QueryClient();
  const readSweep = async () => {
    const sweep = await call(apiOrigin(), "getSweep", { params: { sweep: id } }, options);
    const named = { experiment: sweep.spec.experiment };
    return { sweep, experiment: await call(apiOrigin(), "getExperiment", { params: named }, options) };
  };
  try {
    const [{ sweep, experiment }, runs] = await Promise.all([
      readSweep(),
      call(apiOrigin(), "listRuns", { params: { sweep: id }, query: { sort: "index", limit: firstRuns } }, options),
    ]);
    client.setQueryData(sweepQuery(id).queryKey, sweep);
    client.setQueryData(experimentQuery(sweep.spec.experiment).queryKey, experiment);
    client.setQueryData(runsQuery(id, { sort: "index" }).queryKey, { pages: [runs], pageParams: [null] });
    return dehydrate(client);
  } catch {
    return null;
  } finally {
    client.clear();
  }
}
