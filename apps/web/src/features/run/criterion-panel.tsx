import type { RunBound, RunOutcome } from "@basin/contracts";
import { exactNumber, formatNumber, outcomeLooks, schemeCss } from "@basin/ui";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";

export interface CriterionPanelProps {
  outcome: RunOutcome;
  bounds: readonly RunBound[];
  /** What success means, in words. */
  criterion: string;
}

/** Why a run met its experiment's criterion or missed it: every bound with what was asked and what was reached. */
export function CriterionPanel({ outcome, bounds, criterion }: CriterionPanelProps) {
  if (outcome === "none" || bounds.length === 0) return null;
  const missed = bounds.filter(({ met }) => !met).length;
  return (
    <Panel title="Criterion" note={missed === 0 ? "met" : `${missed} of ${bounds.length} bounds missed`}>
      {criterion !== "" && <p style={{ margin: "0 0 6px", color: "var(--ink-soft)", fontSize: 13 }}>{criterion}.</p>}
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Bound</th>
            <th scope="col" className={tables.right}>
              Value
            </th>
            <th scope="col" className={tables.right}>
              Asked
            </th>
            <th scope="col">
              <span className={tables.unseen}>Met</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bounds.map(({ title, value, limit, met }) => {
            const look = outcomeLooks[met ? "met" : "missed"];
            return (
              <tr key={title}>
                <th scope="row" className={tables.wrap} style={{ minWidth: 0, fontWeight: 400 }}>
                  {title}
                </th>
                <td className={tables.right} title={exactNumber(value)}>
                  {value === null ? "none" : formatNumber(value)}
                </td>
                <td className={`${tables.right ?? ""} ${tables.wrap ?? ""}`} style={{ minWidth: 0 }}>
                  {limit}
                </td>
                <td style={{ color: schemeCss(look.color), fontWeight: 700 }} aria-label={look.label}>
                  {look.mark}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
