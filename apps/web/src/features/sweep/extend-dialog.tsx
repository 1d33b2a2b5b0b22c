"use client";
import { messageOf } from "@basin/contracts";
import type { ExtendSweep, Sweep } from "@basin/contracts";
import { Button, Group, Modal, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { apiOnce } from "@/api-client/api";
import { keys, showSweep } from "@/api-client/route-query";
import { spentText } from "../budget/budget-bars";
import { reportDone } from "../layout/toasts";
import { BudgetFields } from "../new-sweep/budget-section";
import type { Draft } from "../new-sweep/draft";
import { draftOfBudget, readBudget } from "../new-sweep/sweep-draft";

/** A whole number ≥ 1, undefined for an empty text, null for anything else. */
function count(text: string): number | undefined | null {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 ? value : null;
}

export interface ExtendDialogProps {
  sweep: Sweep;
  /** What a step of the experiment is. */
  stepUnit: string;
  opened: boolean;
  onClose: () => void;
}

/** More initializations for every trial, another budget, and more trials where the search has a budget of them. */
export function ExtendDialog({ sweep, stepUnit, opened, onClose }: ExtendDialogProps) {
  const client = useQueryClient();
  const [seedsText, setSeeds] = useState("");
  const [trialsText, setTrials] = useState("");
  const [seeds, trials] = [count(seedsText), count(trialsText)];
  const [changed, setChanged] = useState<Draft | null>(null);
  const draft = changed ?? draftOfBudget(sweep.spec.budget);
  const { budget, issues } = readBudget(draft);
  const rebudgeted = JSON.stringify(budget) !== JSON.stringify(sweep.spec.budget ?? {});
  const spent = sweep.usage.spent;
  const budgeted = sweep.spec.search.algorithm !== "grid";
  const extend = useMutation({
    mutationFn: (body: ExtendSweep) => apiOnce("extendSweep", { params: { sweep: sweep.id }, body }),
    onSuccess: async (answer) => {
      showSweep(client, answer);
      await client.invalidateQueries({ queryKey: keys.runs(sweep.id) });
      reportDone("Extended.");
      setSeeds("");
      setTrials("");
      setChanged(null);
      onClose();
    },
  });
  const body: ExtendSweep = {
    ...(seeds ? { seeds } : {}),
    ...(trials ? { trials } : {}),
    ...(rebudgeted ? { budget } : {}),
  };
  const valid = seeds !== null && trials !== null && issues.length === 0 && Object.keys(body).length > 0;
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
        {spent !== null && (
          <Text size="sm" mt="md">
            {spentText[spent]} A larger budget lets it go on, with what was cancelled first.
          </Text>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} mt="sm" spacing="sm">
          <BudgetFields
            form={{
              draft,
              change: setChanged,
              wrong: (path) => issues.find((issue) => issue.path === path)?.message,
              experiment: null,
              stepUnit,
            }}
          />
        </SimpleGrid>
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
