"use client";
import type { Trainer, TrainerId } from "@basin/contracts";
import { formatCount, RelativeTime } from "@basin/ui";
import { Badge, Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, trainersQuery } from "@/api-client/queries";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";
import { Problem, StaleNotice } from "../problems/problem";

const colors = { online: "teal", draining: "yellow", offline: "gray" } as const;

/** Every trainer that ever registered: what it runs on and why, what it does, and whether it is there. */
export function TrainersPage() {
  const client = useQueryClient();
  const query = useQuery(trainersQuery);
  const [draining, setDraining] = useState<Trainer | null>(null);
  const drain = useMutation({
    mutationFn: (trainer: TrainerId) => api("drainTrainer", { params: { trainer } }),
    onSuccess: async (trainer) => {
      reportDone(`${trainer.name} hands its runs back and takes no more.`);
      await client.invalidateQueries({ queryKey: keys.trainers });
    },
    onError: (error) => reportFailure("Draining", error),
  });
  const items = query.data?.items;
  return (
    <>
      <Toasts />
      <h1 style={{ marginBottom: 14 }}>Trainers</h1>
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The list of trainers" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={180} aria-busy="true" aria-label="Loading" />
        )
      ) : (
        <Panel title="Nodes" note={`${formatCount(items.filter(({ state }) => state === "online").length)} online`}>
          <StaleNotice error={query.error} />
          {items.length === 0 ? (
            <p className={tables.empty}>
              No trainer has registered yet. “npm start” brings one along; more of them join by pointing NATS_URL at this stack.
            </p>
          ) : (
            <div className={tables.scroll} tabIndex={0} role="region" aria-label="Trainers">
              <table className={tables.table}>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col">Pool</th>
                    <th scope="col">Backend, and why</th>
                    <th scope="col">Device</th>
                    <th scope="col" className={tables.right}>
                      Slots
                    </th>
                    <th scope="col" className={tables.right}>
                      Runs
                    </th>
                    <th scope="col">Last sign</th>
                    <th scope="col">Host</th>
                    <th scope="col">Version</th>
                    <th scope="col">
                      <span className={tables.unseen}>Commands</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((trainer) => (
                    <tr key={trainer.id}>
                      <td title={trainer.id}>
                        <strong>{trainer.name}</strong>
                      </td>
                      <td>
                        <Badge
                          variant="outline"
                          color={colors[trainer.state]}
                          radius="sm"
                          tt="none"
                          styles={{ root: { color: "var(--ink)", overflow: "visible" }, label: { overflow: "visible" } }}
                        >
                          {trainer.state}
                        </Badge>
                      </td>
                      <td>{trainer.pool}</td>
                      <td className={tables.wrap}>
                        <strong>{trainer.backend}</strong>: {trainer.backendReason}
                      </td>
                      <td>{trainer.device}</td>
                      <td className={tables.right}>{trainer.slots}</td>
                      <td className={tables.right}>{formatCount(trainer.runningRuns)}</td>
                      <td>
                        <RelativeTime time={trainer.lastSignAt} />
                      </td>
                      <td>{trainer.host}</td>
                      <td>{trainer.version}</td>
                      <td className={tables.right}>
                        {trainer.state === "online" && (
                          <Button
                            size="compact-sm"
                            variant="default"
                            loading={drain.isPending && drain.variables === trainer.id}
                            aria-label={`Drain ${trainer.name}`}
                            onClick={() => setDraining(trainer)}
                          >
                            Drain …
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      )}
      <Modal opened={draining !== null} onClose={() => setDraining(null)} title={`Drain ${draining?.name ?? ""}?`} centered>
        <Text size="sm">
          It checkpoints and hands back its {formatCount(draining?.runningRuns ?? 0)} runs, which go to other trainers, and takes
          no more until it is started again.
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setDraining(null)} data-autofocus>
            Leave it
          </Button>
          <Button
            onClick={() => {
              if (draining) drain.mutate(draining.id);
              setDraining(null);
            }}
          >
            Drain
          </Button>
        </Group>
      </Modal>
    </>
  );
}
