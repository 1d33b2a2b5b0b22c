"use client";
import type { Sweep, Timeline } from "@basin/contracts";
import { formatCount, RunStateLabel } from "@basin/ui";
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api-client/api";
import { showSweep } from "@/api-client/route-query";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure } from "../layout/toasts";
import type { SweepUrl } from "../sweep-parts/sweep-url";
import css from "./overview.module.css";

/** Runs that ended without a result, by reason. */
export function FailuresPanel({ sweep, timeline, url }: { sweep: Sweep; timeline: Timeline; url: SweepUrl }) {
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api("retryFailed", { params: { sweep: sweep.id } }),
    onSuccess: (answer) => {
      showSweep(client, answer);
      reportDone("Failed runs are tried again.");
    },
    onError: (error) => reportFailure("Retrying", error),
  });
  const { reasons } = timeline;
  const { failed, diverged, pruned } = sweep.counts;
  const stopped = pruned > 0 ? `${formatCount(pruned)} pruned by the stopping rule` : "";
  const failures = failed + diverged > 0 ? `${formatCount(failed)} failed, ${formatCount(diverged)} diverged` : "none";
  return (
    <Panel
      title="Failures"
      note={[failures, stopped].filter((part) => part !== "").join("; ")}
      actions={
        failed > 0 &&
        sweep.state !== "cancelled" && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            Retry failed
          </Button>
        )
      }
    >
      {reasons.length === 0 ? (
        <p className={tables.empty}>Every run that finished has a result.</p>
      ) : (
        <ScrollTable label="Reasons of failures" className={css.reasons}>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Reason</th>
              <th scope="col" className={tables.right}>
                Runs
              </th>
              <th scope="col">Examples</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ state, reason, count, examples }) => (
              <tr key={`${state} ${reason}`}>
                <td>
                  <RunStateLabel state={state} />
                </td>
                <td className={tables.wrap}>{reason === "" ? "no reason given" : reason}</td>
                <td className={tables.right}>
                  <button
                    type="button"
                    className={css.link}
                    onClick={() => url.set({ tab: "runs", state, where: null, search: null })}
                    aria-label={`${formatCount(count)} ${state}: show these runs`}
                  >
                    {formatCount(count)}
                  </button>
                </td>
                <td>
                  {examples.slice(0, 3).map((run, i) => (
                    <span key={run}>
                      {i > 0 && ", "}
                      <PageLink href={`/runs/${run}`}>{run}</PageLink>
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Panel>
  );
}
