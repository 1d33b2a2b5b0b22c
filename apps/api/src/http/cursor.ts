import { Buffer } from "node:buffer";
import { InputError } from "./request-errors";

/** The value of the sort column and the tie-breakers of the last row of a page. */
export type CursorKey = readonly (string | number | null)[];

/** An opaque, URL-safe text. It names its sort, so that a cursor of another sort is refused rather than misread. */
export function encodeCursor(sort: string, key: CursorKey): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString("base64url");
}

/** What a part of a key must be; with "?" it may also be null. Times are ISO 8601 texts. */
export type CursorPart = "text" | "number" | "int" | "time";

/** What the value of a sort column is in a cursor, by its type in the database. */
export const cursorParts = {
  timestamptz: "time",
  text: "text",
  jsonb: "text",
  int: "int",
  float8: "number",
} as const satisfies Record<string, CursorPart>;

function fits(part: unknown, kind: string): part is string | number {
  if (kind === "number") return typeof part === "number" && Number.isFinite(part);
  if (kind === "int") return typeof part === "number" && Number.isInteger(part) && Math.abs(part) < 2 ** 31;
  if (typeof part !== "string" || part.includes("\u0000")) return false;
  return kind === "text" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(part);
}

/**
 * The key in a cursor, null without one. `kinds` gives the type of each part. Throws InputError when the text was not made by
 * `encodeCursor` for this sort.
 */
export function decodeCursor(
  cursor: string | undefined,
  sort: string,
  kinds: readonly (CursorPart | `${CursorPart}?`)[],
): CursorKey | null {
  if (cursor === undefined) return null;
  const refuse = (message: string): InputError =>
    new InputError([{ path: "cursor", message, hint: "leave it out for the first page, then send `next` of the page before" }]);
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw refuse("this is not a cursor that the API gave out");
  }
  if (!Array.isArray(parts)) throw refuse("this is not a cursor that the API gave out");
  const [ofSort, ...key] = parts as unknown[];
  if (ofSort !== sort) throw refuse(`this cursor belongs to another list or sort than ${sort}`);
  if (key.length !== kinds.length) throw refuse("this is not a cursor that the API gave out");
  return key.map((part, i) => {
    const kind = kinds[i] ?? "text";
    if (part === null && kind.endsWith("?")) return null;
    if (fits(part, kind.replace("?", ""))) return part;
    throw refuse("this is not a cursor that the API gave out");
  });
}
