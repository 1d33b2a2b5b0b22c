import type { ReactNode } from "react";
import tables from "./table.module.css";

/** A table that scrolls sideways by itself where the page is narrow, with the keyboard too. `label` names it to screen readers. */
export function ScrollTable({
  label,
  className,
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={`${tables.scroll ?? ""} ${className ?? ""}`} tabIndex={0} role="region" aria-label={label}>
      <table className={tables.table}>{children}</table>
    </div>
  );
}
