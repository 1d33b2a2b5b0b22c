import { type ReactNode, useId } from "react";
import css from "./panel.module.css";

export interface PanelProps {
  title: string;
  /** Controls at the right of the title. */
  actions?: ReactNode;
  note?: ReactNode;
  children: ReactNode;
  level?: "h2" | "h3";
}

/** A titled part of a page. */
export function Panel({ title, actions, note, children, level: Heading = "h2" }: PanelProps) {
  const id = useId();
  return (
    <section className={css.panel} aria-labelledby={id}>
      <div className={css.head}>
        <Heading id={id}>{title}</Heading>
        {note !== undefined && <span className={css.note}>{note}</span>}
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
