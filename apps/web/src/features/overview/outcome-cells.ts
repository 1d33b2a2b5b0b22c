import type { SweepAnswer } from "@basin/contracts";
import { outcomeLooks, runStateLooks, type SchemeColor } from "@basin/ui";

/** How a cell of the matrix of outcomes looks. */
export interface CellLook {
  label: string;
  mark: string;
  color: SchemeColor;
  /** Drawn as a full square; otherwise as an outline. */
  full: boolean;
}

const ofState = (state: keyof typeof runStateLooks, mark: string, full: boolean): CellLook => ({
  label: runStateLooks[state].label,
  mark,
  color: runStateLooks[state].color,
  full,
});

/** By the letters of an answer's cells. */
export const cellLooks: Readonly<Record<string, CellLook>> = {
  m: { ...outcomeLooks.met, full: true },
  x: { ...outcomeLooks.missed, full: false },
  f: ofState("succeeded", "·", true),
  d: ofState("diverged", "∞", false),
  e: ofState("failed", "!", true),
  c: ofState("cancelled", "–", false),
  p: ofState("pruned", "✂", false),
  u: { ...ofState("pending", "", false), label: "not ended" },
};

/** Which letters an answer uses, in the order of the legend. */
export function lettersOf({ rows }: Pick<SweepAnswer, "rows">): string[] {
  const used = new Set(rows.flatMap(({ cells }) => [...cells]));
  return Object.keys(cellLooks).filter((letter) => used.has(letter));
}

export type SeedOrder = "seed" | "hardest";

/**
 * Places of the initializations in the order in which they are shown: by seed, or those first that did well in the fewest configurations, so that
 * it is seen whether the same ones fail everywhere.
 */
export function seedPlaces({ rows, seeds }: Pick<SweepAnswer, "rows" | "seeds">, order: SeedOrder): number[] {
  const places = seeds.map((_, place) => place);
  if (order === "seed") return places;
  const well = places.map((place) => rows.filter(({ cells }) => cells[place] === "m" || cells[place] === "f").length);
  return places.sort((a, b) => (well[a] ?? 0) - (well[b] ?? 0) || a - b);
}

interface Place {
  row: number;
  column: number;
}

/** Where a key leads from a place: to the next cell that has a run in that direction; the same place where there is none. */
export function placeAfter(key: string, { row, column }: Place, cells: readonly string[]): Place | null {
  const has = (at: Place): boolean => (cells[at.row]?.[at.column] ?? " ") !== " ";
  const along = (rowStep: number, columnStep: number, from: Place): Place => {
    for (let at = from; cells[at.row] !== undefined && at.column >= 0 && at.column < longest(cells);) {
      if (has(at)) return at;
      at = { row: at.row + rowStep, column: at.column + columnStep };
    }
    return { row, column };
  };
  switch (key) {
    case "ArrowRight":
      return along(0, 1, { row, column: column + 1 });
    case "ArrowLeft":
      return along(0, -1, { row, column: column - 1 });
    case "ArrowDown":
      return along(1, 0, { row: row + 1, column });
    case "ArrowUp":
      return along(-1, 0, { row: row - 1, column });
    case "Home":
      return along(0, 1, { row, column: 0 });
    case "End":
      return along(0, -1, { row, column: longest(cells) - 1 });
    default:
      return null;
  }
}

const longest = (cells: readonly string[]): number => Math.max(0, ...cells.map(({ length }) => length));
