import { DatasetId, type Configuration, type Dataset } from "@basin/contracts";
import { evaluateFormula, unknownsIn } from "@basin/equations";
import { lotkaVolterra, solveOde, vanDerPol } from "@basin/numerics";
import { describe, expect, it } from "vitest";
import { checkSpec, parameterWarnings } from "../check-spec";
import { checkDatasets } from "../datasets/check-datasets";
import { evaluateExpression } from "../differential-equations/expression";
import { configurationOf } from "../describe-experiment";
import { estimatePackMemory } from "../memory/pack-memory";
import { withoutEffect } from "../without-effect";
import { equation } from "./equation";
import { equationParameters } from "./equation-parameters";
import { gallery } from "./gallery";
import { integratedSolution } from "./integrated-solution";
import { measuredPoints } from "./measured-points";
import { counted, trainedSystem, typedSystem } from "./typed-system";

const fixed = (changes: Configuration) =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { type: "fixed" as const, value }]));
const issuesOf = (changes: Configuration) => checkSpec(equation, { space: fixed(changes) });
const systemOf = (changes: Configuration) => typedSystem(equationParameters(configurationOf(equation, changes))).system;

describe("an equation that is submitted", () => {
  it.each<[string, Configuration, string, RegExp]>([
    [
      "an unknown symbol",
      { equations: ["u_t = alhpa*u_xx"] },
      "space.equations[0]",
      /character 7 of "u_t = alhpa\*u_xx": there is no "alhpa"/,
    ],
    [
      "a condition outside",
      { conditions: ["u(0, t) = 0", "u(2, t) = 0"] },
      "space.conditions[1]",
      /character 3 .* outside of its range/,
    ],
    ["a known solution of no dataset", { referenceFrom: "dataset" }, "space.referenceFrom", /referenceDataset names none/],
    [
      "a condition that ties an edge to another kind of edge",
      { conditions: ["u(0, t) = u(x, 0)"] },
      "space.conditions[0]",
      /character 11 .* another place/,
    ],
    ["a condition that ties an edge that is not there", { conditions: ["u(0, t) = u(3, t)"] }, "space.conditions[0]", /outside/],
    ["a condition that is nowhere", { conditions: ["u(x, x) = 0"] }, "space.conditions[0]", /t is not constant/],
    ["an empty range", { coordinates: ["x in [0, 0]", "t in [0, 1]"] }, "space.coordinates[0]", /empty/],
    ["a fourth order", { equations: ["u_t = u_xxxx"] }, "space.equations[0]", /order 4; at most 3/],
    ["a trained constant without data", { trainable: ["alpha = 0.5"] }, "space.trainable[0]", /found from data, but no dataset/],
    ["no formula where one is to judge", { reference: [] }, "space.reference", /no formula/],
    ["a reference that is infinite", { reference: ["u = 1/x"] }, "space.reference", /infinite/],
    ["an integration in two coordinates", { referenceFrom: "integration" }, "space.referenceFrom", /one coordinate/],
    [
      "five coordinates",
      { coordinates: ["a", "b", "c", "d", "e"].map((name) => `${name} in [0, 1]`) },
      "space.coordinates.value",
      /list of at least 1 and at most 4 texts/,
    ],
    ["no coordinates", { coordinates: [] }, "space.coordinates.value", /list of at least 1 and at most 4 texts/],
    ["a grid of no square", { placement: "grid", points: 401 }, "space.points", /a grid in 2 coordinates/],
  ])("is refused for %s", (_, changes, path, message) => {
    const [issue] = issuesOf(changes);
    expect(issue?.path).toBe(path);
    expect(issue?.message).toMatch(message);
  });

  it("is warned of conditions that are missing", () => {
    const space = fixed({ conditions: ["u(0, t) = 0"] });
    const warnings = parameterWarnings(equation, space);
    expect(warnings.map(({ path }) => path)).toEqual(["space.conditions", "space.conditions"]);
    expect(warnings[0]?.message).toMatch(/order 2 by x, but one condition fixes/);
    expect(warnings[1]?.message).toMatch(/order 1 by t, but no condition fixes/);
    expect(parameterWarnings(equation, {})).toEqual([]);
  });

  it("sweeps constants by their names, and says which change nothing", () => {
    const swept = { alpha: { type: "log-float" as const, min: 0.01, max: 1, points: 3 } };
    expect(checkSpec(equation, { space: swept })).toEqual([]);
    const idle = withoutEffect(equation, configurationOf(equation, {}));
    expect(idle.has("alpha")).toBe(false);
    expect(idle.has("nu")).toBe(true);
    const derived = configurationOf(equation, { equations: ["u_t = D*u_xx"], constants: ["D = nu^2"], referenceFrom: "none" });
    expect(withoutEffect(equation, derived).has("nu")).toBe(false);
    expect(withoutEffect(equation, derived).has("alpha")).toBe(true);
  });

  // Some 0.6 s alone; where every value were checked at all judged points, 100 s.
  it("is checked quickly however many values a constant takes", { timeout: 10_000 }, () => {
    const values = Array.from({ length: 2000 }, (_, i) => 0.1 + i * 1e-4);
    expect(checkSpec(equation, { space: { alpha: { type: "choice", values } } })).toEqual([]);
  });

  it("has an estimate of its memory", () => {
    const estimate = (points: number) => estimatePackMemory(equation, configurationOf(equation, { points }), () => undefined);
    expect(estimate(100_000)).not.toBeNull();
    expect(JSON.stringify(estimate(100_000))).not.toBe(JSON.stringify(estimate(400)));
  });

  it("trains conditions at one place on the same points, with what is known beforehand as measured values", () => {
    const parameters = equationParameters(configurationOf(equation, {}));
    const { grids, terms } = trainedSystem(parameters, null);
    expect(terms.map(({ metric, grid }) => [metric, grid])).toEqual([
      ["equation1Loss", 0],
      ["condition1Loss", 1],
      ["condition2Loss", 2],
      ["condition3Loss", 3],
    ]);
    expect(terms.map((term) => term.weight({ ...parameters, initialWeight: 7, conditionWeight: 5 }))).toEqual([1, 5, 5, 7]);
    const start = grids[3]?.points ?? new Float32Array();
    terms[3]?.measured?.forEach((value, i) => {
      expect(start[2 * i + 1]).toBe(-1);
      expect(value).toBeCloseTo(Math.sin(Math.PI * (0.5 + 0.5 * (start[2 * i] ?? 0))), 6);
    });
  });
});

describe("a condition that ties two edges", () => {
  const parameters = equationParameters(
    configurationOf(equation, {
      conditions: ["u(x, 0) = cos(2*pi*x)", "u(0, t) = u(1, t)", "u_x(0, t) = u_x(1, t)"],
      reference: ["u = exp(-4*alpha*pi^2*t)*cos(2*pi*x)"],
    }),
  );

  it("takes the second edge at the points of the first", () => {
    const { grids, terms } = trainedSystem(parameters, null);
    expect(terms.map(({ metric, grid }) => [metric, grid])).toEqual([
      ["equation1Loss", 0],
      ["condition1Loss", 1],
      ["condition2Loss", 2],
      ["condition3Loss", 2],
    ]);
    expect(grids).toHaveLength(4);
    const [left, right] = [grids[2]?.points ?? [], grids[3]?.points ?? []].map((points) => Array.from(points));
    expect(left?.length).toBe(80);
    left?.forEach((value, i) => {
      expect(value === -1 || i % 2 === 1).toBe(true);
      expect(right?.[i]).toBe(i % 2 === 0 ? 1 : value);
    });
    // With s = 2x − 1 the slope by x is twice that by s, on both edges.
    const residual = terms[3]?.residual;
    if (!residual) throw new Error("no third condition");
    const at = (first: number, second: number): number =>
      evaluateExpression(residual, (symbol) => {
        if (symbol.kind !== "solution") throw new Error("something else is in it");
        expect(symbol.derivative).toEqual([1]);
        return symbol.grid === 3 ? second : first;
      });
    expect(at(5, 5)).toBe(0);
    expect(at(5, 3)).toBe(4);
  });

  it("is no start, and no condition is missing with it", () => {
    expect(parameterWarnings(equation, fixed({ conditions: parameters.conditions, reference: parameters.reference }))).toEqual(
      [],
    );
    const round = equationParameters(configurationOf(equation, { conditions: ["u(x, 0) = u(x, 0.5)"] }));
    const [, tied] = trainedSystem(round, null).terms;
    expect(tied?.weight({ ...round, initialWeight: 7, conditionWeight: 5 })).toBe(5);
  });

  it("has the same number of points in an estimate", () => {
    const size = (draw?: typeof counted) => trainedSystem(parameters, null, draw).grids.map(({ points }) => points.length);
    expect(size(counted)).toEqual(size());
  });
});

describe("the gallery", () => {
  it("has ten starting points that can be submitted without a warning", () => {
    expect(gallery).toHaveLength(10);
    for (const { id, parameters } of gallery) {
      expect(issuesOf(parameters), id).toEqual([]);
      expect(parameterWarnings(equation, fixed(parameters)), id).toEqual([]);
    }
  });

  it.each(
    gallery
      .filter(({ parameters }) => parameters.referenceFrom !== "integration")
      .map((one) => [one.id, one.parameters] as const),
  )("%s is solved by its reference, in the equations and in the conditions", (_, changes) => {
    const system = systemOf(changes);
    const { coordinates } = system;
    const h = 1e-3;
    const value = (name: string, point: readonly number[]): number => {
      const formula = system.reference.get(name);
      // The second unknown of Korteweg and de Vries is u_xx.
      if (!formula) return derivative("u", [2, 0], point);
      return evaluateFormula(formula, (part) =>
        part.kind === "coordinate"
          ? (point[coordinates.findIndex((one) => one.name === part.name)] ?? NaN)
          : (system.constants.get(part.name) ?? NaN),
      );
    };
    /** Central differences of fourth order, one order after the other. */
    const derivative = (name: string, orders: readonly number[], point: readonly number[]): number => {
      const c = orders.findIndex((order) => order > 0);
      if (c < 0) return value(name, point);
      const less = orders.map((order, i) => (i === c ? order - 1 : order));
      const at = (steps: number): number =>
        derivative(
          name,
          less,
          point.map((x, i) => (i === c ? x + steps * h * 4 : x)),
        );
      return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h * 4);
    };
    const at = (place: readonly (number | null)[], shares: readonly number[]): number[] =>
      coordinates.map(({ from, to }, i) => place[i] ?? from + (to - from) * (shares[i] ?? 0));
    const differences = [
      ...system.equations.map((one) => ({ one, place: [null, null] })),
      ...system.conditions.map((one) => ({ one, place: one?.place ?? [] })),
    ];
    for (const { one, place } of differences) {
      if (!one) throw new Error("a text was not read");
      expect([one.left, one.right].flatMap(unknownsIn).length).toBeGreaterThan(0);
      for (const shares of [
        [0.21, 0.37],
        [0.5, 0.62],
        [0.83, 0.11],
      ]) {
        const point = at(place, shares);
        const [left, right] = [one.left, one.right].map((side) =>
          evaluateFormula(side, (part) => {
            if (part.kind === "coordinate") return point[coordinates.findIndex(({ name }) => name === part.name)] ?? NaN;
            if (part.kind === "constant") return system.constants.get(part.name) ?? NaN;
            return derivative(part.name, part.orders, point);
          }),
        );
        expect(Math.abs((left ?? NaN) - (right ?? NaN))).toBeLessThan(2e-4);
      }
    }
  });

  it("integrates predators and prey, and van der Pol's oscillator, as numerics does", () => {
    const states = (id: string, start: number[], f: Parameters<typeof solveOde>[0], times: number[]) => {
      const solution = integratedSolution(systemOf(gallery.find((one) => one.id === id)?.parameters ?? {}));
      const want = solveOde(f, start, times);
      times.forEach((t, i) => {
        solution(t).forEach((value, c) => expect(value).toBeCloseTo(want[i]?.[c] ?? NaN, 7));
      });
    };
    const rates = { preyGrowth: 1, predation: 1, predatorGrowth: 1, predatorDeath: 1 };
    states("lotka-volterra", [1.5, 1], lotkaVolterra(rates), [0, 1, 2.5, 5]);
    states("van-der-pol", [1, 0], vanDerPol(1), [0, 0.5, 3, 6]);
  });
});

describe("integration of typed equations", () => {
  const line = { coordinates: ["t in [0, 2]"], reference: [] };
  it("finds derivatives that stand mixed in the equations, and a start that is given as sums", () => {
    // u' = −v, v' = u, from u + v = 1, u − v = 1: u = cos t, v = sin t.
    const solution = integratedSolution(
      systemOf({
        ...line,
        unknowns: ["u", "v"],
        equations: ["u_t + v_t = u - v", "2*u_t - v_t = -2*v - u"],
        conditions: ["u(0) + v(0) = 1", "u(0) = 1 + v(0)"],
      }),
    );
    for (const t of [0.3, 1, 2])
      expect([...solution(t)]).toEqual([expect.closeTo(Math.cos(t), 8), expect.closeTo(Math.sin(t), 8)]);
  });

  it.each<[RegExp, Configuration]>([
    [/do not stand there linearly/, { equations: ["u_t^2 = u"], conditions: ["u(0) = 1"] }],
    [/needs 2 conditions at t = 0, not 1/, { equations: ["u_tt = -u"], conditions: ["u(0) = 1"] }],
    [/no equation has a derivative of u/, { equations: ["u = t"], conditions: ["u(0) = 0"] }],
    [/needs 1 conditions at t = 0, not 0/, { equations: ["u_t = -u"], conditions: ["u(2) = 1"] }],
    [/conditions at the start do not give the state/, { equations: ["u_tt = -u"], conditions: ["u(0) = 1", "2*u(0) = 2"] }],
  ])("says why where it cannot: %s", (message, changes) => {
    const [issue] = issuesOf({ ...line, ...changes, referenceFrom: "integration" });
    expect(issue?.path).toBe("space.referenceFrom");
    expect(issue?.message).toMatch(message);
  });
});

describe("data for an equation", () => {
  const id = "ab".repeat(32);
  const column = (name: string, min: number, max: number) => ({
    name,
    type: "number" as const,
    missing: 0,
    min,
    max,
    mean: 0,
    categories: [],
  });
  const dataset = {
    id,
    name: "rod.csv",
    rows: 3,
    columns: [column("place", 0, 1), column("t", 0, 0.4), column("heat", 0, 1), column("far", 0, 9), column("still", 0, 0)],
    arrays: [],
  } as unknown as Dataset;
  const faults = (changes: Configuration) => checkDatasets(equation, fixed({ dataset: id, ...changes }), [dataset]);

  it("are read by the names of columns, in scaled coordinates", () => {
    const columns = ["x = place", "t", "u = heat"];
    expect(faults({ columns, trainable: ["alpha = 0.5"] })).toEqual([]);
    const parameters = equationParameters(configurationOf(equation, { dataset: id, columns, trainable: ["alpha = 0.5"] }));
    const values = { place: [0, 0.5, 1], t: [0, 0.25, 0.4], heat: [0, 0.7, 0.1] };
    const content = {
      id: DatasetId.parse(id),
      name: "rod.csv",
      rows: 3,
      columns: Object.entries(values).map(([name, of]) => ({
        name,
        type: "number" as const,
        values: Float64Array.from(of),
        categories: [],
      })),
      arrays: [],
    };
    const data = measuredPoints(parameters, typedSystem(parameters).system, content);
    expect([...data.points]).toEqual([-1, -1, 0, 0, 1, Math.fround(0.6)].map((value) => expect.closeTo(value, 6) as number));
    const system = trainedSystem(parameters, data);
    expect(system.unknowns.map((one) => [one.name, one.initial(0)])).toEqual([["alpha", 0.5]]);
    expect(system.terms.at(-1)).toMatchObject({ metric: "data1Loss", measured: Float32Array.of(0, 0.7, 0.1) });
  });

  it.each<[Configuration, string, RegExp]>([
    [{ referenceColumns: ["x = palce", "t", "u = heat"] }, "space.referenceColumns[0]", /no column "palce"/],
    [{ referenceColumns: ["x = place", "t"] }, "space.referenceColumns", /for any unknown/],
    [{ referenceColumns: ["x = place", "t", "u = still"] }, "space.referenceColumns", /0 everywhere/],
    [{ referenceColumns: ["x = far", "t", "u = heat"] }, "space.referenceColumns[0]", /goes from 0 to 9, outside/],
    [{ referenceDataset: "cd".repeat(32) }, "space.referenceDataset", /there is no dataset cdcd/],
  ])("as the known solution are refused for %j", (changes, path, message) => {
    const known = { referenceFrom: "dataset", referenceDataset: id, ...changes };
    const found = checkDatasets(equation, fixed(known), [dataset]);
    expect(found.map((issue) => issue.path)).toEqual([path]);
    expect(found[0]?.message).toMatch(message);
    expect(checkDatasets(equation, fixed({ ...known, referenceFrom: "none" }), [dataset])).toEqual([]);
  });

  it.each<[Configuration, string, RegExp]>([
    [{ columns: ["x = palce", "t", "u = heat"] }, "space.columns[0]", /no column "palce"/],
    [{ columns: ["x = place", "t", "w = heat"] }, "space.columns[2]", /"w" is no coordinate or unknown/],
    [{ columns: ["x = place", "u = heat"] }, "space.columns", /no column is named for the coordinate t/],
    [{ columns: ["x = place", "t"] }, "space.columns", /for any unknown/],
    [{ columns: ["x = far", "t", "u = heat"] }, "space.columns[0]", /goes from 0 to 9, outside/],
    [{ columns: ["x = place", "x = far", "t", "u = heat"] }, "space.columns[1]", /a column already/],
    [{ columns: [] }, "space.columns", /no column "x"/],
  ])("are refused for %j", (changes, path, message) => {
    const found = faults(changes);
    expect(found.map((issue) => issue.path)).toContain(path);
    expect(found.find((issue) => issue.path === path)?.message).toMatch(message);
  });
});
