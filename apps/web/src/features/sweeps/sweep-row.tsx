import { RunId, type Sweep } from "@basin/contracts";
import { exactNumber, formatCount, formatNumber, RelativeTime, RunProgress } from "@basin/ui";
import { PageLink } from "@/features/layout/page-link";
import { SweepStateBadge } from "./sweep-state-badge";
import css from "./sweeps.module.css";

/** One sweep of the list: what it is, how far it is and what it found. */
export function SweepRow({ sweep }: { sweep: Sweep }) {
  return (
    <li className={css.row}>
      <div className={css.what}>
        <PageLink href={`/sweeps/${sweep.id}`} className={css.name}>
          {sweep.name}
        </PageLink>
        <div className={css.meta}>
          <code>{sweep.id}</code>
          <span>{sweep.spec.experiment}</span>
          {sweep.spec.tags.map((tag) => (
            <span key={tag} className={css.tag}>
              {tag}
            </span>
          ))}
        </div>
      </div>
      <div className={css.state}>
        <SweepStateBadge state={sweep.state} />
        <span className={css.when}>
          <RelativeTime time={sweep.createdAt} />
        </span>
      </div>
      <RunProgress counts={sweep.counts} label={`Progress of ${sweep.name}`} quiet={["pending"]} />
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
          {sweep.trialsPlanned === null ? "?" : formatCount(sweep.trialsPlanned)} × {formatCount(sweep.seedCount)} seeds
        </div>
      </div>
    </li>
  );
}
