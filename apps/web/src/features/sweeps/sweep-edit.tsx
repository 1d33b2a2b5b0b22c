"use client";
import { ApiError, type Sweep, type SweepPatch, messageOf } from "@basin/contracts";
import { Button, Group, TagsInput, Textarea, TextInput } from "@mantine/core";
import { type InfiniteData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import css from "./sweeps.module.css";
import { facetsQuery } from "./sweeps-toolbar";

type Pages = InfiniteData<{ items: Sweep[]; next: string | null; total: number | null }>;

/** What a sweep is called and what is remembered about it. Ctrl-Enter keeps it, Esc leaves it. */
export function SweepEdit({ sweep, onClose }: { sweep: Sweep; onClose: () => void }) {
  const client = useQueryClient();
  const { data: facets } = useQuery(facetsQuery);
  const [name, setName] = useState(sweep.name);
  const [tags, setTags] = useState(sweep.spec.tags);
  const [notes, setNotes] = useState(sweep.spec.notes);
  const save = useMutation({
    mutationFn: () => {
      const changes: SweepPatch = { tags, notes, ...(name.trim() === sweep.name ? {} : { name: name.trim() }) };
      return api("patchSweep", { params: { sweep: sweep.id }, body: changes });
    },
    onSuccess: async (changed) => {
      showSweep(client, changed);
      client.setQueriesData<Pages>({ queryKey: keys.sweeps }, (pages) =>
        pages
          ? {
              ...pages,
              pages: pages.pages.map((page) => ({
                ...page,
                items: page.items.map((each) => (each.id === changed.id ? changed : each)),
              })),
            }
          : pages,
      );
      onClose();
      await client.invalidateQueries({ queryKey: facetsQuery.queryKey });
    },
  });
  const issues = save.error instanceof ApiError ? save.error.issues : [];
  const wrong = (field: string) => issues.find(({ path }) => path === field || path.startsWith(`${field}[`))?.message;
  return (
    <form
      className={css.edit}
      aria-label={`Edit ${sweep.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          save.mutate();
        }
      }}
    >
      <TextInput
        label="Name"
        maxLength={120}
        value={name}
        error={wrong("name")}
        onChange={(event) => setName(event.currentTarget.value)}
        autoFocus
      />
      <TagsInput
        label="Tags"
        placeholder="Enter adds one"
        acceptValueOnBlur
        data={facets?.tags.map(({ value }) => value) ?? []}
        value={tags}
        error={wrong("tags")}
        onChange={setTags}
      />
      <Textarea
        label="Notes"
        autosize
        minRows={2}
        maxRows={12}
        value={notes}
        error={wrong("notes")}
        onChange={(event) => setNotes(event.currentTarget.value)}
      />
      {save.error && issues.length === 0 && (
        <p role="alert" className={css.lost}>
          {messageOf(save.error)}
        </p>
      )}
      <Group justify="flex-end">
        <Button variant="default" size="xs" onClick={onClose}>
          Leave it
        </Button>
        <Button type="submit" size="xs" loading={save.isPending}>
          Keep
        </Button>
      </Group>
    </form>
  );
}
