"use client";
import type { Trainer } from "@basin/contracts";
import { formatCount, missing, RelativeTime } from "@basin/ui";
import { Badge, Button } from "@mantine/core";
import { PageLink } from "@/features/layout/page-link";
import { BackendReason } from "./backend-reason";
import type { TrainerActivity } from "./trainer-activity";
import css from "./trainers.module.css";
import { windowSeconds } from "./use-trainer-activity";

const colors = { online: "teal", draining: "yellow", offline: "gray" } as const;

export interface TrainerCardProps {
  trainer: Trainer;
  /** Undefined: not known yet. */
  activity: TrainerActivity | null | undefined;
  busy: boolean;
  onDrain: () => void;
}

/** One trainer: what it runs on and why, what it trains now, how fast, and its last sign. */
export function TrainerCard({ trainer, activity, busy, onDrain }: TrainerCardProps) {
  const packs = activity?.packs ?? [];
  const perMinute = activity ? activity.finished / (windowSeconds / 60) : 0;
  const facts = [
    ["Pool", trainer.pool],
    ["Device", trainer.device],
    ["Slots", formatCount(trainer.slots)],
    ["Runs in training", formatCount(trainer.runningRuns)],
    [
      "Throughput",
      activity === undefined
        ? "…"
        : perMinute === 0
          ? missing
          : `${activity?.more ? "≥ " : ""}${perMinute < 10 ? perMinute.toFixed(1) : formatCount(perMinute)} runs per minute`,
    ],
    ["Host", trainer.host],
    ["Version", trainer.version],
  ] as const;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2 title={trainer.id}>{trainer.name}</h2>
        <Badge
          variant="outline"
          color={colors[trainer.state]}
          radius="sm"
          tt="none"
          styles={{ root: { color: "var(--ink)", overflow: "visible" }, label: { overflow: "visible" } }}
        >
          {trainer.state}
        </Badge>
        <span className={css.sign}>
          last sign <RelativeTime time={trainer.lastSignAt} />
        </span>
        {trainer.state === "online" && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            aria-label={`Drain ${trainer.name}`}
            onClick={onDrain}
            className={css.drain}
          >
            Drain …
          </Button>
        )}
      </div>
      <div className={css.body}>
        <dl className={css.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div>
          <h3>
            Backend: <code>{trainer.backend}</code>
          </h3>
          <BackendReason reason={trainer.backendReason} />
        </div>
        <div>
          <h3>Packs</h3>
          {packs.length === 0 ? (
            <p className={css.none}>{activity === undefined ? "…" : trainer.runningRuns > 0 ? "starting" : "none"}</p>
          ) : (
            <ul className={css.packs}>
              {packs.slice(0, 12).map(({ sweep, runs, startedAt }) => (
                <li key={`${sweep} ${startedAt}`}>
                  {formatCount(runs.length)} {runs.length === 1 ? "run" : "runs"} of{" "}
                  <PageLink href={`/sweeps/${sweep}`}>{sweep}</PageLink>, since <RelativeTime time={startedAt} />
                </li>
              ))}
              {packs.length > 12 && <li>and {formatCount(packs.length - 12)} more</li>}
            </ul>
          )}
        </div>
      </div>
    </li>
  );
}
