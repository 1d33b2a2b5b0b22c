import { randomStream } from "@basin/numerics";
import { describe, expect, it } from "vitest";
import { evaluateFormula } from "./evaluate-formula";
import { functionNames, type Formula, type Operator } from "./formula";
import { latexOf, latexOfEquation } from "./formula-latex";
import { parseEquation, parseFormula } from "./parse-formula";
import { printFormula } from "./print-formula";

const vocabulary = { unknowns: ["u", "v"], coordinates: ["x", "t"], constants: ["alpha", "k2"] };
const names = vocabulary.coordinates;
const span = { start: 0, end: 0 };
const values: Record<string, number> = { x: 0.7, t: -0.4, alpha: 1.3, k2: 0.2, u: 0.9, v: -1.1, u_x: 2.1, u_xt: 0.3, v_tt: -0.6 };

/** A formula drawn at random. */
function drawn(stream: ReturnType<typeof randomStream>, next: { i: number }, depth: number): Formula {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(stream.uniform(next.i++) * of.length)] as T;
  const deeper = (): Formula => drawn(stream, next, depth - 1);
  const kind =
    depth === 0
      ? pick(["number", "name", "unknown"])
      : pick(["number", "name", "unknown", "negative", "call", "binary", "binary"]);
  switch (kind) {
    case "number":
      return { kind: "number", value: pick([0, 1, 2, 0.5, 3.25, 1e-7, 1e21, 12]), span };
    case "name": {
      const name = pick(["x", "t", "alpha", "k2", "pi"]);
      return { kind: names.includes(name) ? "coordinate" : "constant", name, span };
    }
    case "unknown":
      return {
        kind: "unknown",
        name: pick(["u", "v"]),
        orders: pick([
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 2],
        ]),
        place: null,
        span,
      };
    case "negative":
      return { kind: "negative", of: deeper(), span };
    case "call":
      return { kind: "call", name: pick(functionNames), of: deeper(), span };
    default:
      return { kind: "binary", operator: pick<Operator>(["+", "-", "*", "/", "^"]), left: deeper(), right: deeper(), span };
  }
}

/** Without the places in the text, which differ. */
const bare = (formula: Formula): unknown =>
  JSON.parse(JSON.stringify(formula, (key, value: unknown) => (key === "span" ? undefined : value)));

describe("formulas", () => {
  it("are printed as texts that are read as the same formula", () => {
    const stream = randomStream(7, "formula.spec/print");
    const next = { i: 0 };
    for (let n = 0; n < 2000; n++) {
      const formula = drawn(stream, next, 5);
      const text = printFormula(formula, names);
      expect(bare(parseFormula(text, vocabulary)), text).toEqual(bare(formula));
    }
  });

  it.each([
    ["2 + 3*4^2", 50],
    ["-x^2", -0.49],
    ["2^-1", 0.5],
    ["2^3^2", 512],
    ["8/4/2", 1],
    ["1 - 2 - 3", -4],
    ["-2*-3", 6],
    ["(1 + 2)*(3 - 1)/.5", 12],
    ["1e-3*1E3", 1],
    ["sin(pi*x)^2 + cos(pi*x)^2", 1],
    ["tan(x)", Math.tan(0.7)],
    ["exp(log(alpha))", 1.3],
    ["sqrt(abs(t))", Math.sqrt(0.4)],
    ["tanh(t)", Math.tanh(-0.4)],
    ["cosh(x)^2 - sinh(x)^2", 1],
    ["u*u_x + v_tt/k2 - u_xt", 0.9 * 2.1 - 0.6 / 0.2 - 0.3],
    ["u_tx", 0.3],
  ])("%s is %d", (text, want) => {
    const value = evaluateFormula(parseFormula(text, vocabulary), (part) => {
      if (part.kind !== "unknown") return values[part.name] ?? Number.NaN;
      const suffix = names.map((name, i) => name.repeat(part.orders[i] ?? 0)).join("");
      return values[suffix === "" ? part.name : `${part.name}_${suffix}`] ?? Number.NaN;
    });
    expect(value).toBeCloseTo(want, 12);
  });

  it("know several coordinates of several letters", () => {
    const polar = { unknowns: ["psi"], coordinates: ["r", "theta"], constants: [] };
    expect(parseFormula("psi_rtheta", polar)).toMatchObject({ kind: "unknown", name: "psi", orders: [1, 1] });
    expect(parseFormula("psi_thetatheta", polar)).toMatchObject({ orders: [0, 2] });
  });

  it("are typeset", () => {
    const set = (text: string) => latexOf(parseFormula(text, vocabulary), names);
    expect(set("alpha*u_xx")).toBe("\\alpha \\, u_{x x}");
    expect(set("-(x + t)/k2")).toBe("\\frac{-\\left(x + t\\right)}{k_{2}}");
    expect(set("sqrt(1 - x^2)*exp(-t)")).toBe("\\sqrt{1 - {x}^{2}} \\, e^{-t}");
    expect(set("x*-t - -u")).toBe("x \\, \\left(-t\\right) - \\left(-u\\right)");
    expect(set("x*2")).toBe("x \\cdot 2");
    expect(set("(-x)^2 + abs(u)")).toBe("{\\left(-x\\right)}^{2} + \\left|u\\right|");
    expect(set("1e-7")).toBe("1 \\cdot 10^{-7}");
    expect(latexOfEquation(parseEquation("u_x(1, t) = 0", vocabulary), names)).toBe("u_{x}(1, t) = 0");
  });
});
