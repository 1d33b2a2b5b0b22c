"use client";
import { buildName, experimentIdOf, type ExperimentDescriptor, RunId, type Sweep } from "@basin/contracts";
import {
  exactNumber,
  formatCount,
  formatDuration,
  formatNumber,
  progressOf,
  RelativeTime,
  RunProgress,
  Stat,
  useNow,
} from "@basin/ui";
import { PageLink } from "@/features/layout/page-link";
import { SweepStateBadge } from "../sweeps/sweep-state-badge";
import css from "./sweep.module.css";
import { SweepActions } from "./sweep-actions";
import { shortTitle, withinSentence } from "../catalog/metric-title";
import { useProgress } from "../sweep-parts/use-progress";
import { paceText } from "./pace-text";
import { useThroughput } from "./use-throughput";

/** What the sweep is, how far it is, how fast, and what can be done with it. */
export function SweepHeader({ sweep, experiment }: { sweep: Sweep; experiment: ExperimentDescriptor | null }) {
  const throughput = useThroughput(sweep);
  const progress = useProgress(sweep);
  const pace = paceText(throughput, progress, experiment?.stepUnit ?? "step");
  const now = useNow();
  const { finished, total } = progressOf(sweep.counts);
  const metric = experiment?.metrics.find(({ name }) => name === sweep.objective.metric);
  const title = withinSentence(shortTitle(experiment?.metrics ?? [], sweep.objective.metric));
  const end = sweep.finishedAt === null ? now : Date.parse(sweep.finishedAt);
  const seconds = sweep.startedAt === null || end === null ? null : Math.max(0, end - Date.parse(sweep.startedAt)) / 1000;
  return (
    <header className={css.header}>
      <div className={css.titleRow}>
        <div className={css.title}>
          <h1>{sweep.name}</h1>
          <SweepStateBadge state={sweep.state} waits={progress ? progress.waits !== null : false} />
        </div>
        <SweepActions sweep={sweep} stepUnit={experiment?.stepUnit ?? "step"} />
      </div>
      <p className={css.meta}>
        <code>{sweep.id}</code>
        <PageLink href={`/experiments/${experimentIdOf(sweep.spec.experiment)}`}>
          {experiment?.title ?? sweep.spec.experiment}
        </PageLink>
        <span>
          submitted <RelativeTime time={sweep.createdAt} />
        </span>
        {sweep.build !== null && (
          <span>
            build <code>{buildName(sweep.build)}</code>
            {sweep.earlierBuilds.length > 0 && (
              <>
                , continued from <code>{sweep.earlierBuilds.map(buildName).join(", ")}</code>
              </>
            )}
          </span>
        )}
        {sweep.clonedFrom !== null && (
          <span>
            cloned from <PageLink href={`/sweeps/${sweep.clonedFrom}`}>{sweep.clonedFrom}</PageLink>
          </span>
        )}
      </p>
      <div className={css.progress}>
        <RunProgress
          counts={sweep.counts}
          label={`Progress of ${sweep.name}`}
          met={sweep.success?.met ?? null}
          trained={progress?.share ?? null}
        />
        <div className={css.stats}>
          <Stat
            label="Ended"
            value={`${formatCount(finished)} / ${total === null ? "?" : formatCount(total)}`}
            note={`${sweep.trialsPlanned === null ? formatCount(sweep.trialsCreated) : formatCount(sweep.trialsPlanned)} trials × ${formatCount(sweep.seedCount)} seeds`}
          />
          <Stat
            label={`${sweep.objective.direction === "minimize" ? "Lowest" : "Highest"} ${title}`}
            value={
              sweep.best ? (
                <PageLink href={`/runs/${RunId.parse(sweep.best.run)}`}>{formatNumber(sweep.best.value)}</PageLink>
              ) : (
                "–"
              )
            }
            title={exactNumber(sweep.best?.value)}
            note={metric?.unit ?? ""}
          />
          <Stat label="Rate" value={pace.rate} note={pace.unit} />
          <Stat
            label="Time left"
            value={formatDuration(pace.secondsLeft)}
            note={sweep.state === "running" ? "at this rate" : sweep.usage.spent === null ? sweep.state : "budget spent"}
          />
          <Stat label="Duration" value={formatDuration(seconds)} note={sweep.startedAt === null ? "not started" : ""} />
        </div>
      </div>
      {progress && progress.reading !== "" && (
        <p className={css.waits} role="status">
          {progress.reading}
        </p>
      )}
    </header>
  );
}
