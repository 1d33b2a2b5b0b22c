import { type AppliedParameters, DistributionGroup, EquationTerms, RunId } from "@basin/contracts";
import { expect, it } from "vitest";
import { GroupLooks } from "../sweep-parts/groups";
import { classTables, configurationOptions } from "./configurations";
import { termHeatMap, termPaths } from "./equation-terms";
import { pairedRuns } from "./pairs";
import { equationTex, structureTex, tallyRows } from "./tally";

const group = (configuration: AppliedParameters, counts: number[]) =>
  DistributionGroup.parse({
    group: configuration,
    trialCount: 1,
    counts: { total: 3, succeeded: 3, diverged: 0, failed: 0, cancelled: 0, pruned: 0, unfinished: 0 },
    n: 3,
    box: null,
    points: { runs: [], seeds: [], values: [] },
    success: null,
    classes: { outcome: { categories: ["law", "none"], counts } },
  });

const terms = EquationTerms.parse({
  sweep: "k3v9x2mq",
  plot: "equation",
  equations: ["\\ddot z"],
  terms: [
    { text: "z", latex: "z" },
    { text: "sin z", latex: "\\sin z" },
    { text: "z²", latex: "z^2" },
  ],
  truth: null,
  runs: [0, 1].map((seed) => ({
    run: `k3v9x2mq-0-${seed}`,
    seed,
    trialIndex: 0,
    met: seed === 0,
    text: "",
    latex: "",
    coefficients: [[0.5, -1, 0]],
    active: [[seed === 1, true, false]],
    history: [
      { step: 0, coefficients: [[0.1, -0.2, 3]], active: [[true, true, true]] },
      { step: 10, coefficients: [[0.5, -1, 0]], active: [[seed === 1, true, false]] },
    ],
  })),
  coverage: { shown: 2, of: 2 },
});

it("counts classes per group and leaves out groups without finished runs", () => {
  const groups = [group({ a: 1 }, [2, 1]), group({ a: 2 }, [0, 0])];
  expect(classTables({ groups }, ["a"])).toEqual([
    { metric: "outcome", classes: ["law", "none"], groups: [{ name: "a 1", counts: [2, 1] }] },
  ]);
  expect(configurationOptions(groups, ["a"])[1]).toEqual({ value: '{"a":2}', label: "a 2", group: { a: 2 } });
});

it("shows which seed kept which term, and nothing of terms that all pruned", () => {
  const heat = termHeatMap(terms, 0);
  expect(heat?.columns).toEqual(["z", "sin z"]);
  expect(heat?.rows).toEqual(["0 ✓", "1 ✗"]);
  expect(heat?.z).toEqual([
    [null, -1],
    [0.5, -1],
  ]);
  expect(termHeatMap({ ...terms, runs: [] }, 0)).toBeNull();
});

it("follows the terms that lasted longest, each line ending where its term is pruned", () => {
  const { terms: paths, left } = termPaths(terms, 0, 2);
  expect(left).toBe(1);
  expect(paths.map(({ term }) => term)).toEqual(["sin z", "z"]);
  expect(paths[1]?.runs.map(({ values }) => values)).toEqual([
    [0.1, null],
    [0.1, 0.5],
  ]);
});

it("places pairs in their groups, those beyond the list last", () => {
  const runs = [RunId.parse("k3v9x2mq-0-0"), RunId.parse("k3v9x2mq-1-0")];
  const pairs = { groups: [{ a: 1 }], group: [0, -1], runs, xs: [1, 2], ys: [3, 4], met: [true, false] };
  expect(pairedRuns(pairs, new GroupLooks([], ["a"]))).toEqual([
    { name: "a 1", style: 0, runs: [{ id: "k3v9x2mq-0-0", x: 1, y: 3, met: true }] },
    { name: "further groups", style: 7, runs: [{ id: "k3v9x2mq-1-0", x: 2, y: 4, met: false }] },
  ]);
});

it("lists texts with the group's rest once", () => {
  const text = { text: "z̈ = −z", count: 2, met: 1, examples: [] };
  expect(
    tallyRows({ groups: [{ group: {}, of: 5, tally: [text, { ...text, count: 1 }], more: 2 }] }).map(({ first, more, count }) => [
      first,
      more,
      count,
    ]),
  ).toEqual([
    [true, 2, 2],
    [false, 0, 1],
  ]);
});

it("typesets the structure of a run's law, and its equation", () => {
  const run = RunId.parse("k3v9x2mq-0-1");
  const found = { run, seed: 1, trialIndex: 0, met: true, text: "", latex: "\\dot x = 2\\,y", coefficients: [], history: [] };
  const terms = { equations: ["\\dot x", "\\dot y"], terms: ["x", "y", "x^2"].map((latex) => ({ text: latex, latex })) };
  const active = [
    [false, true, true],
    [false, false, false],
  ];
  expect(structureTex({ ...terms, runs: [{ ...found, active }] }, run)).toBe(
    "\\begin{aligned} \\dot x &\\colon\\; y,\\; x^2 \\\\ \\dot y &\\colon\\; 0 \\end{aligned}",
  );
  expect(structureTex({ ...terms, equations: ["\\dot x"], runs: [{ ...found, active }] }, run)).toBe(
    "\\dot x \\colon\\; y,\\; x^2",
  );
  expect(structureTex({ ...terms, runs: [] }, run)).toBeUndefined();
  expect(equationTex({ ...terms, runs: [{ ...found, active }] }, run)).toBe("\\dot x = 2\\,y");
});
