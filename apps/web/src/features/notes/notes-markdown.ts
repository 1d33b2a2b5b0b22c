import { Marked, type Token } from "marked";

/** A formula between dollar signs; `display`: between two of them each. */
export interface FormulaToken {
  type: "formula";
  raw: string;
  latex: string;
  display: boolean;
}

const formulaOf = (match: RegExpExecArray | null, display: boolean): FormulaToken | undefined =>
  match ? { type: "formula", raw: match[0], latex: (match[1] ?? "").trim(), display } : undefined;

const reader = new Marked({
  gfm: true,
  extensions: [
    {
      name: "formula",
      level: "block",
      // Within a line it is for the other.
      start: (text) => {
        const at = text.indexOf("\n$$");
        return at < 0 ? undefined : at + 1;
      },
      tokenizer: (text) => formulaOf(/^\$\$([^$]+)\$\$(?:\n|$)/.exec(text), true),
    },
    {
      name: "formula",
      level: "inline",
      start: (text) => text.indexOf("$"),
      // A price is no formula: nothing blank behind the first sign or before the last, and no digit behind that.
      tokenizer: (text) =>
        formulaOf(/^\$\$([^$\n]+)\$\$/.exec(text), true) ??
        formulaOf(/^\$(?!\s)((?:\\.|[^\\$\n])*[^\\$\s])\$(?!\d)/.exec(text), false),
    },
  ],
});

/** What a text in Markdown consists of. Raw HTML is a token of its own, which is shown as it is written. */
export const tokensOf = (text: string): Token[] => [...reader.lexer(text)];

/** Only what leads to a page: no `javascript:`, no data. Null: it is shown as text. */
export function safeHref(href: string): string | null {
  if (/^\/(?!\/)/.test(href) || href.startsWith("#")) return href;
  return /^(https?:\/\/|mailto:)/i.test(href) ? href : null;
}

/** Ids in Crockford's base 32; one without a digit may be a word. */
const ids = /\b(?=[0-9a-hjkmnp-tv-z]*\d)([0-9a-hjkmnp-tv-z]{8})(-\d+-\d+)?\b/g;

/** A text in pieces: ids of runs and sweeps lead to their pages. */
export function linkedPieces(text: string): { text: string; href: string | null }[] {
  const pieces: { text: string; href: string | null }[] = [];
  let at = 0;
  for (const match of text.matchAll(ids)) {
    const [id, , run] = match;
    // Eight digits are a date or a number rather than a sweep.
    if (run === undefined && /^\d+$/.test(id)) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), href: null });
    pieces.push({ text: id, href: run === undefined ? `/sweeps/${id}` : `/runs/${id}` });
    at = match.index + id.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}
