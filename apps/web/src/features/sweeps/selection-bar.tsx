"use client";
import type { Sweep } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button, TagsInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { keys } from "@/api-client/route-query";
import { PageLink } from "@/features/layout/page-link";
import { compareUrl } from "../compare/compare-url";
import { ConfirmDialog } from "../layout/confirm-dialog";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";
import { commandSweeps, type SelectionCommand, selectionCommands, sweepsText, type TagChange } from "./selection-commands";
import { facetsQuery } from "./sweeps-toolbar";

const nothing: TagChange = { add: [], remove: [] };
/** Names in a dialog or a message; what is more is counted. */
const mostNamed = 8;

const named = (sweeps: readonly Sweep[]): string => {
  const names = sweeps.slice(0, mostNamed).map(({ name }) => name);
  return `${names.join(", ")}${sweeps.length > mostNamed ? ` and ${formatCount(sweeps.length - mostNamed)} more` : ""}`;
};

/** What can be done with several sweeps at once: asked once, and said of each that it failed for. */
export function SelectionBar({ sweeps, onDone }: { sweeps: readonly Sweep[]; onDone: () => void }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<SelectionCommand | null>(null);
  const [tags, setTags] = useState(nothing);
  const { data: facets } = useQuery(facetsQuery);
  const run = useMutation({
    mutationFn: (command: SelectionCommand) => commandSweeps(command, sweeps.filter(selectionCommands[command].fits), tags),
    onSuccess: async ({ done, failed }, command) => {
      const { name, done: state } = selectionCommands[command];
      if (done.length > 0) reportDone(`${sweepsText(done.length)} ${state}.`);
      for (const { sweep, reason } of failed.slice(0, mostNamed)) reportFailure(`${name} ${sweep.name}`, new Error(reason));
      if (failed.length > mostNamed)
        reportFailure(`${name} ${sweepsText(failed.length - mostNamed)} more`, new Error("look at each one's page"));
      await client.invalidateQueries({ queryKey: keys.sweeps });
      await client.invalidateQueries({ queryKey: facetsQuery.queryKey });
      if (failed.length === 0) onDone();
    },
  });
  const fitting = asked === null ? [] : sweeps.filter(selectionCommands[asked].fits);
  const left = sweeps.length - fitting.length;
  const unfinished = fitting.reduce((sum, { counts }) => sum + counts.pending + counts.queued + counts.running, 0);
  const meaning: Record<SelectionCommand, ReactNode> = {
    pauseSweep: "What trains is checkpointed and handed back; they can be resumed.",
    resumeSweep: "They go on where they stopped.",
    cancelSweep: `${formatCount(unfinished)} unfinished runs are stopped for good. Those that finished stay with their results.`,
    tag: (
      <>
        <TagsInput
          label="Tags to add"
          data={facets?.tags.map(({ value }) => value) ?? []}
          value={[...tags.add]}
          onChange={(add) => setTags({ ...tags, add })}
          acceptValueOnBlur
        />
        <TagsInput
          mt="sm"
          label="Tags to take away"
          data={[...new Set(fitting.flatMap(({ spec }) => spec.tags))]}
          value={[...tags.remove]}
          onChange={(remove) => setTags({ ...tags, remove })}
          acceptValueOnBlur
        />
      </>
    ),
    archiveSweep: "They are left out of this list until it is asked for the archived ones.",
    unarchiveSweep: "They are shown in the list again.",
    deleteSweep:
      "They go into the bin, from which they can be restored for some days; then runs, points and artifacts are removed.",
  };
  return (
    <>
      <Toasts />
      {sweeps.length >= 2 && (
        <Button size="xs" component={PageLink} href={compareUrl({ items: sweeps.map(({ id }) => ({ sweep: id, group: {} })) })}>
          Compare {formatCount(sweeps.length)}
        </Button>
      )}
      {(Object.keys(selectionCommands) as SelectionCommand[]).map((command) => {
        const count = sweeps.filter(selectionCommands[command].fits).length;
        return (
          count > 0 && (
            <Button
              key={command}
              size="xs"
              variant="default"
              loading={run.isPending && run.variables === command}
              disabled={run.isPending}
              onClick={() => {
                setTags(nothing);
                setAsked(command);
              }}
            >
              {selectionCommands[command].button} {formatCount(count)} …
            </Button>
          )
        );
      })}
      <Button size="xs" variant="subtle" onClick={onDone}>
        Select none
      </Button>
      <ConfirmDialog
        opened={asked !== null}
        title={asked === null ? "" : `${selectionCommands[asked].button} ${sweepsText(fitting.length)}?`}
        keep="Leave them"
        act={asked === null ? "" : `${selectionCommands[asked].button} them`}
        isFinal={asked === "cancelSweep" || asked === "deleteSweep"}
        onAct={() => asked !== null && run.mutate(asked)}
        onClose={() => setAsked(null)}
      >
        {named(fitting)}.
        {left > 0 && ` ${sweepsText(left)} of the selected ones ${left === 1 ? "is" : "are"} in a state that does not allow it.`}
        <br />
        {asked !== null && meaning[asked]}
      </ConfirmDialog>
    </>
  );
}
