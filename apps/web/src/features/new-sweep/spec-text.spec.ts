import { type Catalog, MlpParameters, SubmittedSpec, type SweepSpecInput } from "@basin/contracts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { experimentGroups } from "./experiment-groups";
import { keptDraft, readDraft } from "./kept-draft";
import { unitText } from "../catalog/schema-fields";
import { cliCommand, curlCommand } from "./spec-commands";
import { locateIssues, readSpec, writeSpec } from "./spec-text";
import { draftOf, draftOfSpec, newDraft, readSweep } from "./sweep-draft";

afterEach(() => vi.unstubAllGlobals());

const experiment = experimentWith({ parameters: { ...MlpParameters.toJSONSchema({ io: "input" }) } });
const catalog: Catalog = {
  experiments: [experiment],
  searchAlgorithms: [
    { id: "grid", version: 1, title: "Grid", summary: "", config: { type: "object", properties: {} } },
    {
      id: "random",
      version: 1,
      title: "Random",
      summary: "",
      config: { type: "object", properties: { trials: { type: "integer" } } },
    },
  ],
};
const rich: SweepSpecInput = {
  name: "Rich: it's #1",
  experiment: "loss-minimization",
  space: {
    optimizer: { type: "choice", values: ["sgd", "adam"] },
    hiddenLayers: { type: "choice", values: [[], [64, 32]] },
    momentum: { type: "float", min: 0, max: 0.9, points: 4, when: { parameter: "optimizer", in: ["sgd"] } },
    restoreBestWeights: { type: "fixed", value: true },
  },
  search: { algorithm: "random", config: { trials: 12 }, seed: 3 },
  seeds: { list: [5, 7] },
  tags: ["no", "1e3"],
  notes: "first line\nSWEEP\n- not a list",
};
const lines = (text: string) => readSpec(text, catalog).issues.map(({ line, path, message }) => [line, path, message]);

describe("a spec as text", () => {
  it.each(["yaml", "json"] as const)("%s is read back as the same spec", (format) => {
    const read = readSpec(writeSpec(rich, format), catalog);
    expect(read).toHaveProperty("spec", SubmittedSpec.parse(rich));
  });

  it("keeps lists of values on one line", () => {
    expect(writeSpec(rich, "yaml")).toContain("values: [sgd, adam]");
    expect(writeSpec(rich, "yaml")).toContain("values: [[], [64, 32]]");
  });

  it("goes through the form, conditions included", () => {
    const spec = SubmittedSpec.parse(rich);
    const { draft, dropped } = draftOfSpec(catalog, spec);
    expect(dropped).toEqual([]);
    expect(readSweep(draft)).toEqual({ spec, issues: [] });
  });

  it.each(["yaml", "json"] as const)("as %s holds what is half typed in the form, and gives it back", (format) => {
    const draft = newDraft(catalog, experiment)
      .with("space.epochs", { type: "int", min: 1, max: 3, step: 1 })
      .withText("space.epochs.max", "1e")
      .withText("seeds.count", "")
      .withText("priority", "high");
    const read = readSpec(writeSpec(draft.spec, format), catalog);
    expect(read.issues.map(({ path }) => path).sort()).toEqual(["priority", "seeds.count", "space.epochs.max"]);
    const back = draftOf(catalog, read.spec ?? {});
    expect(["space.epochs.max", "seeds.count", "priority"].map((path) => back.text(path))).toEqual(["1e", "", "high"]);
    expect(readSweep(back).issues).toEqual(readSweep(draft).issues);
  });

  it("is kept apart from the form where this has no field for what is wrong", () => {
    const held = (text: string) => readSpec(`experiment: loss-minimization\n${text}`, catalog).spec !== null;
    expect(["priority: 1000", "seeds: 0", "space: { epochs: { type: int, min: 3 } }", "tags: [1]", "name: ''"].map(held)).toEqual(
      Array(5).fill(true),
    );
    expect(
      ["seed: 3", "space: 3", "space: { epochs: { type: whole } }", "space: { epochs: null }", "budget: 3", "seeds: many"].map(
        held,
      ),
    ).toEqual(Array(6).fill(false));
  });

  it("names the line of what is wrong", () => {
    expect(lines("experiment: loss-minimization\nspace:\n  epochs:\n    type: int\n    min: 3\n    max: 1.5\n")).toEqual([
      [6, "space.epochs.max", "must be a whole number, not 1.5"],
    ]);
    expect(lines("experiment: loss-minimization\nspace:\n  viscosity: { type: fixed, value: 1 }\n")).toEqual([
      [3, "space.viscosity", expect.stringContaining('no parameter "viscosity"')],
    ]);
    expect(lines("experiment: nothing-like-it\n")).toEqual([[1, "experiment", expect.stringContaining("nothing-like-it")]]);
    expect(lines("experiment: loss-minimization\nseed: 3\n")).toEqual([
      [2, "seed", 'unknown field "seed"; did you mean "seeds"?'],
    ]);
    expect(lines("experiment: loss-minimization\nsearch:\n  algorithm: random\n  config:\n    trails: 4\n")).toEqual([
      [5, "search.config.trails", expect.stringContaining("trails")],
    ]);
    expect(lines('{\n  "experiment": "loss-minimization",\n  "space": {\n')[0]?.[0]).toBeGreaterThanOrEqual(3);
    expect(lines("a: [1\nb: 2\n").length).toBeGreaterThan(0);
    expect(lines("")).toEqual([[1, "", expect.any(String)]]);
    expect(lines("just words")).toEqual([[1, "", expect.any(String)]]);
  });

  it("finds the line of what the API says, also of rules across parameters", () => {
    const text = "experiment: x\nspace:\n  learningRate:\n    type: choice\n    values:\n      - 1\n      - 2\nname: y\n";
    const at = (path: string) => locateIssues(text, [{ path, message: "" }])[0]?.line;
    expect(at("space.learningRate.values[1]")).toBe(7);
    expect(at("learningRate")).toBe(3);
    expect(at("space.learningRate.points")).toBe(3);
    expect(at("name")).toBe(8);
    expect(at("pool")).toBe(1);
  });
});

it("a condition needs a value", () => {
  const draft = newDraft(catalog, experiment).with("space.momentum", {
    type: "fixed",
    value: 0.5,
    when: { parameter: "optimizer", in: [] },
  });
  expect(readSweep(draft).issues).toEqual([{ path: "space.momentum.when.in", message: "needs at least one value" }]);
});

it("a command of the shell holds the spec unchanged", () => {
  const command = cliCommand(rich);
  const [first = "", ...rest] = command.split("\n");
  const end = /<<'(\w+)'$/.exec(first)?.[1];
  expect(end).toBe("SWEEP");
  expect(rest.at(-1)).toBe(end);
  expect(readSpec(rest.slice(0, -1).join("\n"), catalog)).toHaveProperty("spec", SubmittedSpec.parse(rich));
  const tricky = curlCommand({ ...rich, notes: "x" }, "http://here", true);
  expect(tricky).toContain("Bearer $BASIN_TOKEN");
  expect(JSON.parse(tricky.split("\n").slice(4, -1).join("\n"))).toMatchObject({ notes: "x" });
});

it("a draft survives in the browser's storage, and nonsense in it does not", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  vi.stubGlobal("window", { localStorage: storage });
  expect(readDraft()).toBeNull();
  keptDraft.keep(SubmittedSpec.parse(rich));
  expect(readDraft()).toEqual(SubmittedSpec.parse(rich));
  for (const key of kept.keys()) kept.set(key, '{"experiment": 3');
  expect(readDraft()).toBeNull();
  keptDraft.drop();
  expect(kept.size).toBe(0);
});

it("experiments are found by every word, and the chosen one stays", () => {
  const all = [
    experimentWith({ id: "lorenz", title: "Lorenz system", family: "sindy", familyTitle: "Discovering equations" }),
    experimentWith({ id: "gates", title: "Logic gates", summary: "XOR and friends" }),
    experimentWith({ id: "noop", diagnostic: true }),
  ];
  const ids = (search: string, chosen: string) =>
    experimentGroups(all, search, chosen).flatMap((group) => group.experiments.map(({ id }) => id));
  expect(ids("", "gates")).toEqual(["lorenz", "gates"]);
  expect(ids("xor dense", "gates")).toEqual(["gates"]);
  expect(ids("equations", "gates")).toEqual(["lorenz", "gates"]);
  expect(ids("", "noop")).toContain("noop");
});

it("units are in the plural where they are words", () => {
  expect([unitText("epoch"), unitText("epoch", 1), unitText("epoch", 1000), unitText("s", 3), unitText("°", 2)]).toEqual([
    "epochs",
    "epoch",
    "epochs",
    "s",
    "°",
  ]);
});
