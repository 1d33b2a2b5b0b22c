import { exactNumber, formatNumber, missing } from "../format";
import type { DataTable } from "./data-table";
import css from "./plots.module.css";

/** The first rows of a table to be read; numbers carry their full precision as title. */
export function DataTableView({ table, label, limit = 200 }: { table: DataTable; label: string; limit?: number }) {
  const numeric = table.columns.map((_, i) => table.rows.every((row) => typeof row[i] !== "string"));
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={label}>
        <table className={css.table}>
          <thead>
            <tr>
              {table.columns.map((name, i) => (
                <th key={`${i} ${name}`} scope="col" className={numeric[i] ? css.number : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, limit).map((row, at) => (
              <tr key={at}>
                {row.map((cell, i) => (
                  <td
                    key={i}
                    className={numeric[i] ? css.number : undefined}
                    title={typeof cell === "number" ? exactNumber(cell) : undefined}
                  >
                    {typeof cell === "number" ? formatNumber(cell, 5) : (cell ?? missing)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.rows.length > limit && (
        <p className={css.message}>
          The first {limit} of {table.rows.length} rows; saving as CSV gives all of them.
        </p>
      )}
    </>
  );
}
