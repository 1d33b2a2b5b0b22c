import { Formula } from "@basin/ui";
import { Fragment } from "react";
import tables from "../layout/table.module.css";
import css from "./experiments.module.css";
import { blocksOf, type Block, type Inline } from "./markdown";

/** What an experiment's description says, with its formulas. */
export function Description({ markdown }: { markdown: string }) {
  return (
    <div className={css.description}>
      {blocksOf(markdown).map((block, i) => (
        <Part key={i} block={block} />
      ))}
    </div>
  );
}

function Part({ block }: { block: Block }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Line parts={block.parts} />
        </p>
      );
    case "formula":
      return (
        <div className={css.formula} tabIndex={0} role="group" aria-label="Formula">
          <Formula latex={block.latex} text={block.latex} display />
        </div>
      );
    case "list":
      return (
        <ul>
          {block.items.map((parts, i) => (
            <li key={i}>
              <Line parts={parts} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return (
        <div className={tables.scroll} tabIndex={0} role="region" aria-label="Table">
          <table className={tables.table}>
            <thead>
              <tr>
                {block.head.map((parts, i) => (
                  <th key={i} scope="col">
                    <Line parts={parts} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((cells, row) => (
                <tr key={row}>
                  {cells.map((parts, i) => (
                    <td key={i}>
                      <Line parts={parts} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

function Line({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, i) => <Fragment key={i}>{pieceOf(part)}</Fragment>);
}

function pieceOf(part: Inline) {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{part.text}</code>;
    case "math":
      return <Formula latex={part.text} text={part.text} />;
    case "strong":
      return (
        <strong>
          <Line parts={part.parts} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <Line parts={part.parts} />
        </em>
      );
  }
}
