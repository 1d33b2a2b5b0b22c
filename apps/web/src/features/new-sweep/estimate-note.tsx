"use client";
import type { SubmittedSpec } from "@basin/contracts";
import { formatDuration } from "@basin/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { routeQuery } from "@/api-client/route-query";
import css from "./new-sweep.module.css";

/** How long the sweep would take, from past runs; nothing while the sweep cannot be submitted. */
export function EstimateNote({ spec }: { spec: SubmittedSpec | null }) {
  const { data } = useQuery({
    ...routeQuery("estimateSweep", spec && { body: spec }),
    placeholderData: keepPreviousData,
  });
  if (!data || spec === null) return null;
  const { seconds, secondsPerRun, reading } = data;
  return (
    <p className={css.estimate}>
      {seconds ? (
        <>
          About <strong>{formatDuration(seconds.median)}</strong> ({formatDuration(seconds.q1)} to {formatDuration(seconds.q3)}
          ).{" "}
        </>
      ) : (
        secondsPerRun && <>About {formatDuration(secondsPerRun.median)} of training per run. </>
      )}
      <span className={css.caption}>{reading}</span>
    </p>
  );
}
