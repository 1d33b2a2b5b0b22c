"use client";
import type { PairwiseTest, Sweep } from "@basin/contracts";
import { Button } from "@mantine/core";
import { exactNumber, formatInterval, formatNumber, formatPercent } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { compareUrl } from "../compare/compare-url";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { keys, routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import type { SweepUrl } from "../sweep-parts/sweep-url";
import type { ConfigurationOption } from "./configurations";
import css from "./initializations.module.css";

export interface PairwisePanelProps {
  sweep: Sweep;
  figure: string;
  configurations: readonly ConfigurationOption[];
  url: SweepUrl;
  /** False: other answers are more urgent. */
  wanted: boolean;
}

/** Whether two configurations differ, by how much, and what that means. */
export function PairwisePanel({ sweep, figure, configurations, url, wanted }: PairwisePanelProps) {
  const found = (asked: string | null, fallback: number) =>
    configurations.find(({ value }) => value === asked) ?? configurations[fallback];
  const a = found(url.get("a"), 0);
  const b = found(url.get("b"), 1);
  const side = (of: typeof a) => ({ sweep: sweep.id, group: of?.group ?? {} });
  const query = useQuery({
    ...routeQuery("testPair", { body: { a: side(a), b: side(b), metric: figure } }, keys.analysis(sweep.id)),
    enabled: wanted && a !== undefined && b !== undefined && a !== b,
  });
  if (!a || !b) return null;
  return (
    <Panel
      title="Two configurations"
      actions={
        <>
          <Choice
            label="First configuration"
            options={configurations}
            value={a.value}
            onChange={(value) => url.set({ a: value })}
          />
          <Choice
            label="Second configuration"
            options={configurations}
            value={b.value}
            onChange={(value) => url.set({ b: value })}
          />
          <Button
            size="xs"
            variant="default"
            component={PageLink}
            href={compareUrl({
              items: [
                { sweep: sweep.id, group: a.group },
                { sweep: sweep.id, group: b.group },
              ],
            })}
          >
            Compare
          </Button>
        </>
      }
    >
      {a === b ? (
        <p className={tables.empty}>Choose two different configurations.</p>
      ) : (
        <Answer query={query} what="The test" height={260}>
          {(test) => <TestTable test={test} labels={[a.label, b.label]} />}
        </Answer>
      )}
    </Panel>
  );
}

const pValue = (p: number): string => (p < 1e-4 ? "p < 0.0001" : `p = ${formatNumber(p, 3)}`);

function TestTable({ test, labels }: { test: PairwiseTest; labels: readonly [string, string] }) {
  const { a, b, mannWhitney, welch, cliffsDelta, hodgesLehmann, success } = test;
  const rows: { name: string; value: string; note: string }[] = [
    ...(cliffsDelta
      ? [
          {
            name: "Cliff's δ",
            value: formatInterval(cliffsDelta.value, cliffsDelta.low, cliffsDelta.high, 3),
            note: `${cliffsDelta.magnitude} effect; P(second > first) − P(second < first)`,
          },
        ]
      : []),
    ...(hodgesLehmann
      ? [
          {
            name: "Hodges–Lehmann shift",
            value: hodgesLehmann.interval
              ? formatInterval(hodgesLehmann.shift, hodgesLehmann.interval.low, hodgesLehmann.interval.high, 3)
              : formatNumber(hodgesLehmann.shift, 3),
            note: `median of all differences second − first, ${hodgesLehmann.interval ? "with 95 % interval" : "too few runs for a 95 % interval"}`,
          },
        ]
      : []),
    ...(mannWhitney
      ? [
          {
            name: "Mann–Whitney U",
            value: pValue(mannWhitney.p),
            note: `U = ${formatNumber(mannWhitney.u)}, ${mannWhitney.method}`,
          },
        ]
      : []),
    ...(welch
      ? [
          {
            name: "Welch's t",
            value: pValue(welch.p),
            note: `difference of means ${formatInterval(welch.difference, welch.low, welch.high, 3)}`,
          },
        ]
      : []),
    ...(success
      ? [
          {
            name: "Success rates, Fisher's exact test",
            value: pValue(success.p),
            note: `difference ${formatPercent(success.difference)} [${formatPercent(success.low)}, ${formatPercent(success.high)}]`,
          },
        ]
      : []),
  ];
  return (
    <>
      <p className={css.reading}>{test.reading}</p>
      <ScrollTable label="The two configurations">
        <thead>
          <tr>
            <th scope="col">Configuration</th>
            {["n", "Diverged", "Median", "Mean", "Std", "Success rate"].map((name) => (
              <th key={name} scope="col" className={tables.right}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[a, b].map((side, i) => (
            <tr key={i}>
              <th scope="row">{labels[i]}</th>
              <td className={tables.right}>{side.n}</td>
              <td className={tables.right}>{side.diverged}</td>
              <td className={tables.right} title={exactNumber(side.median)}>
                {formatNumber(side.median)}
              </td>
              <td className={tables.right} title={exactNumber(side.mean)}>
                {formatNumber(side.mean)}
              </td>
              <td className={tables.right} title={exactNumber(side.std)}>
                {formatNumber(side.std)}
              </td>
              <td className={tables.right}>
                {side.success
                  ? `${formatPercent(side.success.rate)} [${formatPercent(side.success.low)}, ${formatPercent(side.success.high)}]`
                  : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {rows.length > 0 && (
        <ScrollTable label="Tests">
          <tbody>
            {rows.map(({ name, value, note }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
                <td className={tables.wrap}>{note}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </>
  );
}
