"use client";
import type { RunId, Sweep } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import { compareUrl } from "../compare/compare-url";
import { PageLink } from "../layout/page-link";
import { reportDone, reportFailure } from "../layout/toasts";
import css from "./runs-table.module.css";

/** More would not be told apart. */
const mostCompared = 50;

/** What can be done with the selected runs. */
export function BulkActions({ sweep, selected, onClear }: { sweep: Sweep; selected: readonly RunId[]; onClear: () => void }) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (command: "retryRuns" | "cancelRuns") =>
      api(command, { params: { sweep: sweep.id }, body: { runs: [...selected] } }),
    onSuccess: async ({ changed, unchanged, sweep: answer }, command) => {
      showSweep(client, answer);
      reportDone(
        `${formatCount(changed)} runs ${command === "retryRuns" ? "are tried again" : "cancelled"}${unchanged > 0 ? `; ${formatCount(unchanged)} are in a state that does not allow it` : ""}.`,
      );
      await client.invalidateQueries({ queryKey: keys.runs(sweep.id) });
    },
    onError: (error, command) => reportFailure(command === "retryRuns" ? "Retrying" : "Cancelling", error),
  });
  const none = selected.length === 0;
  return (
    <div className={css.bulk} role="group" aria-label="Selected runs">
      <span aria-live="polite">{formatCount(selected.length)} selected</span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={none}
        loading={act.isPending && act.variables === "retryRuns"}
        onClick={() => act.mutate("retryRuns")}
      >
        Retry
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        disabled={none}
        loading={act.isPending && act.variables === "cancelRuns"}
        onClick={() => act.mutate("cancelRuns")}
      >
        Cancel
      </Button>
      {none ? (
        <Button size="compact-xs" variant="default" disabled>
          Compare
        </Button>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          component={PageLink}
          href={compareUrl({ items: selected.slice(0, mostCompared).map((run) => ({ run })) })}
        >
          Compare{selected.length > mostCompared ? ` the first ${mostCompared}` : ""}
        </Button>
      )}
      <Button size="compact-xs" variant="default" disabled={none} onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
