"use client";
import type { ExtendSweep, Sweep } from "@basin/contracts";
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, messageOf } from "@/api-client/api";
import { keys } from "@/api-client/queries";
import { reportDone } from "../layout/toasts";

/** A whole number ≥ 1, undefined for an empty text, null for anything else. */
function count(text: string): number | undefined | null {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 ? value : null;
}

/** More initializations for every trial, and more trials where the search has a budget of them. */
export function ExtendDialog({ sweep, opened, onClose }: { sweep: Sweep; opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [seedsText, setSeeds] = useState("");
  const [trialsText, setTrials] = useState("");
  const [seeds, trials] = [count(seedsText), count(trialsText)];
  const budgeted = sweep.spec.search.algorithm !== "grid";
  const extend = useMutation({
    mutationFn: (body: ExtendSweep) => api("extendSweep", { params: { sweep: sweep.id }, body }),
    onSuccess: async (answer) => {
      client.setQueryData(keys.sweep(sweep.id), answer);
      await client.invalidateQueries({ queryKey: keys.runs(sweep.id) });
      reportDone("Extended.");
      setSeeds("");
      setTrials("");
      onClose();
    },
  });
  const body: ExtendSweep = { ...(seeds ? { seeds } : {}), ...(trials ? { trials } : {}) };
  const valid = seeds !== null && trials !== null && (seeds !== undefined || trials !== undefined);
  return (
    <Modal opened={opened} onClose={onClose} title="Extend this sweep" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) extend.mutate(body);
        }}
      >
        <TextInput
          label="More initializations for every trial"
          description={`Now ${sweep.seedCount}; the next seeds follow`}
          inputMode="numeric"
          data-autofocus
          value={seedsText}
          error={seeds === null ? "a whole number of at least 1" : undefined}
          onChange={(event) => setSeeds(event.currentTarget.value)}
        />
        {budgeted && (
          <TextInput
            mt="sm"
            label="More trials"
            description={`Now ${sweep.trialsPlanned ?? sweep.trialsCreated}`}
            inputMode="numeric"
            value={trialsText}
            error={trials === null ? "a whole number of at least 1" : undefined}
            onChange={(event) => setTrials(event.currentTarget.value)}
          />
        )}
        {extend.error && (
          <Text c="var(--bad)" size="sm" mt="sm" role="alert">
            {messageOf(extend.error)}
          </Text>
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" disabled={!valid} loading={extend.isPending}>
            Extend
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
