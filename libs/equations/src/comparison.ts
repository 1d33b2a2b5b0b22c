import { evaluateFormula, type ValueOf } from "./evaluate-formula";
import { partsOf, type Formula } from "./formula";
import { FormulaError } from "./formula-error";
import { parseFormula } from "./parse-formula";

const signs = ["<=", ">=", "<", ">", "="] as const;

/** Two formulas of named numbers of which one is to be less than, greater than or equal to the other. */
export interface Comparison {
  left: Formula;
  right: Formula;
  sign: (typeof signs)[number];
}

/** Where a text cannot be read: characters from 0; `hint` is what would be right. */
export interface ComparisonFault {
  at: number;
  message: string;
  hint?: string | undefined;
}

/** Relative rounding of formulas: 3 · 0.1 counts as 0.3. */
const rounding = 1e-12;

/** Reads `width * layers <= 512`: names that are given, numbers, + - * / ^, functions, one sign of <, <=, >, >= or =. */
export function readComparison(
  text: string,
  names: readonly string[],
): { comparison: Comparison; fault: null } | { comparison: null; fault: ComparisonFault } {
  try {
    return { comparison: parsed(text, names), fault: null };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { comparison: null, fault: { at: error.at, message: error.message, hint: error.hint } };
  }
}

function parsed(given: string, names: readonly string[]): Comparison {
  const text = given.replaceAll("≤", "<").replaceAll("≥", ">");
  const orEqual = (at: number): boolean => given[at] === "≤" || given[at] === "≥";
  const [found, second] = [...text.matchAll(/<=|>=|==|<|>|=/g)];
  const example = `write e.g. ${names[0] ?? "x"} <= 10`;
  if (!found) throw new FormulaError("compares nothing", text.length, 0, `${example}, with <, <=, >, >= or =`);
  if (second)
    throw new FormulaError(
      `found a second "${second[0]}"`,
      second.index,
      second[0].length,
      "write each comparison as one of its own",
    );
  const written = found[0] === "==" ? "=" : orEqual(found.index) ? `${found[0]}=` : found[0];
  const sign = signs.find((one) => one === written) ?? "=";
  const behind = found.index + found[0].length;
  const vocabulary = { unknowns: [], coordinates: [], constants: names };
  const left = parseFormula(text.slice(0, found.index), vocabulary);
  // Blanks keep the places of the right side those of the whole text.
  const right = parseFormula(" ".repeat(behind) + text.slice(behind), vocabulary);
  if (namesIn({ left, right }).length === 0)
    throw new FormulaError("names nothing, so that it holds always or never", 0, text.length, example);
  return { left, right, sign };
}

/** The names in a comparison, each once. */
export function namesIn({ left, right }: Pick<Comparison, "left" | "right">): string[] {
  const named = [...partsOf(left), ...partsOf(right)].flatMap((part) =>
    part.kind === "constant" && part.name !== "pi" ? [part.name] : [],
  );
  return [...new Set(named)];
}

/** By how much it is broken: 0 where it holds; the difference of its sides, or +∞ where one is no number. */
export function excessOf({ left, right, sign }: Comparison, valueOf: ValueOf): number {
  const [a, b] = [evaluateFormula(left, valueOf), evaluateFormula(right, valueOf)];
  const difference = a - b;
  if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
  const near = Math.abs(difference) <= rounding * Math.max(Math.abs(a), Math.abs(b));
  const holds =
    sign === "="
      ? near
      : sign === "<"
        ? difference < 0
        : sign === ">"
          ? difference > 0
          : near || (sign === "<=" ? difference < 0 : difference > 0);
  // An equal side of a strict comparison breaks it by the least that there is.
  return holds ? 0 : Math.abs(difference) || Number.MIN_VALUE;
}
