/** A piece of a line. `math` holds LaTeX; the others text. */
export type Inline = { kind: "text" | "code" | "math"; text: string } | { kind: "strong" | "emphasis"; parts: Inline[] };

export type Block =
  | { kind: "paragraph"; parts: Inline[] }
  | { kind: "formula"; latex: string }
  | { kind: "list"; items: Inline[][] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

const piece = /\$([^$]+)\$|`([^`]+)`|\*\*((?:\$[^$]*\$|[^*$]|\*(?!\*))+)\*\*|\*((?:\$[^$]*\$|[^*$])+)\*/g;

/** Formulas between dollars, code between backticks, `**strong**` and `*emphasis*`; everything else is text. */
export function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(piece)) {
    const [whole, math, code, strong, emphasis] = match;
    if (match.index > at) parts.push({ kind: "text", text: text.slice(at, match.index) });
    if (math !== undefined) parts.push({ kind: "math", text: math });
    else if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong !== undefined) parts.push({ kind: "strong", parts: inlineOf(strong) });
    else parts.push({ kind: "emphasis", parts: inlineOf(emphasis ?? "") });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}

const cellsOf = (line: string): Inline[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => inlineOf(cell.trim()));

/** The Markdown in which experiments are described: paragraphs, formulas that stand alone, lists and tables, apart by empty lines. */
export function blocksOf(markdown: string): Block[] {
  return markdown.split(/\n\s*\n/).flatMap((given): Block[] => {
    const text = given.trim();
    if (text === "") return [];
    const formula = /^\$\$([^$]+)\$\$$/.exec(text);
    if (formula) return [{ kind: "formula", latex: (formula[1] ?? "").trim() }];
    const lines = text.split("\n");
    const [head, rule, ...rows] = lines;
    if (head !== undefined && rule !== undefined && /^\|[-:| ]+\|$/.test(rule.trim()))
      return [{ kind: "table", head: cellsOf(head), rows: rows.map(cellsOf) }];
    const first = lines.findIndex((line) => /^\s*[-*] /.test(line));
    if (first >= 0) {
      const items: string[] = [];
      for (const line of lines.slice(first)) {
        const item = /^\s*[-*] (.*)$/.exec(line);
        if (item) items.push(item[1] ?? "");
        else items.push(`${items.pop() ?? ""} ${line.trim()}`);
      }
      const before = lines.slice(0, first).join(" ");
      const list: Block = { kind: "list", items: items.map(inlineOf) };
      return before === "" ? [list] : [{ kind: "paragraph", parts: inlineOf(before) }, list];
    }
    // A formula within a paragraph stands alone, too.
    return text.split(/(\$\$[^$]+\$\$)/).flatMap((part): Block[] => {
      if (part.startsWith("$$")) return [{ kind: "formula", latex: part.slice(2, -2).trim() }];
      const line = part.replace(/\s*\n\s*/g, " ").trim();
      return line === "" ? [] : [{ kind: "paragraph", parts: inlineOf(line) }];
    });
  });
}
