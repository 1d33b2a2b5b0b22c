import type { ExperimentDescriptor, ResultGroup, SuccessRate } from "@basin/contracts";
import { exactNumber, formatNumber, formatParameter, formatPercent, LineSwatch } from "@basin/ui";
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from "@tanstack/react-table";
import { PageLink } from "../layout/page-link";
import type { GroupLooks } from "./groups";
import { shortTitle } from "../catalog/metric-title";
import { parameterTitle } from "../catalog/parameter-title";
import css from "./sweep-parts.module.css";

export const resultFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

const column = createColumnHelper<typeof resultFeatures, ResultGroup>();
/** Missing values are undefined here, which sorts last whichever way. */
const orLast = (value: number | null | undefined): number | undefined => value ?? undefined;

const sorted = (id: string, header: string) => ({ id, header, sortFn: "basic", sortUndefined: "last" }) as const;

const number = (id: string, header: string, read: (group: ResultGroup) => number | null) =>
  column.accessor((group) => orLast(read(group)), {
    ...sorted(id, header),
    cell: ({ getValue }) => <span title={exactNumber(getValue())}>{formatNumber(getValue())}</span>,
  });

const runLink = (id: string, header: string, read: (group: ResultGroup) => ResultGroup["best"]) =>
  column.accessor((group) => orLast(read(group)?.value), {
    ...sorted(id, header),
    cell: ({ row }) => {
      const found = read(row.original);
      if (!found) return "–";
      return (
        <PageLink href={`/runs/${found.run}`} title={`${exactNumber(found.value)}, run ${found.run}`}>
          {formatNumber(found.value)}
        </PageLink>
      );
    },
  });

/** A share of finished runs with its interval. */
const share = (id: string, header: string, read: (group: ResultGroup) => SuccessRate | null | undefined) =>
  column.accessor((group) => orLast(read(group)?.rate), {
    ...sorted(id, header),
    cell: ({ row }) => {
      const found = read(row.original);
      if (!found) return "–";
      return (
        <span title={`${found.met} of ${found.of} finished runs; 95 % interval after Wilson`}>
          {formatPercent(found.rate)} [{formatPercent(found.low)}, {formatPercent(found.high)}]
        </span>
      );
    },
  });

/** What the group is, the objective over its initializations, failures, how many succeeded, e.g. found the law or its terms, and the other figures that were `reported`. */
export function resultColumns(
  looks: GroupLooks,
  experiment: ExperimentDescriptor | null,
  objective: string,
  reported: readonly string[],
) {
  const metrics = experiment?.metrics ?? [];
  const shared = metrics.filter(({ final, share }) => final && share === true);
  // Means of what is yes or no, or the number of a class, say nothing.
  const others = metrics.filter(
    ({ final, share, categories, name }) =>
      final && share !== true && categories === undefined && name !== objective && reported.includes(name),
  );
  return column.columns([
    column.display({
      id: "look",
      header: "",
      cell: ({ row }) => <LineSwatch style={looks.lookOf(row.original.group)} />,
    }),
    ...looks.names.map((name) =>
      column.accessor(
        (group) => {
          const value = group.group[name];
          return typeof value === "number" ? value : formatParameter(value);
        },
        {
          id: `parameter ${name}`,
          header: parameterTitle(experiment, name),
          sortFn: "alphanumeric",
          cell: ({ row }) => formatParameter(row.original.group[name]),
        },
      ),
    ),
    column.accessor((group) => orLast(group.objective.typical?.centre ?? null), {
      ...sorted(
        "mean",
        metrics.find(({ name }) => name === objective)?.scale === "log" ? "Geometric mean, 95 % CI" : "Mean, 95 % CI",
      ),
      cell: ({ row }) => {
        const { typical, n, mean } = row.original.objective;
        if (!typical) return "–";
        const { scale, centre, low, high } = typical;
        const what = scale === "log" ? "geometric mean" : "mean";
        const interval =
          low === null ? "" : `, 95 % of intervals like ${exactNumber(low)} to ${exactNumber(high)} hold the ${what}; n = ${n}`;
        return (
          <span title={`${what} ${exactNumber(centre)}${interval}${scale === "log" ? `; mean ${exactNumber(mean)}` : ""}`}>
            <strong>{formatNumber(centre)}</strong>
            {low !== null && ` [${formatNumber(low, 3)}, ${formatNumber(high, 3)}]`}
          </span>
        );
      },
    }),
    number("median", "Median", (group) => group.objective.median),
    number("std", "Std", (group) => group.objective.std),
    runLink("best", "Best", (group) => group.best),
    runLink("worst", "Worst", (group) => group.worst),
    column.accessor((group) => group.objective.n, {
      id: "n",
      header: "n",
      sortFn: "basic",
      cell: ({ row }) => {
        const { objective: figures, repeats } = row.original;
        return repeats === 0 ? (
          figures.n
        ) : (
          <span title={`${repeats} further runs repeat one of these and are not counted`}>
            {figures.n} <span className={css.reason}>(+{repeats} repeats)</span>
          </span>
        );
      },
    }),
    column.accessor((group) => group.counts.failed + group.counts.diverged, {
      id: "failures",
      header: "Failed",
      sortFn: "basic",
      cell: ({ row }) => {
        const { failed, diverged } = row.original.counts;
        const parts = [failed > 0 ? `${failed} failed` : "", diverged > 0 ? `${diverged} diverged` : ""].filter(
          (part) => part !== "",
        );
        return parts.length === 0 ? "0" : <span className={css.reason}>{parts.join(", ")}</span>;
      },
    }),
    ...(experiment?.success ? [share("success", "Success rate", ({ success }) => success)] : []),
    ...shared.map(({ name }) => share(`share ${name}`, shortTitle(metrics, name), ({ shares }) => shares[name])),
    ...others.map(({ name, unit }) =>
      number(
        `metric ${name}`,
        unit === "" ? shortTitle(metrics, name) : `${shortTitle(metrics, name)} (${unit})`,
        (group) => group.metrics[name]?.mean ?? null,
      ),
    ),
    column.accessor((group) => group.counts.unfinished, { id: "unfinished", header: "Open", sortFn: "basic" }),
  ]);
}

/** Columns of text stand left, figures right. */
export const isTextColumn = (id: string): boolean => id === "look" || id.startsWith("parameter ");
