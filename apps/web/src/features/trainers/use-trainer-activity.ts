"use client";
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api-client/api";
import { keys } from "@/api-client/route-query";
import { activityOf, type TrainerActivity } from "./trainer-activity";

/** How far back finished runs count for a trainer's throughput. */
export const windowSeconds = 300;
/** Sweeps that are looked at: the newest that run, and the newest that ended in the window. */
const mostSweeps = 10;

/** What each trainer trains now and how fast, by its id; undefined until it is known. */
export function useTrainerActivity(wanted: boolean): ReadonlyMap<string, TrainerActivity> | undefined {
  const { data } = useQuery({
    queryKey: keys.trainerActivity,
    queryFn: async ({ signal }) => {
      const [running, completed] = await Promise.all(
        ["running", "completed"].map((state) => api("listSweeps", { query: { state, limit: mostSweeps } }, { signal })),
      );
      const since = Date.now() - windowSeconds * 1000;
      const ended = completed?.items.filter(({ finishedAt }) => finishedAt !== null && Date.parse(finishedAt) >= since) ?? [];
      const timelines = await Promise.all(
        [...(running?.items ?? []), ...ended].map(({ id }) =>
          api("getTimeline", { params: { sweep: id }, query: { attempts: 1000, bins: 2, points: 2 } }, { signal }),
        ),
      );
      return activityOf(timelines, Date.now(), windowSeconds);
    },
    enabled: wanted,
  });
  return data;
}
