import type { SubmittedSpec } from "@basin/contracts";
import { formatCount, formatDuration } from "@basin/ui";
import type { QueryClient } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";

/** What a sweep would take. */
export interface SweepSize {
  /** Null: the search decides on its way. */
  runs: number | null;
  /** Null: nothing like it was trained before. */
  seconds: number | null;
}

/** A sweep of more is submitted only when asked for twice. */
const mostRuns = 1000;
const mostSeconds = 3600;

/** What the API expects of a sweep; nothing is known where it cannot say, and submitting it says why. */
export async function sizeOf(client: QueryClient, spec: SubmittedSpec): Promise<SweepSize> {
  const asked = await client.query(routeQuery("estimateSweep", { body: spec })).catch(() => null);
  return { runs: asked?.runs ?? null, seconds: asked?.seconds?.median ?? null };
}

export const isLarge = ({ runs, seconds }: SweepSize): boolean => (runs ?? 0) > mostRuns || (seconds ?? 0) > mostSeconds;

export function sizeText({ runs, seconds }: SweepSize): string {
  const many = runs === null ? "As many runs as the search decides on" : `${formatCount(runs)} runs`;
  const long =
    seconds === null ? "how long they take is not known yet" : `about ${formatDuration(seconds)} by past runs of this experiment`;
  return `${many}, ${long}. They begin at once; a budget can limit them, and cancelling keeps what has finished.`;
}
