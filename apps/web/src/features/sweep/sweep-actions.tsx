"use client";
import type { Sweep, SweepCommand } from "@basin/contracts";
import { Button } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconRefresh,
  IconRestore,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PageLink } from "@/features/layout/page-link";
import { type ReactNode, useState } from "react";
import { api } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { dayOf } from "../bin/day-of";
import { reportDone, reportFailure } from "../layout/toasts";
import { ExtendDialog } from "./extend-dialog";
import { formatCount } from "@basin/ui";
import css from "./sweep.module.css";

const commands: Record<SweepCommand, { name: string; done: string }> = {
  pauseSweep: { name: "Pausing", done: "Paused. Running runs are checkpointed and handed back." },
  resumeSweep: { name: "Resuming", done: "Running again." },
  cancelSweep: { name: "Cancelling", done: "Cancelled. Finished runs stay." },
  retryFailed: { name: "Retrying", done: "Failed runs are tried again." },
  archiveSweep: { name: "Archiving", done: "Archived: lists leave it out." },
  unarchiveSweep: { name: "Taking out of the archive", done: "In lists again." },
  deleteSweep: { name: "Deleting", done: "In the bin." },
  restoreSweep: { name: "Restoring", done: "Restored." },
};

/** Pause, resume, cancel, retry, extend, clone: those that make sense in the sweep's state. */
export function SweepActions({ sweep, stepUnit }: { sweep: Sweep; stepUnit: string }) {
  const client = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [extending, setExtending] = useState(false);
  const run = useMutation({
    mutationFn: (command: SweepCommand) => api(command, { params: { sweep: sweep.id } }),
    onSuccess: async (answer, command) => {
      showSweep(client, answer);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      reportDone(commands[command].done);
    },
    onError: (error, command) => reportFailure(commands[command].name, error),
  });
  const busy = (command: SweepCommand) => run.isPending && run.variables === command;
  const button = (command: SweepCommand, text: string, icon: ReactNode, act = () => run.mutate(command)) => (
    <Button size="xs" variant="default" leftSection={icon} loading={busy(command)} disabled={run.isPending} onClick={act}>
      {text}
    </Button>
  );
  const open = sweep.state === "running" || sweep.state === "paused";
  if (sweep.binnedUntil !== null)
    return (
      <div className={css.actions} role="status">
        <span>In the bin until {dayOf(sweep.binnedUntil)}</span>
        {button("restoreSweep", "Restore", <IconRestore size={15} aria-hidden />)}
      </div>
    );
  const unfinished = sweep.counts.pending + sweep.counts.queued + sweep.counts.running;
  return (
    <div className={css.actions}>
      {sweep.state === "running" && button("pauseSweep", "Pause", <IconPlayerPause size={15} aria-hidden />)}
      {sweep.state === "paused" && button("resumeSweep", "Resume", <IconPlayerPlay size={15} aria-hidden />)}
      {open && button("cancelSweep", "Cancel …", <IconX size={15} aria-hidden />, () => setConfirming(true))}
      {sweep.counts.failed > 0 &&
        sweep.state !== "cancelled" &&
        sweep.archivedAt === null &&
        button("retryFailed", `Retry ${formatCount(sweep.counts.failed)} failed`, <IconRefresh size={15} aria-hidden />)}
      {sweep.state !== "cancelled" && sweep.archivedAt === null && (
        <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setExtending(true)}>
          Extend …
        </Button>
      )}
      <Button size="xs" variant="default" component={PageLink} href={`/sweeps/new?clone=${sweep.id}`}>
        Clone
      </Button>
      {sweep.archivedAt !== null
        ? button("unarchiveSweep", "Unarchive", <IconArchiveOff size={15} aria-hidden />)
        : sweep.state !== "running" && button("archiveSweep", "Archive", <IconArchive size={15} aria-hidden />)}
      {!open && button("deleteSweep", "Delete …", <IconTrash size={15} aria-hidden />, () => setDeleting(true))}
      <ConfirmDialog
        opened={confirming}
        title="Cancel this sweep?"
        keep={sweep.state === "running" ? "Keep it running" : "Keep it paused"}
        act="Cancel the sweep"
        isFinal
        onAct={() => run.mutate("cancelSweep")}
        onClose={() => setConfirming(false)}
      >
        {formatCount(unfinished)} unfinished runs are stopped for good. The {formatCount(sweep.counts.succeeded)} that finished
        stay with their results.
      </ConfirmDialog>
      <ConfirmDialog
        opened={deleting}
        title={`Delete ${sweep.name}?`}
        keep="Keep it"
        act="Delete the sweep"
        isFinal
        onAct={() => run.mutate("deleteSweep")}
        onClose={() => setDeleting(false)}
      >
        It goes into the bin, from which it can be restored for some days. Then its{" "}
        {formatCount(sweep.counts.succeeded + sweep.counts.diverged + sweep.counts.failed)} trained runs are removed, with their
        points and artifacts.
      </ConfirmDialog>
      <ExtendDialog sweep={sweep} stepUnit={stepUnit} opened={extending} onClose={() => setExtending(false)} />
    </div>
  );
}
