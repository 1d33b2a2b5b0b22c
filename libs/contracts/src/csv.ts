export type CsvValue = string | number | boolean | object | null | undefined;

/** What makes a spreadsheet take a cell for a formula, also in full width (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10). */
const formulaStart = /^[=+\-@\t\r\n\0＝＋－＠]/;
/** A number as text is a number to a spreadsheet, and nothing is computed. */
const numberText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Some spreadsheets separate by semicolons or tabs; behind such a one a new cell would begin. */
const needsQuotes = /[",;\t\r\n]/;

/**
 * One field of RFC 4180: quoted when it holds a quote, a separator or a line break. Missing is empty; arrays and objects are JSON. A
 * text that a spreadsheet would run as a formula gets an apostrophe before it, which makes it text there; numbers stay as they are.
 */
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const written = typeof value === "object" ? JSON.stringify(value) : value.toString();
  const isFormula = typeof value === "string" && formulaStart.test(value) && !numberText.test(value);
  const text = isFormula ? `'${written}` : written;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A record with the line end that RFC 4180 asks for. */
export function csvRecord(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}
