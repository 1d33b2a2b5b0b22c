import { bar, duration, figure, parameterText, percent } from "../terminal/number-format";
import type { Style } from "../terminal/style";
import { tableLines } from "../terminal/table";
import { waitingText } from "../waiting-text";
import type { GroupProgress, ProgressSnapshot } from "./sweep-progress";

const groupName = (group: GroupProgress["group"]["group"]): string =>
  Object.entries(group)
    .map(([name, value]) => `${name} ${parameterText(value)}`)
    .join(", ");

function best(snapshot: ProgressSnapshot): string[] {
  const { best: found, sweep } = snapshot;
  if (found === null) return [];
  return [`best ${sweep.objective.metric} ${figure(found.value)}${found.group ? ` (${groupName(found.group.group)})` : ""}`];
}

function summary(snapshot: ProgressSnapshot): string[] {
  const { planned, finished, stepsPerSecond, secondsLeft, sweep } = snapshot;
  const { failed, diverged, pruned } = sweep.counts;
  return [
    `${finished}/${planned ?? "?"} runs`,
    ...(snapshot.share === null ? [] : [percent(snapshot.share)]),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...(stepsPerSecond !== null && stepsPerSecond > 0 ? [`${figure(stepsPerSecond, 3)} ${snapshot.stepUnit}s/s`] : []),
    ...(sweep.state === "paused" ? [sweep.parked === null ? "paused" : `parked: ${sweep.parked}`] : []),
    ...(sweep.waiting === null ? [] : ["waits for a trainer of its build"]),
    ...(secondsLeft === null || sweep.state !== "running" ? [] : [`${duration(secondsLeft)} left`]),
  ];
}

/** One line, for logs and pipes. */
export function progressLine(snapshot: ProgressSnapshot): string {
  return `${duration(snapshot.elapsedSeconds)}: ${[...summary(snapshot), ...best(snapshot)].join(" · ")}`;
}

/** A table with a bar per configuration and a line for the whole; `note` is shown below (e.g. that the API is away). */
export function progressTable(
  snapshot: ProgressSnapshot,
  style: Style,
  options: { maxGroups: number; note: string | null },
): string[] {
  const { sweep, groups } = snapshot;
  const shown = groups.slice(0, options.maxGroups);
  const parameters = Object.keys(shown[0]?.group.group ?? {});
  const rows = shown.map(({ group, share, finished, running }) => {
    const color = group.counts.failed > 0 ? style.red : share >= 1 ? style.green : style.cyan;
    const broken = group.counts.failed + group.counts.diverged;
    return [
      ...parameters.map((name) => parameterText(group.group[name])),
      color(bar(share, 20)),
      percent(share),
      `${finished}/${group.counts.total}`,
      running > 0 ? String(running) : "",
      figure(group.objective.mean),
      figure(group.best?.value),
      broken > 0 ? style.red(String(broken)) : "",
    ];
  });
  const direction = sweep.objective.direction === "minimize" ? "lowest" : "highest";
  const table = tableLines(
    [
      ...parameters.map((title) => ({ title, align: "right" as const })),
      { title: "progress" },
      { title: "", align: "right" },
      { title: "done", align: "right" },
      { title: "now", align: "right" },
      { title: `mean ${sweep.objective.metric}`, align: "right" },
      { title: direction, align: "right" },
      { title: "failed", align: "right" },
    ],
    rows,
    { titleStyle: style.dim },
  );
  const waits = waitingText(sweep);
  const hidden = groups.length - shown.length + snapshot.moreGroups;
  return [
    `${style.bold(sweep.name)}  ${style.dim(sweep.id)}`,
    ...(shown.length > 0 ? table : []),
    ...(hidden > 0 ? [style.dim(`… and ${hidden} more configurations`)] : []),
    "",
    `${style.cyan(bar(snapshot.share ?? 0, 30))}  ${summary(snapshot).join(" · ")}`,
    ...best(snapshot),
    ...(waits === null ? [] : [style.yellow(waits)]),
    ...(snapshot.reading === "" ? [] : [style.yellow(snapshot.reading)]),
    ...(options.note === null ? [] : [style.yellow(options.note)]),
  ];
}
