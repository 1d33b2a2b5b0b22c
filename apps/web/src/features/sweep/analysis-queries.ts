import type { CallInput, AppliedParameters, MetricName, routes, RunId, Selection, SweepId } from "@basin/contracts";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/api-client/api";
import { keys } from "@/api-client/queries";

type Query<N extends keyof typeof routes> = NonNullable<CallInput<(typeof routes)[N]> extends { query?: infer Q } ? Q : never>;

/** Questions over all runs of a sweep; read anew while runs end. */
export const distributionQuery = (sweep: SweepId, query: Query<"getDistribution">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "distribution", query],
    queryFn: ({ signal }) => api("getDistribution", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const parameterSampleQuery = (sweep: SweepId, query: Query<"getParameterSample">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "parameters", query],
    queryFn: ({ signal }) => api("getParameterSample", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const edfQuery = (sweep: SweepId, query: Query<"getEdf">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "edf", query],
    queryFn: ({ signal }) => api("getEdf", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const parameterGridQuery = (sweep: SweepId, query: Query<"getParameterGrid">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "grid", query],
    queryFn: ({ signal }) => api("getParameterGrid", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const importanceQuery = (sweep: SweepId, query: Query<"getImportance">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "importance", query],
    queryFn: ({ signal }) => api("getImportance", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const timelineQuery = (sweep: SweepId, query: Query<"getTimeline">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "timeline", query],
    queryFn: ({ signal }) => api("getTimeline", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const labelTallyQuery = (sweep: SweepId, query: Query<"getLabelTally">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "labels", query],
    queryFn: ({ signal }) => api("getLabelTally", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export interface EquationTermsAsked {
  group?: AppliedParameters;
  runs?: readonly RunId[];
  history: boolean;
  limit: number;
}

export const equationTermsQuery = (sweep: SweepId, plot: string, { group, runs, history, limit }: EquationTermsAsked) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "equation-terms", plot, group, runs, history, limit],
    queryFn: ({ signal }) =>
      api(
        "getEquationTerms",
        {
          params: { sweep, plot },
          query: {
            history,
            limit,
            ...(group ? { group: JSON.stringify(group) } : {}),
            ...(runs ? { runs: runs.join(",") } : {}),
          },
        },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });

export const runPlotsQuery = (sweep: SweepId, plot: string, group: AppliedParameters, limit: number) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "plots", plot, group, limit],
    queryFn: ({ signal }) =>
      api("getRunPlots", { params: { sweep, plot }, query: { group: JSON.stringify(group), limit } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const metricPairsQuery = (sweep: SweepId, query: Query<"getMetricPairs">) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "pairs", query],
    queryFn: ({ signal }) => api("getMetricPairs", { params: { sweep }, query }, { signal }),
    placeholderData: keepPreviousData,
  });

export const pairTestQuery = (sweep: SweepId, a: Selection, b: Selection, metric: MetricName) =>
  queryOptions({
    queryKey: [...keys.analysis(sweep), "test", a, b, metric],
    queryFn: ({ signal }) => api("testPair", { body: { a, b, metric } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const curveMembersQuery = (
  sweep: SweepId,
  metric: MetricName,
  group: AppliedParameters,
  limit: number,
  x: "step" | "time",
) =>
  queryOptions({
    queryKey: [...keys.curves(sweep), "members", metric, group, limit, x],
    queryFn: async ({ signal }) => {
      const query = { metric, group: JSON.stringify(group), limit, x };
      return { ...(await api("getCurveMembers", { params: { sweep }, query }, { signal })), x };
    },
    placeholderData: keepPreviousData,
  });
