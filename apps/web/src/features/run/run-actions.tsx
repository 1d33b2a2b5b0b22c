"use client";
import { partsOfRunId, RunId, type RunDetail, type Sweep } from "@basin/contracts";
import { Button } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconCopy, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api-client/api";
import { keys, routeQuery, showSweep } from "@/api-client/route-query";
import { PageLink } from "@/features/layout/page-link";
import { compareUrl } from "../compare/compare-url";
import { reportDone, reportFailure } from "../layout/toasts";
import css from "./run.module.css";

const neighbour = (id: RunId, by: number): RunId | null => {
  const { sweep, trialIndex, seedIndex } = partsOfRunId(id);
  const next = RunId.safeParse(`${sweep}-${trialIndex}-${seedIndex + by}`);
  return next.success && seedIndex + by >= 0 ? next.data : null;
};

/** The neighbouring initializations of the same configuration, trying again, comparing, and cloning the sweep. */
export function RunActions({ run, sweep }: { run: RunDetail; sweep: Sweep | undefined }) {
  const client = useQueryClient();
  const before = neighbour(run.id, -1);
  const after = run.seedIndex + 1 < (sweep?.seedCount ?? 0) ? neighbour(run.id, 1) : null;
  // A trial's runs are created as there is room for them: whether the next one is there is known only by asking for it.
  const next = useQuery({ ...routeQuery("getRun", { params: { run: after ?? run.id } }), enabled: after !== null, retry: false });
  const retry = useMutation({
    mutationFn: () => api("retryRuns", { params: { sweep: run.sweep }, body: { runs: [run.id] } }),
    onSuccess: (answer) => {
      showSweep(client, answer.sweep);
      void client.invalidateQueries({ queryKey: keys.run(run.id) });
      reportDone(answer.changed > 0 ? "The run is tried again." : "The run could not be tried again in its state.");
    },
    onError: (error) => reportFailure("Retrying", error),
  });
  return (
    <div className={css.actions}>
      {before !== null && (
        <Button
          size="xs"
          variant="default"
          component={PageLink}
          href={`/runs/${before}`}
          leftSection={<IconChevronLeft size={15} aria-hidden />}
        >
          Previous seed
        </Button>
      )}
      {after !== null && next.data?.id === after && (
        <Button
          size="xs"
          variant="default"
          component={PageLink}
          href={`/runs/${after}`}
          rightSection={<IconChevronRight size={15} aria-hidden />}
        >
          Next seed
        </Button>
      )}
      {(run.state === "failed" || run.state === "cancelled") && (
        <Button
          size="xs"
          variant="default"
          loading={retry.isPending}
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={() => retry.mutate()}
        >
          Retry
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        component={PageLink}
        href={compareUrl({ items: [{ run: run.id }, ...(before === null ? [] : [{ run: before }])] })}
      >
        Compare
      </Button>
      {sweep && (
        <Button
          size="xs"
          variant="default"
          component={PageLink}
          href={`/sweeps/new?clone=${sweep.id}`}
          leftSection={<IconCopy size={15} aria-hidden />}
        >
          Clone the sweep
        </Button>
      )}
    </div>
  );
}
