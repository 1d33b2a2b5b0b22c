import type { CallInput, SweepId } from "@basin/contracts";

// What a sweep's page asks first. Its server has the browser fetch the same, or sends the answers along.

/** Enough trials to name and colour every group that a chart can show. */
export const firstTrials = (sweep: SweepId): CallInput<"listTrials"> => ({ params: { sweep }, query: { limit: 1000 } });

/** The configurations and initializations that a screen shows. */
export const firstAnswer = (sweep: SweepId): CallInput<"getAnswer"> => ({ params: { sweep }, query: { limit: 12, seeds: 100 } });

/** Runs of the first answer, what a screen shows with some below it, and of the next. */
export const runsPerPage = [60, 200] as const;
