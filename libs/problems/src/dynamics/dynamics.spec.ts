import { LibraryParameters } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { equations } from "./equation";
import { compareLaws } from "./known-law";
import { buildLibrary, evaluateTerms, latentVariables, termCount } from "./library";
import { lorenzCoefficients, lorenzLaw } from "./lorenz";

const options = (changes: Partial<LibraryParameters>): LibraryParameters => LibraryParameters.parse(changes);
const texts = (changes: Partial<LibraryParameters>, width: number, velocities = false): string[] =>
  buildLibrary(options(changes), latentVariables(width, velocities)).terms.map(({ text }) => text);

describe("library", () => {
  it("lists powers, functions and cross terms in order", () => {
    expect(texts({}, 1)).toEqual(["z", "z²", "z³", "z⁴", "sin z"]);
    expect(texts({ constantTerm: true, polynomialDegree: 2, sine: false }, 2)).toEqual(["1", "z1", "z2", "z1²", "z1·z2", "z2²"]);
    expect(texts({ polynomialDegree: 2, crossTerms: false, cosine: true, reciprocal: true }, 1, true)).toEqual([
      "z",
      "ż",
      "z²",
      "ż²",
      "sin z",
      "sin ż",
      "cos z",
      "cos ż",
      "1/z",
      "1/ż",
    ]);
    // Champion's library for the pendulum has twelve terms: 1, nine monomials to degree 3 in (z, ż), two sines.
    expect(texts({ constantTerm: true, polynomialDegree: 3 }, 1, true)).toHaveLength(12);
  });

  it("is counted without being made", () => {
    for (const width of [1, 2, 5])
      for (const polynomialDegree of [0, 1, 3, 5])
        for (const crossTerms of [false, true])
          for (const constantTerm of [false, true]) {
            const changes = { polynomialDegree, crossTerms, constantTerm, cosine: constantTerm, squareRoot: crossTerms };
            expect(termCount(options(changes), width)).toBe(texts(changes, width).length);
          }
  });

  it("evaluates them", () => {
    const library = buildLibrary(
      options({ constantTerm: true, polynomialDegree: 2, cosine: true, reciprocal: true, squareRoot: true }),
      latentVariables(2, false),
    );
    const out: number[] = [];
    evaluateTerms(library, [0.5, -2], out);
    const want = [
      1,
      0.5,
      -2,
      0.25,
      -1,
      4,
      Math.sin(0.5),
      Math.sin(-2),
      Math.cos(0.5),
      Math.cos(-2),
      0.5 / 0.2501,
      -2 / 4.0001,
      0.2501 ** 0.25,
      4.0001 ** 0.25,
    ];
    want.forEach((value, k) => expect(out[k]).toBeCloseTo(value, 12));
  });
});

it("writes equations as text and LaTeX", () => {
  const library = buildLibrary(options({ constantTerm: true, polynomialDegree: 2 }), latentVariables(1, false));
  const left = [{ text: "z̈", latex: "\\ddot z" }];
  expect(equations(library, [0.5, 0, -2, -0.98765], left)).toEqual({
    text: "z̈ = 0.500 − 2.00 z² − 0.988 sin z",
    latex: "\\ddot z = 0.500 - 2.00\\,z^{2} - 0.988\\,\\sin z",
  });
  expect(equations(library, [0, 0, 0, 0], left).text).toBe("z̈ = 0");
});

it("has Lorenz' law in the library's coefficients", () => {
  const variables = ["x", "y", "z"].map((name) => ({ text: name, latex: name }));
  const library = buildLibrary(options({ constantTerm: true, polynomialDegree: 2, sine: false }), variables);
  const known = lorenzCoefficients(library);
  expect(known.filter((value) => value !== 0)).toHaveLength(7);
  const state = Float64Array.of(1.5, -2, 20);
  const [theta, want] = [new Float64Array(10), new Float64Array(3)];
  evaluateTerms(library, state, theta);
  lorenzLaw(0, state, want);
  want.forEach((rate, v) =>
    expect(theta.reduce((sum, value, k) => sum + value * (known[3 * k + v] ?? 0), 0)).toBeCloseTo(rate, 12),
  );
});

it("tells laws apart", () => {
  const known = [2, 0, -1, 0];
  const close = compareLaws([2.02, 0, -0.96, 0], known);
  expect(close).toMatchObject({ outcome: "law", supportF1: 1 });
  expect(close.worstCoefficient).toBeCloseTo(0.04, 9);
  expect(compareLaws([2.2, 0, -1, 0], known).outcome).toBe("support");
  expect(compareLaws([2, 0.3, -1, 0], known)).toMatchObject({ outcome: "extra", supportF1: 0.8 });
  expect(compareLaws([2, 0, 0, 0], known).outcome).toBe("missing");
  expect(compareLaws([2, 1, 0, 0], known).outcome).toBe("wrong");
  expect(compareLaws([0, 0, 0, 0], known)).toMatchObject({ outcome: "none", coefficientError: 1 });
});
