import { routeUrl, type SweepId } from "@basin/contracts";
import { preload } from "react-dom";
import { callAs } from "../proxy/call-as";
import { firstAnswer, firstTrials } from "../sweep-parts/first-questions";

const fetched = (url: string): void => preload(url, { as: "fetch", crossOrigin: "anonymous" });

/**
 * Lets the browser fetch what a sweep's page asks for first while it still loads the page's code. The addresses must be those
 * that the page's queries use. Runs on this server.
 */
export function preloadSweep(id: SweepId, query: Record<string, string | string[] | undefined>): void {
  fetched(routeUrl("", "getSession", {}));
  fetched(routeUrl("", "getSweep", { params: { sweep: id } }));
  if (query["tab"] === undefined) fetched(routeUrl("", "getAnswer", firstAnswer(id)));
  if (query["tab"] !== "runs") fetched(routeUrl("", "listTrials", firstTrials(id)));
}

/** The same for the experiment, whose name stands in the sweep. What cannot be read now is left to the page. */
export async function preloadExperiment(id: SweepId, cookie: string | null): Promise<void> {
  try {
    const { spec } = await callAs(cookie, 500)("getSweep", { params: { sweep: id } });
    fetched(routeUrl("", "getExperiment", { params: { experiment: spec.experiment } }));
  } catch {
    // The page asks itself and says what is wrong.
  }
}
