"use client";
import { messageOf } from "@basin/contracts";
import type { RouteName, Sweep } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys } from "@/api-client/route-query";
import { PageLink } from "@/features/layout/page-link";
import { compareUrl } from "../compare/compare-url";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";

type Command = Extract<RouteName, "pauseSweep" | "resumeSweep" | "cancelSweep">;

const commands: Record<Command, { name: string; done: string; states: readonly Sweep["state"][] }> = {
  pauseSweep: { name: "Pausing", done: "paused", states: ["running"] },
  resumeSweep: { name: "Resuming", done: "running again", states: ["paused"] },
  cancelSweep: { name: "Cancelling", done: "cancelled", states: ["running", "paused"] },
};

const sweepsText = (count: number): string => `${formatCount(count)} ${count === 1 ? "sweep" : "sweeps"}`;

/** What can be done with several sweeps at once. */
export function SelectionBar({ sweeps, onDone }: { sweeps: readonly Sweep[]; onDone: () => void }) {
  const client = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const fitting = (command: Command) => sweeps.filter(({ state }) => commands[command].states.includes(state));
  const run = useMutation({
    mutationFn: async (command: Command) => {
      const chosen = fitting(command);
      const answers = await Promise.allSettled(chosen.map(({ id }) => api(command, { params: { sweep: id } })));
      const failed = answers.flatMap((answer) => (answer.status === "rejected" ? [messageOf(answer.reason)] : []));
      return { done: chosen.length - failed.length, failed };
    },
    onSuccess: async ({ done, failed }, command) => {
      await client.invalidateQueries({ queryKey: keys.sweeps });
      if (done > 0) reportDone(`${sweepsText(done)} ${commands[command].done}.`);
      if (failed.length > 0)
        reportFailure(`${commands[command].name} ${sweepsText(failed.length)}`, new Error([...new Set(failed)].join("; ")));
      else onDone();
    },
  });
  const button = (command: Command, text: string, act = () => run.mutate(command)) => {
    const count = fitting(command).length;
    return (
      count > 0 && (
        <Button
          size="xs"
          variant="default"
          loading={run.isPending && run.variables === command}
          disabled={run.isPending}
          onClick={act}
        >
          {text.replace("#", formatCount(count))}
        </Button>
      )
    );
  };
  const unfinished = fitting("cancelSweep").reduce((sum, { counts }) => sum + counts.pending + counts.queued + counts.running, 0);
  return (
    <>
      <Toasts />
      {sweeps.length >= 2 && (
        <Button size="xs" component={PageLink} href={compareUrl({ items: sweeps.map(({ id }) => ({ sweep: id, group: {} })) })}>
          Compare {formatCount(sweeps.length)}
        </Button>
      )}
      {button("pauseSweep", "Pause #")}
      {button("resumeSweep", "Resume #")}
      {button("cancelSweep", "Cancel # …", () => setConfirming(true))}
      <Button size="xs" variant="subtle" onClick={onDone}>
        Select none
      </Button>
      <ConfirmDialog
        opened={confirming}
        title={`Cancel ${sweepsText(fitting("cancelSweep").length)}?`}
        keep="Keep them running"
        act="Cancel them"
        isFinal
        onAct={() => run.mutate("cancelSweep")}
        onClose={() => setConfirming(false)}
      >
        {formatCount(unfinished)} unfinished runs are stopped for good. Those that finished stay with their results.
      </ConfirmDialog>
    </>
  );
}
