"use client";
import type { Bin } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys } from "@/api-client/route-query";
import { reportDone, reportFailure } from "../layout/toasts";

/** Asks a second time: how many things go has to be typed. */
export function EmptyDialog({ bin, onClose }: { bin: Bin; onClose: () => void }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const runs = bin.sweeps.reduce((sum, sweep) => sum + sweep.runs, 0);
  const empty = useMutation({
    mutationFn: () => api("emptyBin", { body: { count: Number(typed) } }),
    onSuccess: ({ removed }) => {
      reportDone(`${formatCount(removed)} removed for good.`);
      onClose();
    },
    onError: (error) => reportFailure("Emptying the bin", error),
    onSettled: () => client.invalidateQueries({ queryKey: keys.bin }),
  });
  return (
    <Modal opened onClose={onClose} title="Empty the bin?" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          empty.mutate();
        }}
      >
        <Text size="sm">
          {formatCount(bin.sweeps.length)} sweeps with {formatCount(runs)} runs, their points and artifacts, and{" "}
          {formatCount(bin.datasets.length)} datasets are removed. Nothing brings them back but a backup.
        </Text>
        <TextInput
          mt="md"
          label={`Type ${bin.count}, the number of things, to go on`}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Keep them
          </Button>
          <Button type="submit" color="red" disabled={typed.trim() !== String(bin.count)} loading={empty.isPending}>
            Remove for good
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
