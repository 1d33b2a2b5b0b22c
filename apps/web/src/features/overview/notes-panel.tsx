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
import css from "./overview.module.css";

/** What the sweep is for: name, tags and notes, to be read and changed. */
export function NotesPanel({ sweep }: { sweep: Sweep }) {
  const [editing, setEditing] = useState(false);
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
          <p className={notes === "" ? css.soft : css.notes}>
            {notes === "" ? "No notes. Say what this sweep is to find out." : notes}
          </p>
        </>
      )}
    </Panel>
  );
}

function NotesForm({ sweep, onClose }: { sweep: Sweep; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(sweep.name);
  const [tags, setTags] = useState<string[]>(sweep.spec.tags);
  const [notes, setNotes] = useState(sweep.spec.notes);
  const save = useMutation({
    mutationFn: (body: SweepPatch) => api("patchSweep", { params: { sweep: sweep.id }, body }),
    onSuccess: async (answer) => {
      showSweep(client, answer);
      await client.invalidateQueries({ queryKey: keys.sweeps });
      reportDone("Saved.");
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ name: name.trim(), tags, notes });
      }}
    >
      <TextInput label="Name" required maxLength={120} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TagsInput mt="sm" label="Tags" description="Enter or comma ends a tag" maxTags={20} value={tags} onChange={setTags} />
      <Textarea
        mt="sm"
        label="Notes"
        autosize
        minRows={3}
        maxLength={10_000}
        value={notes}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
      {save.error && (
        <Text c="var(--bad)" size="sm" mt="sm" role="alert">
          {messageOf(save.error)}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
        <Button size="xs" type="submit" disabled={name.trim() === ""} loading={save.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
