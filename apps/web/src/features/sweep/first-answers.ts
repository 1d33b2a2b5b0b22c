import type { SweepId } from "@basin/contracts";
import { dehydrate, QueryClient, type DehydratedState } from "@tanstack/react-query";
import { routePages, routeQuery, showSweep } from "@/api-client/route-query";
import { callAs } from "../proxy/call-as";
import { runsPerPage } from "../sweep-parts/first-questions";

/** A page that would be held up longer than this comes without answers. */
const longestMilliseconds = 1000;

/**
 * What the table of a sweep's runs shows at first, read on this server with the browser's own cookie: the page arrives with its
 * rows, and the browser draws them before it has run any script. Null when something cannot be read; the page then asks itself
 * and says what is wrong.
 */
export async function firstAnswers(id: SweepId, cookie: string | null): Promise<DehydratedState | null> {
  const call = callAs(cookie, longestMilliseconds);
  const client = new QueryClient();
  const readSweep = async () => {
    const sweep = await call("getSweep", { params: { sweep: id } });
    const named = { params: { experiment: sweep.spec.experiment } };
    return { sweep, named, experiment: await call("getExperiment", named) };
  };
  try {
    const asked = { params: { sweep: id }, query: { sort: "index" } };
    const [{ sweep, named, experiment }, runs] = await Promise.all([
      readSweep(),
      call("listRuns", { ...asked, query: { ...asked.query, limit: runsPerPage[0] } }),
    ]);
    showSweep(client, sweep);
    client.setQueryData(routeQuery("getExperiment", named).queryKey, experiment);
    client.setQueryData(routePages("listRuns", asked, runsPerPage).queryKey, { pages: [runs], pageParams: [null] });
    return dehydrate(client);
  } catch {
    return null;
  } finally {
    client.clear();
  }
}
