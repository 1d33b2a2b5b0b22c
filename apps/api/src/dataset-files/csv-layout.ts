import type { Issue } from "@basin/contracts";

export const delimiters = { comma: ",", semicolon: ";", tab: "\t" } as const;
export type DelimiterName = keyof typeof delimiters;

/** What a person says about a CSV file; the rest is found in it. */
export interface CsvOptions {
  delimiter?: DelimiterName;
  decimal?: "." | ",";
  thousands?: "," | "." | " " | "'";
  /** Columns whose cells are texts, whatever they look like. */
  texts?: readonly string[];
}

/** How many times a character stands outside quotes. */
function countOutsideQuotes(line: string, character: string): number {
  let quoted = false;
  let count = 0;
  for (const c of line) {
    if (c === '"') quoted = !quoted;
    else if (c === character && !quoted) count += 1;
  }
  return count;
}

/** The lines that the beginning of a file holds in full; its only line when it has no end. */
function wholeLines(head: string): string[] {
  const lines = head.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  return (lines.length > 1 ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== "").slice(0, 20);
}

/**
 * The delimiter of a CSV file from its beginning: the one that stands in the header line and equally often in the lines below
 * it; among several, the most frequent. Null: the header has none of them, so the file has one column.
 */
export function findDelimiter(head: string): DelimiterName | null {
  const [header = "", ...below] = wholeLines(head);
  const found = (Object.keys(delimiters) as DelimiterName[])
    .map((name) => ({ name, count: countOutsideQuotes(header, delimiters[name]) }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => ({
      name,
      count,
      agreeing: below.filter((line) => countOutsideQuotes(line, delimiters[name]) === count).length,
    }));
  found.sort((a, b) => b.agreeing - a.agreeing || b.count - a.count);
  return found[0]?.name ?? null;
}

const plainNumber = /^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?$/;

/** Whether a cell of the header line is a number. */
export function holdsNumber(name: string): boolean {
  return plainNumber.test(name);
}

/**
 * What is wrong when a first line holds numbers among names: it is a row, unless they are whole and ascend, as years (1990, 1991, …) or
 * indices (0, 1, 2, …) do. A line of numbers only is never the names.
 */
function checkNumbersAmongNames(names: readonly string[]): Issue[] {
  const numbers = names.filter(holdsNumber);
  if (numbers.length === 0) return [];
  const hint = "put a line with a name for each column on top";
  if (numbers.length === names.length) return [{ path: "header", message: "the first line holds numbers only", hint }];
  const whole = numbers.every((name) => /^\d+$/.test(name));
  const ascending = numbers.every((name, i) => i === 0 || Number(name) > Number(numbers[i - 1]));
  if (whole && ascending) return [];
  const shown = names.slice(0, 5).join(", ");
  const message = `the first line (${shown}${names.length > 5 ? ", …" : ""}) holds numbers, so it seems to be a row, not the names of the columns`;
  return [{ path: "header", message, hint }];
}
/** Names are kept in configurations, which hold texts of at most this length. */
const longestName = 200;
const mostColumns = 4096;

/** What is wrong with the header line; `delimiter` is the one that it was cut with. */
export function checkHeader(names: readonly string[], delimiter: DelimiterName): Issue[] {
  const issues: Issue[] = [];
  const only = names.length === 1 ? (names[0] ?? "") : "";
  for (const [other, character] of Object.entries(delimiters)) {
    if (other === delimiter || !only.includes(character)) continue;
    const message = `the header has no ${delimiter}, so the file would have the single column ${JSON.stringify(only.slice(0, 80))}`;
    return [{ path: "delimiter", message, hint: `the delimiter seems to be ${other}` }];
  }
  const strange = /[|:]/.exec(only)?.[0];
  if (strange !== undefined)
    return [
      { path: "delimiter", message: `"${strange}" is no delimiter`, hint: "separate columns with comma, semicolon or tab" },
    ];
  if (names.length > mostColumns)
    return [
      { path: "header", message: `${names.length} columns; at most ${mostColumns} can be read`, hint: "upload NPZ instead" },
    ];
  const numbers = checkNumbersAmongNames(names);
  if (numbers.length > 0) return numbers;
  const seen = new Map<string, number>();
  names.forEach((name, i) => {
    const path = `header[${i}]`;
    const before = seen.get(name);
    if (name === "") issues.push({ path, message: `column ${i + 1} has no name`, hint: "give every column a name" });
    else if (before !== undefined)
      issues.push({
        path,
        message: `columns ${before + 1} and ${i + 1} have the same name ${JSON.stringify(name.slice(0, 80))}`,
        hint: "give each column a name of its own",
      });
    else seen.set(name, i);
    if (name.length > longestName)
      issues.push({ path, message: `the name of column ${i + 1} is longer than ${longestName} characters` });
  });
  return issues;
}
