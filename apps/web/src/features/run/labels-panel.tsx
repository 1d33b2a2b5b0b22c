import type { RunLabels } from "@basin/contracts";
import { Formula } from "@basin/ui";
import { Panel } from "../layout/panel";
import tables from "../layout/table.module.css";

/** Words about the run, e.g. the equation it discovered. */
export function LabelsPanel({ labels }: { labels: RunLabels }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <Panel title="Labels">
      <table className={tables.table}>
        <tbody>
          {entries.map(([name, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={tables.wrap} style={{ minWidth: 0 }}>
                {name === "latex" ? <Formula latex={text} text={text} /> : text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
