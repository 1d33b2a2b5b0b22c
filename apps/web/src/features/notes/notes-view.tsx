"use client";
import { Formula } from "@basin/ui";
import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, type ReactNode, useMemo } from "react";
import { PageLink } from "../layout/page-link";
import css from "./notes.module.css";
import { type FormulaToken, linkedPieces, safeHref, tokensOf } from "./notes-markdown";

/** A text in Markdown, as elements: no HTML of it reaches the page. */
export default function NotesView({ text }: { text: string }) {
  const tokens = useMemo(() => tokensOf(text), [text]);
  return <div className={css.notes}>{many(tokens)}</div>;
}

const many = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, i) => <Fragment key={i}>{one(token)}</Fragment>);

const headings = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

type Known = MarkedToken | FormulaToken;

function one(token: Token): ReactNode {
  const known = token as Known;
  switch (known.type) {
    case "space":
    case "def":
      return null;
    case "heading": {
      const Heading = headings[known.depth - 1] ?? "h6";
      return <Heading>{many(known.tokens)}</Heading>;
    }
    case "paragraph":
      return <p>{many(known.tokens)}</p>;
    case "formula":
      return <Formula latex={known.latex} text={known.latex} display={known.display} />;
    case "strong":
      return <strong>{many(known.tokens)}</strong>;
    case "em":
      return <em>{many(known.tokens)}</em>;
    case "del":
      return <del>{many(known.tokens)}</del>;
    case "codespan":
      return <code>{known.text}</code>;
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{known.text}</code>
        </pre>
      );
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "blockquote":
      return <blockquote>{many(known.tokens)}</blockquote>;
    case "list": {
      const List = known.ordered ? "ol" : "ul";
      return (
        <List {...(typeof known.start === "number" ? { start: known.start } : {})}>
          {known.items.map((item, i) => (
            <li key={i}>{many(item.tokens)}</li>
          ))}
        </List>
      );
    }
    case "checkbox":
      return known.checked ? "☑ " : "☐ ";
    case "table":
      return <Table table={known} />;
    case "link":
      return <Link href={safeHref(known.href)}>{many(known.tokens)}</Link>;
    case "image":
      return <Link href={safeHref(known.href)}>{known.text}</Link>;
    case "text":
      return known.tokens ? many(known.tokens) : <Text text={known.text} />;
    case "escape":
      return known.text;
    default:
      return token.raw;
  }
}

function Text({ text }: { text: string }) {
  return linkedPieces(text).map((piece, i) => (
    <Fragment key={i}>{piece.href === null ? piece.text : <PageLink href={piece.href}>{piece.text}</PageLink>}</Fragment>
  ));
}

function Link({ href, children }: { href: string | null; children: ReactNode }) {
  if (href === null) return children;
  if (href.startsWith("/")) return <PageLink href={href}>{children}</PageLink>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

function Table({ table: { header, rows } }: { table: Tokens.Table }) {
  const aligned = ({ align }: Tokens.TableCell) => (align === null ? {} : { style: { textAlign: align } });
  return (
    <div className={css.table} tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {header.map((cell, i) => (
              <th key={i} scope="col" {...aligned(cell)}>
                {many(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={j} {...aligned(cell)}>
                  {many(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
