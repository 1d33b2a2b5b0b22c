"use client";
import type { AppliedParameters, EquationTerms, LabelTally, PlotDescriptor, Sweep } from "@basin/contracts";
import { Formula, formatCount, formatPercent } from "@basin/ui";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { PageLink } from "../layout/page-link";
import { Panel } from "../layout/panel";
import { ScrollTable } from "../layout/scroll-table";
import tables from "../layout/table.module.css";
import { routeQuery } from "@/api-client/route-query";
import { Answer } from "../sweep-parts/answer";
import { Choice } from "../sweep-parts/choice";
import { type GroupLooks } from "../sweep-parts/groups";
import css from "./initializations.module.css";
import { equationTex, labelTitles, structureTex, type TallyRow, tallyRows } from "./tally";

export interface EquationsPanelProps {
  sweep: Sweep;
  looks: GroupLooks;
  /** The experiment's plot that holds equations as formulas; null: words only. */
  equation: PlotDescriptor | null;
}

/** What the runs say they found, counted: all groups together, or each. */
export function EquationsPanel({ sweep, looks, equation }: EquationsPanelProps) {
  const [label, setLabel] = useState<string | null>(null);
  const [per, setPer] = useState<"all" | "group">("all");
  const query = useQuery(
    routeQuery("getLabelTally", {
      params: { sweep: sweep.id },
      query: {
        groupBy: per === "all" ? [] : [...looks.names],
        texts: 20,
        limit: 100,
        ...(label === null ? {} : { label }),
      },
    }),
  );
  const data = query.data;
  if (data && data.labels.length === 0 && equation === null) return null;
  return (
    <Panel
      title={data?.label == null || data.label in labelTitles ? "Discovered equations" : `Words: ${data.label}`}
      note={data && data.groups.length > 0 ? `${formatCount(data.groups.reduce((sum, { of }) => sum + of, 0))} runs` : undefined}
      actions={
        <>
          {data && data.labels.length > 1 && (
            <Choice
              label="What is counted"
              options={data.labels
                .filter((name) => name !== "latex")
                .map((value) => ({ value, label: labelTitles[value] ?? `By ${value}` }))}
              value={data.label ?? ""}
              onChange={setLabel}
            />
          )}
          <Choice
            label="Counted"
            options={[
              { value: "all", label: "All configurations together" },
              { value: "group", label: "Per configuration" },
            ]}
            value={per}
            onChange={setPer}
          />
        </>
      }
    >
      <Answer query={query} what="The equations" height={280}>
        {(tally) => (
          <Tally
            tally={tally}
            looks={looks}
            sweep={sweep}
            equation={tally.label !== null && tally.label in labelTitles ? equation : null}
          />
        )}
      </Answer>
    </Panel>
  );
}

function Tally({ tally, looks, sweep, equation }: { tally: LabelTally } & EquationsPanelProps) {
  const rows = useMemo(() => tallyRows(tally), [tally]);
  const examples = useMemo(
    () => [...new Set(rows.flatMap(({ examples: [first] }) => (first ? [first] : [])))].slice(0, 100),
    [rows],
  );
  const terms = useQuery({
    ...routeQuery("getEquationTerms", {
      params: { sweep: sweep.id, plot: equation?.id ?? "" },
      query: { runs: examples, history: false, limit: 100 },
    }),
    enabled: equation !== null && examples.length > 0,
  });
  const structured = tally.label === "support";
  const grouped = tally.groupedBy.length > 0;
  if (rows.length === 0) return <p className={tables.empty}>No run has put anything into words yet.</p>;
  return (
    <>
      <Truth terms={terms.data} />
      <ScrollTable label="Discovered equations" className={css.tally}>
        <thead>
          <tr>
            {grouped && <th scope="col">Configuration</th>}
            <th scope="col">{structured ? "Active terms" : equation ? "Equation" : "Word"}</th>
            {structured && equation && <th scope="col">Equation of one of them</th>}
            <th scope="col" className={tables.right}>
              Runs
            </th>
            <th scope="col" className={tables.right}>
              Share
            </th>
            <th scope="col" className={tables.right}>
              Met the criterion
            </th>
            <th scope="col">Examples</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TallyLine
              key={`${JSON.stringify(row.group)} ${row.text}`}
              row={row}
              latex={(structured ? structureTex : equationTex)(terms.data, row.examples[0])}
              example={structured && equation ? (equationTex(terms.data, row.examples[0]) ?? null) : undefined}
              name={grouped ? groupName(row.group, looks) : null}
            />
          ))}
        </tbody>
      </ScrollTable>
      {rows.some(({ more }) => more > 0) && (
        <p className={css.note}>
          The most frequent are listed; {formatCount(rows.reduce((sum, { more }) => sum + more, 0))} further texts are not.
        </p>
      )}
    </>
  );
}

const groupName = (group: AppliedParameters, looks: GroupLooks): string => looks.nameOf(group);

function Truth({ terms }: { terms: EquationTerms | undefined }) {
  const truth = terms?.truth;
  if (!truth) return null;
  return (
    <p className={css.truth}>
      <span>Truth</span> <Formula latex={truth.latex} text={truth.text} />
    </p>
  );
}

interface TallyLineProps {
  row: TallyRow;
  latex: string | undefined;
  /** An equation with this structure; null: not read yet, undefined: there is no such column. */
  example: string | null | undefined;
  name: string | null;
}

function TallyLine({ row, latex, example, name }: TallyLineProps) {
  return (
    <tr>
      {name !== null && <td>{row.first ? name : ""}</td>}
      <td>
        {row.text === "" ? (
          <em>nothing</em>
        ) : latex === undefined ? (
          <code>{row.text}</code>
        ) : (
          <Formula latex={latex} text={row.text} />
        )}
      </td>
      {example !== undefined && <td>{example !== null && <Formula latex={example} text={example} />}</td>}
      <td className={tables.right}>{formatCount(row.count)}</td>
      <td className={tables.right}>{formatPercent(row.count / Math.max(1, row.of))}</td>
      <td className={tables.right}>{formatCount(row.met)}</td>
      <td>
        {row.examples.slice(0, 3).map((run, i) => (
          <span key={run}>
            {i > 0 && ", "}
            <PageLink href={`/runs/${run}`}>{run}</PageLink>
          </span>
        ))}
      </td>
    </tr>
  );
}
