import { Space, type Configuration } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { conformanceChecks } from "./conformance";
import { allowedCells } from "./constraints";
import { openSearch } from "./open-search";
import { searchAlgorithms } from "./registry";

const space = Space.parse({
  width: { type: "int", min: 8, max: 64, step: 8 },
  layers: { type: "int", min: 1, max: 8 },
  rate: { type: "log-float", min: 1e-4, max: 1, points: 3 },
});
const constraints = ["width * layers <= 64", "layers >= 2"];
const meets = ({ width, layers }: Configuration): boolean => Number(width) * Number(layers) <= 64 && Number(layers) >= 2;

const opened = (algorithm: string, given: { space?: Space; constraints?: string[]; config?: object } = {}) =>
  openSearch(
    {
      space,
      constraints,
      ...given,
      search: {
        algorithm,
        seed: 3,
        config: { ...(["grid", "listed"].includes(algorithm) ? {} : { trials: 11 }), ...given.config },
      },
    },
    "minimize",
  );

describe("every algorithm keeps to constraints, and to all else that it promises", () => {
  const configs: Record<string, Record<string, unknown>> = {
    grid: {},
    gp: { trials: 6, startup: 3, candidates: 8 },
    listed: {
      configurations: [
        { width: 8, layers: 2, rate: 0.1 },
        { width: 32, layers: 2, rate: 0.1 },
      ],
    },
  };
  const cases = searchAlgorithms.flatMap(({ id }) => {
    const { search, issues } = openSearch(
      { space, constraints, search: { algorithm: id, seed: 3, config: configs[id] ?? { trials: 11 } } },
      "minimize",
    );
    if (!search) throw new Error(JSON.stringify(issues));
    const checks = conformanceChecks(search.algorithm, search.input);
    // A Gaussian process takes long, and is followed once only.
    const once = ["gp", "auto"].includes(id) ? checks.filter(({ name }) => name === "stays within the space") : checks;
    return once.map((check) => [id, check.name, check] as const);
  });
  test.each(cases)("%s %s", (_, __, check) => {
    check.run();
  });
});

describe("constraints", () => {
  test("sieve a grid and leave its order", () => {
    const { count, cell } = allowedCells({ space, constraints });
    const cells = Array.from({ length: count }, (_, i) => cell(i));
    expect(cells.every(meets)).toBe(true);
    const all = allowedCells({ space });
    const expected = Array.from({ length: all.count }, (_, i) => all.cell(i)).filter(meets);
    expect(expected.length).toBeGreaterThan(20);
    expect(cells).toEqual(expected);
  });

  test("say nothing where a parameter does not apply", () => {
    const conditional = Space.parse({
      kind: { type: "choice", values: ["a", "b"] },
      depth: { type: "int", min: 1, max: 4, when: { parameter: "kind", in: ["b"] } },
    });
    const { count } = allowedCells({ space: conditional, constraints: ["depth <= 1"] });
    expect(count).toBe(2);
  });

  test.each([
    ["grid", ["width * layers <= 0"], "constraints[0]", /^none of \d+ configurations that were drawn meets it/],
    ["random", ["width <= 32", "width >= 40"], "constraints", /meets all of them/],
    ["tpe", ["widht <= 32"], "constraints[0]", /there is no "widht" here \(character 1\)/],
    ["tpe", ["width"], "constraints[0]", /compares nothing/],
    ["listed", constraints, "search.config.configurations[0]", /breaks a constraint/],
  ])("%s with %j is refused at %s", (algorithm, given, path, message) => {
    const config = algorithm === "listed" ? { configurations: [{ width: 64, layers: 8, rate: 0.1 }] } : {};
    const { search, issues } = opened(algorithm, { constraints: given, config });
    expect(search).toBeNull();
    expect(issues[0]?.path).toBe(path);
    expect(issues[0]?.message).toMatch(message);
    if (path.startsWith("constraints")) expect(issues[0]?.hint).toBeTruthy();
  });

  test("a space of whole numbers is looked at as a whole", () => {
    const whole = Space.parse({ a: { type: "int", min: 1, max: 900 }, b: { type: "int", min: 1, max: 900 } });
    // One of 810,000: draws would hardly find it.
    const only = opened("random", { space: whole, constraints: ["a + b >= 1800"] });
    expect(only.issues).toEqual([]);
    const { issues } = opened("random", { space: whole, constraints: ["a + b > 1800"] });
    expect(issues[0]?.message).toBe("none of the 810000 configurations of the space meets it");
  });

  test("texts are told apart from names that are not there", () => {
    const texts = Space.parse({ kind: { type: "choice", values: ["a", "b"] }, width: { type: "int", min: 1, max: 9 } });
    const { issues } = opened("random", { space: texts, constraints: ["kind <= width"] });
    expect(issues[0]?.message).toBe("kind has values that are no numbers");
  });

  test("known configurations that break one are refused", () => {
    const { issues } = opened("tpe", { config: { first: [{ width: 64, layers: 8, rate: 0.1 }] } });
    expect(issues).toMatchObject([{ path: "search.config.first[0]", message: "breaks a constraint" }]);
  });
});
