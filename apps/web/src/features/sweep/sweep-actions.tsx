"use client";
import type { RouteName, Sweep } from "@basin/contracts";
import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlus, IconRefresh, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { type ReactNode, useState } from "react";
import { api } from "@/api-client/api";
import { showSweep } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { reportDone, reportFailure } from "../layout/toasts";
import { ExtendDialog } from "./extend-dialog";
import { formatCount } from "@basin/ui";
import css from "./sweep.module.css";

type Command = Extract<RouteName, "pauseSweep" | "resumeSweep" | "cancelSweep" | "retryFailed">;

const commands: Record<Command, { name: string; done: string }> = {
  pauseSweep: { name: "Pausing", done: "Paused. Running runs are checkpointed and handed back." },
  resumeSweep: { name: "Resuming", done: "Running again." },
  cancelSweep: { name: "Cancelling", done: "Cancelled. Finished runs stay." },
  retryFailed: { name: "Retrying", done: "Failed runs are tried again." },
};

/** Pause, resume, cancel, retry, extend, clone: those that make sense in the sweep's state. */
export function SweepActions({ sweep, stepUnit }: { sweep: Sweep; stepUnit: string }) {
  const client = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const [extending, setExtending] = useState(false);
  const run = useMutation({
    mutationFn: (command: Command) => api(command, { params: { sweep: sweep.id } }),
    onSuccess: (answer, command) => {
      showSweep(client, answer);
      reportDone(commands[command].done);
    },
    onError: (error, command) => reportFailure(commands[command].name, error),
  });
  const busy = (command: Command) => run.isPending && run.variables === command;
  const button = (command: Command, text: string, icon: ReactNode, act = () => run.mutate(command)) => (
    <Button size="xs" variant="default" leftSection={icon} loading={busy(command)} disabled={run.isPending} onClick={act}>
      {text}
    </Button>
  );
  const open = sweep.state === "running" || sweep.state === "paused";
  const unfinished = sweep.counts.pending + sweep.counts.queued + sweep.counts.running;
  return (
    <div className={css.actions}>
      {sweep.state === "running" && button("pauseSweep", "Pause", <IconPlayerPause size={15} aria-hidden />)}
      {sweep.state === "paused" && button("resumeSweep", "Resume", <IconPlayerPlay size={15} aria-hidden />)}
      {open && button("cancelSweep", "Cancel …", <IconX size={15} aria-hidden />, () => setConfirming(true))}
      {sweep.counts.failed > 0 &&
        sweep.state !== "cancelled" &&
        button("retryFailed", `Retry ${formatCount(sweep.counts.failed)} failed`, <IconRefresh size={15} aria-hidden />)}
      {sweep.state !== "cancelled" && (
        <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setExtending(true)}>
          Extend …
        </Button>
      )}
      <Button size="xs" variant="default" component={PageLink} href={`/sweeps/new?clone=${sweep.id}`}>
        Clone
      </Button>
      <ConfirmDialog
        opened={confirming}
        title="Cancel this sweep?"
        keep="Keep it running"
        act="Cancel the sweep"
        isFinal
        onAct={() => run.mutate("cancelSweep")}
        onClose={() => setConfirming(false)}
      >
        {formatCount(unfinished)} unfinished runs are stopped for good. The {formatCount(sweep.counts.succeeded)} that finished
        stay with their results.
      </ConfirmDialog>
      <ExtendDialog sweep={sweep} stepUnit={stepUnit} opened={extending} onClose={() => setExtending(false)} />
    </div>
  );
}
