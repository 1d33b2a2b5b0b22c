import type { AnswerOf, CallInput, RouteName, SweepId } from "@basin/contracts";
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions, skipToken } from "@tanstack/react-query";
import { api } from "./api";

/**
 * What an answer is about: the first part of its key, so that a change can reach everything that shows it. An answer of a sweep that is not
 * named here is one over its runs (`analysis`); any other is about itself.
 */
const topics: Partial<Record<RouteName, string>> = {
  listSweeps: "sweeps",
  getSweep: "sweep",
  listTrials: "trials",
  listRuns: "runs",
  getResults: "results",
  getPackedCurves: "curves",
  getCurveMembers: "curves",
  getSweepSeries: "series",
  getRun: "run",
  getRunPlot: "run",
  getRunMetrics: "run-metrics",
  listTrainers: "trainers",
  listDatasets: "datasets",
  getDataset: "datasets",
  getBin: "bin",
};

/** Beginnings of keys, for what has to be read again. */
export const keys = {
  sweeps: ["sweeps"] as const,
  sweep: (sweep: SweepId) => ["sweep", sweep] as const,
  runs: (sweep: SweepId) => ["runs", sweep] as const,
  trials: (sweep: SweepId) => ["trials", sweep] as const,
  results: (sweep: SweepId) => ["results", sweep] as const,
  curves: (sweep: SweepId) => ["curves", sweep] as const,
  series: (sweep: SweepId) => ["series", sweep] as const,
  /** Answers over all runs of a sweep: distributions, grids, importances, timelines. */
  analysis: (sweep: SweepId) => ["analysis", sweep] as const,
  run: (run: string) => ["run", run] as const,
  runMetrics: (run: string) => ["run-metrics", run] as const,
  trainers: ["trainers"] as const,
  /** What trainers did lately, from the timelines of the newest sweeps. */
  trainerActivity: ["trainer-activity"] as const,
  datasets: ["datasets"] as const,
  bin: ["bin"] as const,
};

/** Answers that are taken as they are for longer than others. */
const staleMilliseconds: Partial<Record<RouteName, number>> = {
  getCatalog: 300_000,
  getExperiment: 300_000,
  getSession: 300_000,
  getRunPlot: 60_000,
  previewSweep: 60_000,
  estimateSweep: 60_000,
};

type About = readonly [topic: string, of?: string];

/** While another question of these is on its way, the answer before it stays. */
const overRuns = new Set(["runs", "trials", "results", "curves", "series", "analysis"]);

function aboutOf(name: RouteName, input: object | null): About {
  const params = input !== null && "params" in input ? input.params : {};
  const { sweep, run } = params as { sweep?: string; run?: string };
  const topic = topics[name] ?? (sweep === undefined ? name : "analysis");
  const of = sweep ?? run;
  return of === undefined ? [topic] : [topic, of];
}

/**
 * An answer of the API in the cache, under the key [about, name, input]. Null: there is nothing to ask yet.
 */
export const routeQuery = <N extends RouteName>(
  name: N,
  input: CallInput<N> | null,
  about: About = aboutOf(name, input as object | null),
) =>
  queryOptions<AnswerOf<N>>({
    queryKey: [...about, name, input],
    queryFn: input === null ? skipToken : ({ signal }) => api(name, input, { signal }),
    ...(overRuns.has(about[0]) ? { placeholderData: keepPreviousData } : {}),
    ...(staleMilliseconds[name] === undefined ? {} : { staleTime: staleMilliseconds[name] }),
  });

/** Routes that answer page by page. */
type PagedRoute = "listSweeps" | "listRuns" | "listDatasets" | "listAudit";

/** The same for a list that is read page by page: a first page of `limits[0]` items, then of `limits[1]`. */
export const routePages = <N extends PagedRoute>(name: N, input: CallInput<N>, limits: readonly [number, number]) =>
  infiniteQueryOptions({
    queryKey: [...aboutOf(name, input), name, input],
    queryFn: ({ signal, pageParam }) => {
      const page = pageParam === null ? { limit: limits[0] } : { limit: limits[1], cursor: pageParam };
      return api(name, { ...input, query: { ...input.query, ...page } }, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Shows what a command answered about a sweep at once. */
export const showSweep = (client: QueryClient, sweep: AnswerOf<"getSweep">): unknown =>
  client.setQueryData(routeQuery("getSweep", { params: { sweep: sweep.id } }).queryKey, sweep);
