"use client";
import type { Trainer, TrainerId } from "@basin/contracts";
import { formatCount } from "@basin/ui";
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api-client/api";
import { keys, routeQuery } from "@/api-client/route-query";
import { ConfirmDialog } from "../layout/confirm-dialog";
import tables from "../layout/table.module.css";
import { reportDone, reportFailure, Toasts } from "../layout/toasts";
import { Problem, StaleNotice } from "../problems/problem";
import { TrainerCard } from "./trainer-card";
import css from "./trainers.module.css";
import { useLiveTrainers } from "./use-live-trainers";
import { useTrainerActivity } from "./use-trainer-activity";

const order = { online: 0, draining: 1, offline: 2 } as const;

/** Every trainer that ever registered, by pool: what it runs on and why, what it does, and whether it is there. */
export function TrainersPage() {
  const client = useQueryClient();
  const query = useQuery(routeQuery("listTrainers", {}));
  const [draining, setDraining] = useState<Trainer | null>(null);
  const [gone, setGone] = useState(false);
  const packs = useLiveTrainers();
  const drain = useMutation({
    mutationFn: ({ trainer, on }: { trainer: TrainerId; on: boolean }) =>
      api(on ? "drainTrainer" : "undrainTrainer", { params: { trainer } }),
    onSuccess: async (trainer, { on }) => {
      reportDone(on ? `${trainer.name} hands its runs back and takes no more.` : `${trainer.name} takes packs again.`);
      await client.invalidateQueries({ queryKey: keys.trainers });
    },
    onError: (error, { on }) => reportFailure(on ? "Draining" : "Ending the drain", error),
  });
  const items = query.data?.items;
  const present = items?.filter(({ state }) => state !== "offline") ?? [];
  const activity = useTrainerActivity(present.length > 0);
  const offline = (items?.length ?? 0) - present.length;
  const shown = (gone ? (items ?? []) : present).toSorted(
    (a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name, "en", { numeric: true }),
  );
  const pools = [...new Set(shown.map(({ pool }) => pool))].sort();
  const slots = present.reduce((sum, trainer) => sum + (trainer.state === "online" ? trainer.slots : 0), 0);
  return (
    <>
      <Toasts />
      <div className={css.top}>
        <h1>Trainers</h1>
        {items && (
          <span className={css.sign} role="status">
            {formatCount(present.filter(({ state }) => state === "online").length)} online, {formatCount(slots)}{" "}
            {slots === 1 ? "slot" : "slots"}
          </span>
        )}
        {offline > 0 && (
          <Button size="xs" variant="default" aria-pressed={gone} onClick={() => setGone(!gone)}>
            {gone ? "Hide" : "Show"} {formatCount(offline)} offline
          </Button>
        )}
      </div>
      {items && <StaleNotice error={query.error} />}
      {items === undefined ? (
        query.error ? (
          <Problem error={query.error} what="The list of trainers" onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={180} role="status" aria-busy="true" aria-label="Loading" />
        )
      ) : shown.length === 0 ? (
        <p className={tables.empty}>
          {items.length === 0
            ? "No trainer has registered yet. “npm start” brings one along; more of them join by pointing NATS_URL at this stack."
            : "No trainer is there now; sweeps wait until one comes back."}
        </p>
      ) : (
        pools.map((pool) => (
          <section key={pool} aria-label={`Pool ${pool}`}>
            {pools.length > 1 && <h2 className={css.pool}>Pool {pool}</h2>}
            <ul className={css.list}>
              {shown
                .filter((trainer) => trainer.pool === pool)
                .map((trainer) => (
                  <TrainerCard
                    key={trainer.id}
                    trainer={trainer}
                    own={query.data?.build ?? null}
                    activity={activity && (activity.get(trainer.id) ?? null)}
                    packs={packs.get(trainer.id)}
                    busy={drain.isPending && drain.variables.trainer === trainer.id}
                    onDrain={() => setDraining(trainer)}
                    onUndrain={() => drain.mutate({ trainer: trainer.id, on: false })}
                  />
                ))}
            </ul>
          </section>
        ))
      )}
      <ConfirmDialog
        opened={draining !== null}
        title={`Drain ${draining?.name ?? ""}?`}
        keep="Leave it"
        act="Drain"
        onAct={() => draining && drain.mutate({ trainer: draining.id, on: true })}
        onClose={() => setDraining(null)}
      >
        It checkpoints and hands back its {formatCount(draining?.runningRuns ?? 0)} runs, which go to other trainers, and takes no
        more until you let it.
      </ConfirmDialog>
    </>
  );
}
