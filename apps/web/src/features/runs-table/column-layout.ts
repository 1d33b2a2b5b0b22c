import { missing } from "@basin/ui";

/** A column in its place; `left`: where a pinned one sticks, in CSS pixels. */
export interface PlacedColumn<C> {
  column: C;
  left: number | null;
}

/** Shown columns: the pinned ones first, each where the ones before it end, then the others in their own order. */
export function placeColumns<C extends { id: string; width: number }>(
  columns: readonly C[],
  shown: readonly string[],
  pinned: readonly string[],
  start: number,
): PlacedColumn<C>[] {
  const visible = columns.filter(({ id }) => shown.includes(id));
  let left = start;
  const first = visible
    .filter(({ id }) => pinned.includes(id))
    .map((column) => {
      const placed = { column, left };
      left += column.width;
      return placed;
    });
  return [...first, ...visible.filter(({ id }) => !pinned.includes(id)).map((column) => ({ column, left: null }))];
}

/** The next order when a heading is pressed: ascending, descending, then as created. */
export function turned(sort: string, field: string): string {
  if (sort === field) return `-${field}`;
  return sort === `-${field}` && field !== "index" ? "index" : field;
}

/** How a condition names parameters that do not apply, and figures that are missing: the value null. */
export const nothing = "does not apply";

/** What a person types as the value of a condition: JSON where it is, else text. */
export function conditionValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === nothing || trimmed === missing) return null;
  try {
    return JSON.parse(trimmed);
  } catch {
    return trimmed;
  }
}
