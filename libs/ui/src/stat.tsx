import type { ReactNode } from "react";
import css from "./stat.module.css";

/** One figure with its name and, below, what qualifies it. Keeps its height whether or not the value is there yet. */
export function Stat({ label, value, note, title }: { label: string; value: ReactNode; note?: ReactNode; title?: string }) {
  return (
    <dl className={css.stat}>
      <dt className={css.label}>{label}</dt>
      <dd className={css.value} title={title}>
        {value}
      </dd>
      {note !== undefined && (
        <dd className={css.note} style={{ margin: 0 }}>
          {note}
        </dd>
      )}
    </dl>
  );
}
