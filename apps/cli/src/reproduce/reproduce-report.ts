import { Report } from "@basin/contracts";
import { figure } from "../terminal/number-format";
import type { Style } from "../terminal/style";
import { tableRowLines } from "../terminal/table";
import { wrap } from "../terminal/text-width";
import type { Plan } from "./plan";
import type { TableRow } from "./table-row";

/** The rows as the one shape of reports: a check for each criterion, a figure for each reading that has a name. */
export function reproduceReport(input: {
  machine: Report["machine"];
  startedAt: Date;
  seconds: number;
  plans: readonly Plan[];
  rows: readonly TableRow[];
}): Report {
  const { machine, startedAt, seconds, plans, rows } = input;
  const named = plans.flatMap(({ id, readings }) =>
    readings.flatMap((reading) => {
      const row = rows.find((one) => one.plan === id && one.metric === reading.metric && titleFits(one, reading.read));
      if (reading.figure === undefined || !row) return [];
      const { ours, min, max, n } = row;
      return [[reading.figure, { value: ours, unit: "", min, max, samples: n }] as const];
    }),
  );
  return Report.parse({
    report: "reproduce",
    version: 1,
    machine,
    startedAt: startedAt.toISOString(),
    seconds,
    figures: Object.fromEntries(named),
    checks: rows
      .filter(({ criterion }) => criterion !== null)
      .map(({ plan, group, title, criterion, ours, met, remark }) => ({
        name: `${plan}${group === "" ? "" : ` (${group})`}: ${title}`,
        want: criterion ?? "",
        got: ours,
        met,
        ...(met === true || remark === "" ? {} : { reason: remark }),
      })),
    rows: rows.map((row) => ({ ...row })),
  });
}

const titleFits = ({ classes }: TableRow, read: string): boolean => (classes !== null) === (read === "classes");

function oursText({ ours, min, max, n, classes }: TableRow): string {
  if (classes !== null) {
    const parts = Object.entries(classes).filter(([, runs]) => runs > 0);
    return parts.length === 0 ? "–" : parts.map(([name, runs]) => `${name} ${runs}`).join(", ");
  }
  if (ours === null) return "–";
  const range = min === null || max === null ? "" : ` [${figure(min)}, ${figure(max)}]`;
  return `${figure(ours)}${range} n=${n}`;
}

const margin = "  ";

/**
 * The table for people: each plan with its setting, its rows below it, and below a row what is to be said of it. With `columns` no line is
 * longer.
 */
export function tableText(rows: readonly TableRow[], style: Style, columns?: number): string[] {
  const cells = rows.map((row) => [
    row.group === "" ? row.title : `${row.title} (${row.group})`,
    row.source ?? "–",
    oursText(row),
    row.criterion ?? "–",
    row.met === null ? "–" : row.met ? style.green("met") : style.red("missed"),
  ]);
  const titles = ["figure", "source", "ours: median [range], rate [95 %]", "criterion", ""];
  const room = columns === undefined ? {} : { width: columns - margin.length };
  const [head = [], ...parts] = tableRowLines(
    titles.map((title) => ({ title })),
    cells,
    { titleStyle: style.dim, ...room },
  );
  const fitted = (text: string, indent: string): string[] =>
    (columns === undefined ? [text] : wrap(text, columns - indent.length)).map((line) => indent + line);
  const lines = rows.flatMap((row, i) => [
    ...(row.plan === rows[i - 1]?.plan ? [] : ["", ...fitted(`${row.plan}: ${row.setting}`, "").map(style.bold)]),
    ...(parts[i] ?? []).map((line) => margin + line),
    ...(row.remark === "" ? [] : fitted(row.remark, "      ").map(style.dim)),
  ]);
  return [...head.map((line) => margin + line), ...lines];
}
