import { buildName, type ResultGroup, type Results } from "@basin/contracts";
import { figure, parameterText } from "./terminal/number-format";
import type { Style } from "./terminal/style";
import { tableLines } from "./terminal/table";

function interval(group: ResultGroup): string {
  const { typical } = group.objective;
  if (!typical) return "–";
  const { centre, low, high } = typical;
  return low === null || high === null ? figure(centre) : `${figure(centre)} [${figure(low, 3)}, ${figure(high, 3)}]`;
}

function lost(group: ResultGroup, style: Style): string {
  const { failed, diverged, cancelled, pruned } = group.counts;
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  const stopped = pruned > 0 ? [`${pruned} pruned`] : [];
  if (parts.length === 0) return stopped[0] ?? "0";
  return [style.red(parts.join(", ")), ...stopped].join(", ");
}

/** The result of a sweep: a line per configuration over its initializations, in the order given. */
export function resultLines(results: Results, style: Style): string[] {
  const parameters = results.groupedBy;
  const withSuccess = results.groups.some((group) => group.success !== null);
  const withUnfinished = results.groups.some((group) => group.counts.unfinished > 0);
  const rows = results.groups.map((group, i) => [
    ...parameters.map((name) => parameterText(group.group[name])),
    group.repeats > 0 ? `${group.objective.n} (+${group.repeats} repeats)` : String(group.objective.n),
    i === 0 && group.objective.mean !== null ? style.green(interval(group)) : interval(group),
    figure(group.best?.value),
    figure(group.worst?.value),
    lost(group, style),
    ...(withUnfinished ? [String(group.counts.unfinished)] : []),
    ...(withSuccess ? [group.success ? `${group.success.met}/${group.success.of}` : "–"] : []),
  ]);
  const right = "right" as const;
  const mean = results.groups.some((group) => group.objective.typical?.scale === "log") ? "geometric mean" : "mean";
  const table = tableLines(
    [
      ...parameters.map((title) => ({ title, align: right })),
      { title: "n", align: right },
      { title: `${results.objective.metric} (${mean}, 95 % CI)`, align: right },
      { title: "best", align: right },
      { title: "worst", align: right },
      { title: "failures", align: right },
      ...(withUnfinished ? [{ title: "unfinished", align: right }] : []),
      ...(withSuccess ? [{ title: "success", align: right }] : []),
    ],
    rows,
    { titleStyle: style.dim },
  );
  const [first, ...others] = results.builds;
  const mixed =
    first && others.length > 0 ? [first, ...others].map((build) => `${buildName(build)} ${build.runs}`).join(", ") : null;
  return [
    ...table,
    ...(mixed === null
      ? []
      : [style.yellow(`Runs were trained by ${results.builds.length} builds, whose numbers may differ beyond chance: ${mixed}`)]),
    ...(results.more > 0 ? [style.dim(`… and ${results.more} more configurations (--limit)`)] : []),
  ];
}
