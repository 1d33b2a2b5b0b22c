export type CsvValue = string | number | boolean | object | null | undefined;

/** One field of RFC 4180: quoted when it holds a quote, comma or line break. Missing is empty; arrays and objects are JSON. */
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : value.toString();
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A record with the line end that RFC 4180 asks for. */
export function csvRecord(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}
