"use client";
import { messageOf } from "@basin/contracts";
import type { Sweep, SweepPatch } from "@basin/contracts";
import { Button, Group, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import { reportDone } from "../layout/toasts";
import { Notes } from "../notes/notes";
import css from "./overview.module.css";

interface Draft {
  name: string;
  tags: string[];
  notes: string;
}

/** What was typed and not saved, by sweep: another tab of the page, or another page, leaves it. */
const unsaved = new Map<string, Draft>();

/** What the sweep is for: name, tags and notes, to be read and changed. */
export function NotesPanel({ sweep }: { sweep: Sweep }) {
  const [editing, setEditing] = useState(() => unsaved.has(sweep.id));
  const { tags, notes } = sweep.spec;
  return (
    <Panel
      title="Notes"
      actions={
        !editing && (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      {editing ? (
        <NotesForm sweep={sweep} onClose={() => setEditing(false)} />
      ) : (
        <>
          {tags.length > 0 && (
            <ul className={css.tags} aria-label="Tags">
              {tags.map((tag) => (
                <li key={tag}>{tag}</li>
              ))}
            </ul>
          )}
          {notes === "" ? <p className={css.soft}>No notes. Say what this sweep is to find out.</p> : <Notes text={notes} />}
        </>
      )}
    </Panel>
  );
}

function NotesForm({ sweep, onClose }: { sweep: Sweep; onClose: () => void }) {
  const client = useQueryClient();
  const [{ name, tags, notes }, setDraft] = useState(
    (): Draft => unsaved.get(sweep.id) ?? { name: sweep.name, tags: sweep.spec.tags, notes: sweep.spec.notes },
  );
  const change = (part: Partial<Draft>) => {
    const next = { name, tags, notes, ...part };
    unsaved.set(sweep.id, next);
    setDraft(next);
  };
  const close = () => {
    unsaved.delete(sweep.id);
    onClose();
  };
  const save = useMutation({
    mutationFn: (body: SweepPatch) => api("patchSweep", { params: { sweep: sweep.id }, body }),
    onSuccess: async (answer) => {
      showSweep(client, answer);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      reportDone("Saved.");
      close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ name: name.trim(), tags, notes });
      }}
    >
      <TextInput
        label="Name"
        required
        maxLength={120}
        value={name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TagsInput
        mt="sm"
        label="Tags"
        description="Enter or comma ends a tag"
        maxTags={20}
        value={tags}
        onChange={(next) => change({ tags: next })}
      />
      <Textarea
        mt="sm"
        label="Notes"
        description="Markdown; formulas between $ and $ or $$ and $$; ids of runs and sweeps become links"
        autosize
        minRows={3}
        maxLength={10_000}
        value={notes}
        onChange={(event) => change({ notes: event.currentTarget.value })}
      />
      {save.error && (
        <Text c="var(--bad)" size="sm" mt="sm" role="alert">
          {messageOf(save.error)}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button size="xs" variant="default" onClick={close}>
          Discard
        </Button>
        <Button size="xs" type="submit" disabled={name.trim() === ""} loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
