import type { CallInput, DatasetId, routes, RunId, SweepId, SweepSpec } from "@basin/contracts";
import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";
import { api } from "./api";
import { unpackedCurves } from "./unpacked-curves";

type Query<N extends keyof typeof routes> = NonNullable<CallInput<(typeof routes)[N]> extends { query?: infer Q } ? Q : never>;

export type SweepsFilter = Omit<Query<"listSweeps">, "cursor" | "limit">;
export type RunsFilter = Omit<Query<"listRuns">, "cursor" | "limit">;
export type CurvesQuery = Query<"getPackedCurves">;
export type SeriesQuery = Query<"getSweepSeries">;

/** Keys begin with what they are about, so that a change of one sweep can reach everything that shows it. */
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
  run: (run: RunId) => ["run", run] as const,
  runMetrics: (run: RunId) => ["run-metrics", run] as const,
  trainers: ["trainers"] as const,
  /** What trainers did lately, from the timelines of the newest sweeps. */
  trainerActivity: ["trainer-activity"] as const,
  datasets: ["datasets"] as const,
};

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => api("getCatalog", { query: {} }, { signal }),
  staleTime: 300_000,
});

/** Diagnostic experiments are hidden from the catalogue, but their sweeps have metrics to name as well. */
export const experimentQuery = (experiment: string) =>
  queryOptions({
    queryKey: ["experiment", experiment],
    queryFn: ({ signal }) => api("getExperiment", { params: { experiment } }, { signal }),
    staleTime: 300_000,
  });

export const sweepsQuery = (filter: SweepsFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.sweeps, filter],
    queryFn: ({ signal, pageParam }) =>
      api("listSweeps", { query: { ...filter, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Null: of no sweep, so nothing is asked. */
export const sweepQuery = (sweep: SweepId | null) =>
  queryOptions({
    queryKey: sweep === null ? ["no-sweep"] : keys.sweep(sweep),
    queryFn: sweep === null ? skipToken : ({ signal }) => api("getSweep", { params: { sweep } }, { signal }),
  });

/** Runs of the first answer: what a screen shows, with some below it. The next answers are larger. */
export const firstRuns = 60;

export const runsQuery = (sweep: SweepId, filter: RunsFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.runs(sweep), filter],
    queryFn: ({ signal, pageParam }) =>
      api(
        "listRuns",
        {
          params: { sweep },
          query: { ...filter, ...(pageParam === null ? { limit: firstRuns } : { limit: 200, cursor: pageParam }) },
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** The first trials: enough to name and colour every group that a chart can show. */
export const trialsQuery = (sweep: SweepId) =>
  queryOptions({
    queryKey: keys.trials(sweep),
    queryFn: ({ signal }) => api("listTrials", { params: { sweep }, query: { limit: 1000 } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const resultsQuery = (sweep: SweepId, groupBy: readonly string[]) =>
  queryOptions({
    queryKey: [...keys.results(sweep), groupBy],
    queryFn: ({ signal }) => api("getResults", { params: { sweep }, query: { groupBy: [...groupBy] } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const curvesQuery = (sweep: SweepId, query: CurvesQuery) =>
  queryOptions({
    queryKey: [...keys.curves(sweep), query],
    queryFn: async ({ signal }) => ({
      ...unpackedCurves(await api("getPackedCurves", { params: { sweep }, query }, { signal })),
      x: query.x ?? "step",
    }),
    placeholderData: keepPreviousData,
  });

export const seriesQuery = (sweep: SweepId, query: SeriesQuery) =>
  queryOptions({
    queryKey: [...keys.series(sweep), query],
    queryFn: async ({ signal }) => ({
      ...(await api("getSweepSeries", { params: { sweep }, query }, { signal })),
      x: query.x ?? "step",
    }),
    placeholderData: keepPreviousData,
  });

export const runQuery = (run: RunId) =>
  queryOptions({ queryKey: keys.run(run), queryFn: ({ signal }) => api("getRun", { params: { run } }, { signal }) });

export const runMetricsQuery = (run: RunId) =>
  queryOptions({
    queryKey: keys.runMetrics(run),
    queryFn: ({ signal }) => api("getRunMetrics", { params: { run }, query: { points: 2000 } }, { signal }),
  });

export const trainersQuery = queryOptions({
  queryKey: keys.trainers,
  queryFn: ({ signal }) => api("listTrainers", { query: {} }, { signal }),
});

/** Null: of no spec, so nothing is asked. */
export const previewQuery = (spec: SweepSpec | null) =>
  queryOptions({
    queryKey: ["preview", spec],
    queryFn: spec === null ? skipToken : ({ signal }) => api("previewSweep", { body: spec }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const datasetsQuery = infiniteQueryOptions({
  queryKey: [...keys.datasets, "pages"],
  queryFn: ({ signal, pageParam }) =>
    api("listDatasets", { query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

/** The newest datasets: as many as a person would choose from. */
export const datasetChoicesQuery = queryOptions({
  queryKey: [...keys.datasets, "choices"],
  queryFn: ({ signal }) => api("listDatasets", { query: { limit: 1000 } }, { signal }),
});

export const datasetQuery = (dataset: DatasetId) =>
  queryOptions({
    queryKey: [...keys.datasets, dataset],
    queryFn: ({ signal }) => api("getDataset", { params: { dataset } }, { signal }),
  });
