import type { Formula } from "./formula";

/** How tightly a formula binds; what binds less than its place asks stands in parentheses. */
const [sums, products, signs, powers, atoms] = [1, 2, 3, 4, 5];
const bindings = { "+": sums, "-": sums, "*": products, "/": products, "^": powers } as const;

/** The text that `parseFormula` reads as the same formula, with parentheses only where they are needed. `coordinates` name derivatives. */
export function printFormula(formula: Formula, coordinates: readonly string[]): string {
  return print(formula, sums, coordinates);
}

/** The coordinates of a derivative one after the other: "xx", "xt". */
export function suffixOf(orders: readonly number[], coordinates: readonly string[]): string {
  return coordinates.map((name, i) => name.repeat(orders[i] ?? 0)).join("");
}

function print(formula: Formula, asked: number, coordinates: readonly string[]): string {
  const [text, binding] = bare(formula, coordinates);
  return binding < asked ? `(${text})` : text;
}

function bare(formula: Formula, coordinates: readonly string[]): [string, number] {
  const part = (one: Formula, asked: number): string => print(one, asked, coordinates);
  switch (formula.kind) {
    case "number":
      return [String(formula.value), atoms];
    case "coordinate":
    case "constant":
      return [formula.name, atoms];
    case "unknown": {
      const suffix = suffixOf(formula.orders, coordinates);
      const name = suffix === "" ? formula.name : `${formula.name}_${suffix}`;
      return [formula.place ? `${name}(${formula.place.map((one) => part(one, sums)).join(", ")})` : name, atoms];
    }
    case "negative":
      return [`-${part(formula.of, signs)}`, signs];
    case "call":
      return [`${formula.name}(${part(formula.of, sums)})`, atoms];
    case "binary": {
      const { operator, left, right } = formula;
      const binding = bindings[operator];
      if (operator === "^") return [`${part(left, atoms)}^${part(right, signs)}`, binding];
      const space = binding === sums ? " " : "";
      return [`${part(left, binding)}${space}${operator}${space}${part(right, binding + 1)}`, binding];
    }
  }
}
