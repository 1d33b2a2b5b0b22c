"use client";
import { partsOfRunId, type RunId } from "@basin/contracts";
import { exactNumber, formatDuration, formatNumber, OutcomeLabel, RelativeTime, RunStateLabel, Stat } from "@basin/ui";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { PageLink } from "@/features/layout/page-link";
import { isNotFound } from "@/api-client/api";
import { routeQuery } from "@/api-client/route-query";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";
import { Toasts } from "../layout/toasts";
import { useDocumentTitle } from "../layout/use-document-title";
import { useLive } from "../live/use-live";
import { Problem, StaleNotice } from "../problems/problem";
import { schemaFields } from "../catalog/schema-fields";
import { inExperimentOrder } from "../sweep-parts/groups";
import { metricHelp, shortTitle } from "../catalog/metric-title";
import { runProgressText, useProgress } from "../sweep-parts/use-progress";
import { useTrainerNames } from "../trainers/use-trainer-names";
import { ArtifactsTable } from "./artifacts-table";
import { AttemptsTable } from "./attempts-table";
import { CriterionPanel } from "./criterion-panel";
import { LabelsPanel } from "./labels-panel";
import { ParametersPanel } from "./parameters-panel";
import { LogPanel } from "./log-panel";
import { ProvenancePanel } from "./provenance-panel";
import { RunActions } from "./run-actions";
import css from "./run.module.css";

const RunCurves = dynamic(() => import("./run-curves").then((module) => module.RunCurves), {
  loading: () => <Skeleton height={320} />,
});
const RunPlots = dynamic(() => import("../plots/run-plots").then((module) => module.RunPlots), {
  loading: () => <Skeleton height={320} />,
});
const LoadCodePanel = dynamic(() => import("./load-code-panel").then((module) => module.LoadCodePanel));

export function RunPage({ id }: { id: RunId }) {
  const { sweep: sweepId } = partsOfRunId(id);
  const query = useQuery(routeQuery("getRun", { params: { run: id } }));
  useLive(sweepId, !isNotFound(query.error));
  const sweep = useQuery(routeQuery("getSweep", { params: { sweep: sweepId } }));
  const named = sweep.data && { experiment: sweep.data.spec.experiment };
  const experiment = useQuery(routeQuery("getExperiment", named ? { params: named } : null));
  const trainerName = useTrainerNames();
  useDocumentTitle(sweep.data ? `Run ${id} · ${sweep.data.name}` : undefined);
  const trainers = useQuery(routeQuery("listTrainers", {}));
  const progress = useProgress(sweep.data);
  const run = query.data;
  const trainer = trainers.data?.items.find(({ id: each }) => each === run?.trainer);
  const attempt = run?.attempts.at(-1);
  if (!run) {
    return query.error ? (
      <Problem error={query.error} what="This run" onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={160} role="status" aria-busy="true" aria-label="Loading" />
    );
  }
  const trained = run.state === "running" ? runProgressText(progress, run.id, experiment.data?.stepUnit ?? "step") : null;
  const metrics = experiment.data?.metrics ?? [];
  const describe = (name: string) => metrics.find((metric) => metric.name === name);
  const fields = new Map(schemaFields(experiment.data?.parameters ?? {}).map((field) => [field.name, field]));
  const space = sweep.data?.spec.space ?? {};
  // What the sweep sets comes first.
  const ordered = inExperimentOrder(Object.keys(run.parameters), experiment.data ?? null);
  const names = [...ordered.filter((name) => name in space), ...ordered.filter((name) => !(name in space))];
  const objective = sweep.data?.objective.metric;
  const seconds =
    run.startedAt === null || run.finishedAt === null ? null : (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  return (
    <>
      <Toasts />
      <StaleNotice error={query.error} />
      <p className={css.trail}>
        <PageLink href="/">Sweeps</PageLink> / <PageLink href={`/sweeps/${sweepId}`}>{sweep.data?.name ?? sweepId}</PageLink>
        {experiment.data && (
          <>
            {" "}
            · experiment <PageLink href={`/experiments/${experiment.data.id}`}>{experiment.data.title}</PageLink>
          </>
        )}
      </p>
      <header className={css.header}>
        <div className={css.title}>
          <h1>
            Run <code>{run.id}</code>
          </h1>
          <RunStateLabel state={run.state} />
          {run.outcome !== "none" && <OutcomeLabel outcome={run.outcome} />}
        </div>
        {trained !== null && <p role="status">In training: {trained}</p>}
        {run.reason !== null && (
          <p className={css.reason} role="status">
            {run.reason}
          </p>
        )}
        <div className={css.stats}>
          <Stat
            label={objective === undefined ? "Objective" : shortTitle(metrics, objective)}
            value={formatNumber(run.objective)}
            title={exactNumber(run.objective)}
            note={sweep.data ? `${sweep.data.objective.direction === "minimize" ? "lower" : "higher"} is better` : ""}
          />
          <Stat label="Trial" value={run.trialIndex} note={`initialization ${run.seedIndex}`} />
          <Stat label="Seed" value={run.seed} note="" />
          <Stat label="Attempts" value={run.attempt} note={trainerName(run.trainer)} />
          <Stat label="Duration" value={formatDuration(seconds)} note={<RelativeTime time={run.finishedAt ?? run.startedAt} />} />
          {attempt && (
            <Stat label="Build" value={<code>{attempt.build.id}</code>} note={attempt.build.version ?? "tells no version"} />
          )}
          {trainer && <Stat label="Device" value={trainer.backend} note={trainer.device} title={trainer.backendReason} />}
        </div>
        <RunActions run={run} sweep={sweep.data} />
      </header>
      <div className={css.columns}>
        <div className={css.main}>
          <RunCurves run={run} metrics={metrics} stepUnit={experiment.data?.stepUnit ?? "step"} />
          <RunPlots
            run={run.id}
            plots={experiment.data?.plots ?? []}
            artifacts={run.artifacts.map(({ name }) => name)}
            finished={run.finishedAt !== null}
          />
          <Panel title="Attempts">
            <AttemptsTable trainerName={trainerName} attempts={run.attempts} stepUnit={experiment.data?.stepUnit ?? "step"} />
          </Panel>
          <Panel title="Artifacts">
            <ArtifactsTable artifacts={run.artifacts} />
          </Panel>
          <LogPanel run={run} />
          <LoadCodePanel run={run} family={experiment.data?.family ?? ""} />
        </div>
        <div className={css.side}>
          <CriterionPanel outcome={run.outcome} bounds={run.bounds} criterion={experiment.data?.success?.text ?? ""} />
          <Panel title="Final figures">
            <table className={tables.table}>
              <tbody>
                {Object.entries(run.metrics).map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row" title={metricHelp(metrics, name)} className={tables.wrap} style={{ minWidth: 0 }}>
                      {shortTitle(metrics, name)}
                    </th>
                    <td className={tables.right} title={exactNumber(value)}>
                      {describe(name)?.categories?.[value ?? -1] ??
                        (value === null ? "–" : `${formatNumber(value)} ${describe(name)?.unit ?? ""}`)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {Object.keys(run.metrics).length === 0 && (
              <p className={tables.empty}>
                {run.finishedAt === null ? "None before the run ends." : "This run ended without any."}
              </p>
            )}
          </Panel>
          <LabelsPanel labels={run.labels} />
          <ProvenancePanel provenance={attempt?.provenance ?? null} />
          <ParametersPanel
            parameters={run.parameters}
            defaults={experiment.data?.defaults ?? {}}
            names={names}
            fields={fields}
            isSwept={(name) => space[name] !== undefined && space[name].type !== "fixed"}
          />
        </div>
      </div>
    </>
  );
}
