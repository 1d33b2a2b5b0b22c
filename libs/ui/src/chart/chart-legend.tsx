import { useState } from "react";
import { formatCount } from "../format";
import { schemeCss, seriesStyle } from "../palette";
import type { LegendEntry } from "./legend";
import css from "./line-chart.module.css";

export interface ChartLegendProps {
  entries: readonly LegendEntry[];
  hidden: ReadonlySet<string>;
  onToggle: (group: string) => void;
  /** Pointing at an entry, or reaching it with the keyboard; null on leaving. */
  onHighlight: (group: string | null) => void;
}

/** A sample of a group's line: the same colour and dash as in every chart. */
export function LineSwatch({ style, width = 22 }: { style: number; width?: number }) {
  const { color, dash } = seriesStyle(style);
  return (
    <svg width={width} height={10} aria-hidden="true" style={{ flex: "none" }}>
      <line
        x1={0}
        x2={width}
        y1={5}
        y2={5}
        stroke={schemeCss(color)}
        strokeWidth={2.5}
        strokeDasharray={dash.join(" ")}
        style={{ stroke: schemeCss(color) }}
      />
    </svg>
  );
}

/** Groups named at first; a thousand buttons take longer to lay out than their lines to draw. */
const listed = 60;

/** One button per group: shows or hides it, and makes it stand out while pointed at. */
export function ChartLegend({ entries, hidden, onToggle, onHighlight }: ChartLegendProps) {
  const [all, setAll] = useState(false);
  const left = all ? 0 : entries.length - listed;
  return (
    <ul className={css.legend} aria-label="Legend">
      {(left > 0 ? entries.slice(0, listed) : entries).map(({ group, style }) => (
        <li key={group}>
          <button
            type="button"
            className={css.entry}
            aria-pressed={!hidden.has(group)}
            title={hidden.has(group) ? `Show ${group}` : `Hide ${group}`}
            onClick={() => onToggle(group)}
            onMouseEnter={() => onHighlight(group)}
            onMouseLeave={() => onHighlight(null)}
            onFocus={() => onHighlight(group)}
            onBlur={() => onHighlight(null)}
          >
            <LineSwatch style={style} />
            {group}
          </button>
        </li>
      ))}
      {left > 0 && (
        <li>
          <button type="button" className={css.entry} onClick={() => setAll(true)}>
            and {formatCount(left)} more groups …
          </button>
        </li>
      )}
    </ul>
  );
}
