/** Functions of one argument; angles are in radians, `log` is the natural one. */
export const functionNames = ["sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "sinh", "cosh", "abs"] as const;
export type FunctionName = (typeof functionNames)[number];

export type Operator = "+" | "-" | "*" | "/" | "^";

/** Where a part of a formula stands in its text: characters from 0, `end` not included. */
interface Span {
  start: number;
  end: number;
}

/** What a person typed, as a tree. */
export type Formula = { span: Span } & (
  | { kind: "number"; value: number }
  | { kind: "coordinate"; name: string }
  | { kind: "constant"; name: string }
  /** An unknown or a derivative of it (orders by coordinate), at a place where one is given in parentheses. */
  | { kind: "unknown"; name: string; orders: readonly number[]; place: readonly Formula[] | null }
  | { kind: "negative"; of: Formula }
  | { kind: "binary"; operator: Operator; left: Formula; right: Formula }
  | { kind: "call"; name: FunctionName; of: Formula }
);

/** Formulas of some kinds. */
export type FormulaOf<Kind extends Formula["kind"]> = Extract<Formula, { kind: Kind }>;

/** The names that a formula may use. `pi` is always known. */
export interface Vocabulary {
  unknowns: readonly string[];
  coordinates: readonly string[];
  constants: readonly string[];
}

/** Derivatives go to this order in total. */
export const highestOrder = 3;

/** The formula and everything in it, outermost first; what stands in the parentheses of a place included. */
export function partsOf(formula: Formula): Formula[] {
  switch (formula.kind) {
    case "number":
    case "coordinate":
    case "constant":
      return [formula];
    case "unknown":
      return [formula, ...(formula.place ?? []).flatMap(partsOf)];
    case "binary":
      return [formula, ...partsOf(formula.left), ...partsOf(formula.right)];
    default:
      return [formula, ...partsOf(formula.of)];
  }
}

/** Its unknowns and their derivatives. */
export function unknownsIn(formula: Formula): FormulaOf<"unknown">[] {
  return partsOf(formula).filter((part) => part.kind === "unknown");
}

/** The names of its constants, each once. */
export function constantsIn(formula: Formula): string[] {
  return [...new Set(partsOf(formula).flatMap((part) => (part.kind === "constant" ? [part.name] : [])))];
}
