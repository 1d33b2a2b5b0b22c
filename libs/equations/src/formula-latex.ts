import type { Formula, FunctionName } from "./formula";
import type { Equation } from "./parse-formula";
import { suffixOf } from "./print-formula";

const greek =
  /^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega)(\d*)$/;

const [sums, products, signs, powers, atoms] = [1, 2, 3, 4, 5];

/** A name as mathematics sets it: Greek letters as such, digits behind it as an index, longer words upright. */
export function latexOfName(name: string): string {
  const letter = greek.exec(name);
  if (letter) return `\\${letter[1] ?? ""}${letter[2] ? `_{${letter[2]}}` : ""}`;
  const indexed = /^([A-Za-z])(\d+)$/.exec(name);
  if (indexed) return `${indexed[1] ?? ""}_{${indexed[2] ?? ""}}`;
  return name.length === 1 ? name : `\\mathrm{${name}}`;
}

/** LaTeX of a formula; `coordinates` name derivatives. */
export function latexOf(formula: Formula, coordinates: readonly string[]): string {
  return set(formula, sums, coordinates);
}

/** LaTeX of an equation. */
export function latexOfEquation({ left, right }: Equation, coordinates: readonly string[]): string {
  return `${latexOf(left, coordinates)} = ${latexOf(right, coordinates)}`;
}

function set(formula: Formula, asked: number, coordinates: readonly string[]): string {
  const [latex, binding] = bare(formula, coordinates);
  return binding < asked ? `\\left(${latex}\\right)` : latex;
}

function bare(formula: Formula, coordinates: readonly string[]): [string, number] {
  const part = (one: Formula, asked: number): string => set(one, asked, coordinates);
  switch (formula.kind) {
    case "number":
      return numberLatex(formula.value);
    case "coordinate":
    case "constant":
      return [latexOfName(formula.name), atoms];
    case "unknown": {
      const name = latexOfName(formula.name);
      const indices = suffixOf(formula.orders, coordinates) === "" ? "" : `_{${derivativeLatex(formula.orders, coordinates)}}`;
      const held = indices !== "" && name.includes("_") ? `{${name}}` : name;
      const place = formula.place ? `(${formula.place.map((one) => part(one, sums)).join(", ")})` : "";
      return [`${held}${indices}${place}`, atoms];
    }
    case "negative":
      return [`-${part(formula.of, signs)}`, signs];
    case "call":
      return callLatex(formula.name, part(formula.of, sums));
    case "binary": {
      const { operator, left, right } = formula;
      switch (operator) {
        case "+":
        case "-":
          return [`${part(left, sums)} ${operator} ${part(right, right.kind === "negative" ? powers : products)}`, sums];
        case "*":
          return [`${part(left, products)} ${right.kind === "number" ? "\\cdot" : "\\,"} ${part(right, powers)}`, products];
        case "/":
          return [`\\frac{${part(left, sums)}}{${part(right, sums)}}`, products];
        case "^":
          return [`{${part(left, atoms)}}^{${part(right, sums)}}`, powers];
      }
    }
  }
}

function derivativeLatex(orders: readonly number[], coordinates: readonly string[]): string {
  return coordinates
    .map((name, i) => `${latexOfName(name)} `.repeat(orders[i] ?? 0))
    .join("")
    .trim();
}

function callLatex(name: FunctionName, of: string): [string, number] {
  if (name === "sqrt") return [`\\sqrt{${of}}`, atoms];
  if (name === "abs") return [`\\left|${of}\\right|`, atoms];
  if (name === "exp") return [`e^{${of}}`, powers];
  return [`\\${name}\\left(${of}\\right)`, atoms];
}

function numberLatex(value: number): [string, number] {
  const [digits = "", exponent] = String(value).split("e");
  return exponent === undefined ? [digits, atoms] : [`${digits} \\cdot 10^{${exponent.replace("+", "")}}`, products];
}
