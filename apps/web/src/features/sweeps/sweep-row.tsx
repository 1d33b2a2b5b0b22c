"use client";
import { RunId, type Sweep } from "@basin/contracts";
import { exactNumber, formatCount, formatNumber, formatPercent, RelativeTime, RunProgress } from "@basin/ui";
import { IconPencil } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { PageLink } from "@/features/layout/page-link";
import { SweepStateBadge } from "./sweep-state-badge";
import css from "./sweeps.module.css";
import { setFilter } from "./sweeps-toolbar";

// Needed only once something is edited.
const SweepEdit = dynamic(() => import("./sweep-edit").then((module) => module.SweepEdit), { ssr: false });

export interface SweepRowProps {
  sweep: Sweep;
  selected: boolean;
  onSelect: (on: boolean) => void;
}

/** One sweep of the list: what it is, how far it is, what it found and what failed. */
export function SweepRow({ sweep, selected, onSelect }: SweepRowProps) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const { tags, notes, experiment } = sweep.spec;
  const lost = sweep.counts.failed + sweep.counts.diverged;
  return (
    <li className={css.row} data-selected={selected || undefined}>
      <input
        type="checkbox"
        className={css.check}
        aria-label={`Select ${sweep.name}`}
        checked={selected}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <div className={css.what}>
        <PageLink href={`/sweeps/${sweep.id}`} className={css.name}>
          {sweep.name}
        </PageLink>
        <div className={css.meta}>
          <code>{sweep.id}</code>
          <span>{experiment}</span>
          <button
            type="button"
            className={css.plain}
            title="Sweeps of this owner"
            onClick={() => setFilter("owner", sweep.owner)}
          >
            {sweep.owner}
          </button>
          {tags.map((tag) => (
            <button
              key={tag}
              type="button"
              className={css.tag}
              title="Sweeps with this tag"
              onClick={() => setFilter("tag", tag)}
            >
              {tag}
            </button>
          ))}
          <button
            ref={pencil}
            type="button"
            className={css.pencil}
            aria-label={`Edit name, tags and notes of ${sweep.name}`}
            title="Edit name, tags and notes"
            aria-expanded={editing}
            onClick={() => setEditing(!editing)}
          >
            <IconPencil size={14} aria-hidden />
          </button>
        </div>
        {notes !== "" && !editing && (
          <div className={css.notes} title={notes}>
            {notes}
          </div>
        )}
      </div>
      <div className={css.state}>
        <SweepStateBadge state={sweep.state} waits={sweep.state === "running" && sweep.startedAt === null} />
        {sweep.waiting !== null && (
          <span className={css.when} title="No trainer of the build that trained its runs is there">
            waits for its build
          </span>
        )}
        <span className={css.when}>
          <RelativeTime time={sweep.createdAt} />
        </span>
      </div>
      <div className={css.progress}>
        <RunProgress
          counts={sweep.counts}
          label={`Progress of ${sweep.name}`}
          met={sweep.success?.met ?? null}
          quiet={["pending"]}
        />
      </div>
      <div className={css.result}>
        <div className={css.metric}>
          {sweep.objective.direction === "minimize" ? "lowest" : "highest"} {sweep.objective.metric}
        </div>
        <div className={css.best} title={exactNumber(sweep.best?.value)}>
          {sweep.best ? (
            <PageLink
              href={`/runs/${RunId.parse(sweep.best.run)}`}
              aria-label={`Best run of ${sweep.name}: ${formatNumber(sweep.best.value)}`}
            >
              {formatNumber(sweep.best.value)}
            </PageLink>
          ) : (
            "–"
          )}
        </div>
        <div className={css.size}>
          {sweep.trialsPlanned === null ? "?" : formatCount(sweep.trialsPlanned)} × {formatCount(sweep.seedCount)}{" "}
          {sweep.seedCount === 1 ? "seed" : "seeds"}
        </div>
        {sweep.success !== null && sweep.success.of > 0 && (
          <div
            className={css.success}
            title={`${formatCount(sweep.success.met)} of ${formatCount(sweep.success.of)} runs that ended by themselves met the experiment's criterion`}
          >
            success {formatPercent(sweep.success.met / sweep.success.of)}
          </div>
        )}
        {lost > 0 && (
          <div
            className={css.lost}
            title={`${formatCount(sweep.counts.failed)} failed, ${formatCount(sweep.counts.diverged)} diverged`}
          >
            {formatCount(lost)} without result
          </div>
        )}
      </div>
      {editing && (
        <SweepEdit
          sweep={sweep}
          onClose={() => {
            setEditing(false);
            pencil.current?.focus();
          }}
        />
      )}
    </li>
  );
}
