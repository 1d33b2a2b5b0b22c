"use client";
import type { BuildId, Trainer } from "@basin/contracts";
import { formatCount, missing, RelativeTime } from "@basin/ui";
import { Badge, Button } from "@mantine/core";
import { PageLink } from "@/features/layout/page-link";
import { BackendReason } from "./backend-reason";
import type { TrainerActivity } from "./trainer-activity";
import type { LivePack } from "./trainer-changes";
import css from "./trainers.module.css";
import { windowSeconds } from "./use-trainer-activity";

const colors = { online: "teal", draining: "yellow", offline: "gray" } as const;

export interface TrainerCardProps {
  trainer: Trainer;
  /** The control plane's build; null: not known. */
  own: BuildId | null;
  /** Undefined: not known yet. */
  activity: TrainerActivity | null | undefined;
  /** What it said last of its packs; undefined: nothing yet. */
  packs: readonly LivePack[] | undefined;
  busy: boolean;
  onDrain: () => void;
  onUndrain: () => void;
}

/** One trainer: what it runs on and why, what it trains now, how fast, and its last sign. */
export function TrainerCard({ trainer, own, activity, packs, busy, onDrain, onUndrain }: TrainerCardProps) {
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
    ["Build", <code key="build">{trainer.build}</code>],
  ] as const;
  const foreign = own !== null && trainer.state !== "offline" && !trainer.build.startsWith(own);
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
        {trainer.state === "draining" && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            aria-label={`Let ${trainer.name} take packs again`}
            onClick={onUndrain}
            className={css.drain}
          >
            Take packs again
          </Button>
        )}
      </div>
      {trainer.waits !== null && trainer.state === "online" && (
        <p className={css.waits} role="status">
          Takes no pack: {trainer.waits}
        </p>
      )}
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
          {foreign && (
            <p className={css.none}>
              Its build is not the control plane’s (<code>{own}</code>): it trains sweeps that are given to its own.
            </p>
          )}
        </div>
        <div>
          <h3>Packs</h3>
          {packs === undefined || packs.length === 0 ? (
            <p className={css.none}>{packs === undefined && trainer.state !== "offline" ? "…" : "none"}</p>
          ) : (
            <ul className={css.packs}>
              {packs.slice(0, 12).map(({ pack, sweep, runs, step }) => (
                <li key={pack}>
                  {formatCount(runs)} {runs === 1 ? "run" : "runs"} of <PageLink href={`/sweeps/${sweep}`}>{sweep}</PageLink>,
                  step {formatCount(step)}
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
