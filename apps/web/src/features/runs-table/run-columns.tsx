import type { ExperimentDescriptor, Run, RunId, Sweep } from "@basin/contracts";
import { exactNumber, formatDuration, formatNumber, formatParameter, OutcomeLabel, RelativeTime, RunStateLabel } from "@basin/ui";
import type { ReactNode } from "react";
import { PageLink } from "../layout/page-link";
import { shortTitle } from "../catalog/metric-title";
import { parameterTitle } from "../catalog/parameter-title";

/** A column of the table of runs. */
export interface RunColumn {
  id: string;
  title: string;
  /** CSS pixels. */
  width: number;
  /** What the server sorts and filters by; null: it does neither. */
  field: string | null;
  right: boolean;
  cell: (run: Run) => ReactNode;
  /** The whole text where the cell may be cut off. */
  full?: (run: Run) => string;
}

function durationOf(run: Run): number | null {
  if (run.startedAt === null || run.finishedAt === null) return null;
  return (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
}

const widthOf = (title: string, least: number): number => Math.max(least, 48 + 7.5 * title.length);

const figure = (id: string, title: string, read: (run: Run) => number | null | undefined): RunColumn => ({
  id,
  title,
  width: widthOf(title, 104),
  field: id,
  right: true,
  cell: (run) => formatNumber(read(run)),
  full: (run) => exactNumber(read(run)),
});

const time = (id: "startedAt" | "finishedAt", title: string): RunColumn => ({
  id,
  title,
  width: 120,
  field: id,
  right: false,
  cell: (run) => {
    const value = run[id];
    return value === null ? "–" : <RelativeTime time={value} />;
  },
});

/** Every column that the runs of a sweep can have; `parameters`: the names its runs carry. */
export function runColumns(
  sweep: Sweep,
  experiment: ExperimentDescriptor,
  parameters: readonly string[],
  labels: readonly string[],
  trainerName: (id: string | null) => string,
  progressText: (run: RunId) => string | null,
): RunColumn[] {
  const { metrics } = experiment;
  const objective = shortTitle(metrics, sweep.objective.metric);
  return [
    {
      id: "index",
      title: "Run",
      width: 150,
      field: "index",
      right: false,
      cell: (run) => (
        <PageLink href={`/runs/${run.id}`}>
          <code>{run.id}</code>
        </PageLink>
      ),
    },
    { id: "state", title: "State", width: 112, field: "state", right: false, cell: (run) => <RunStateLabel state={run.state} /> },
    ...(experiment.success === null
      ? []
      : [
          {
            id: "outcome",
            title: "Outcome",
            width: 112,
            field: "outcome",
            right: false,
            cell: (run: Run) => <OutcomeLabel outcome={run.outcome} />,
          },
        ]),
    ...parameters.map((name): RunColumn => ({
      id: `parameters.${name}`,
      title: parameterTitle(experiment, name),
      width: widthOf(parameterTitle(experiment, name), 110),
      field: `parameters.${name}`,
      right: false,
      cell: (run) => formatParameter(run.parameters[name]),
      full: (run) => formatParameter(run.parameters[name]),
    })),
    { id: "seed", title: "Seed", width: 84, field: "seed", right: true, cell: (run) => run.seed },
    figure("objective", objective, (run) => run.objective),
    ...metrics
      .filter(({ final, name }) => final && name !== sweep.objective.metric)
      .map(({ name, unit, categories }): RunColumn => {
        const title = unit === "" ? shortTitle(metrics, name) : `${shortTitle(metrics, name)} (${unit})`;
        const column = figure(`metrics.${name}`, title, (run) => run.metrics[name]);
        if (!categories) return column;
        const word = (run: Run): string => {
          const value = run.metrics[name];
          return typeof value === "number" ? (categories[value] ?? String(value)) : "–";
        };
        return { ...column, right: false, width: widthOf(title, 150), cell: word, full: word };
      }),
    ...labels.map((name): RunColumn => ({
      id: `labels.${name}`,
      title: name,
      width: 280,
      field: `labels.${name}`,
      right: false,
      cell: (run) => run.labels[name] ?? "–",
      full: (run) => run.labels[name] ?? "",
    })),
    {
      id: "progress",
      title: "Progress",
      width: 250,
      field: null,
      right: false,
      cell: (run) => progressText(run.id) ?? "–",
    },
    { id: "attempt", title: "Attempt", width: 108, field: "attempt", right: true, cell: (run) => run.attempt },
    {
      id: "trainer",
      title: "Trainer",
      width: 130,
      field: "trainer",
      right: false,
      cell: (run) => trainerName(run.trainer),
      full: (run) => run.trainer ?? "",
    },
    {
      id: "build",
      title: "Build",
      width: 130,
      field: "build",
      right: false,
      cell: (run) => (run.build === null ? "–" : <code>{run.build}</code>),
      full: (run) => run.build ?? "",
    },
    {
      id: "duration",
      title: "Duration",
      width: 104,
      field: null,
      right: true,
      cell: (run) => formatDuration(durationOf(run)),
    },
    time("startedAt", "Started"),
    time("finishedAt", "Finished"),
    {
      id: "reason",
      title: "Reason",
      width: 320,
      field: "reason",
      right: false,
      cell: (run) => run.reason ?? "",
      full: (run) => run.reason ?? "",
    },
  ];
}

/** Shown unless a person chooses otherwise. */
export const columnsAtFirst = (varied: readonly string[], judged: boolean, running: boolean): string[] => [
  "index",
  "state",
  ...(running ? ["progress"] : []),
  ...(judged ? ["outcome"] : []),
  ...varied.map((name) => `parameters.${name}`),
  "seed",
  "objective",
  "attempt",
  "trainer",
  "duration",
  "reason",
];
