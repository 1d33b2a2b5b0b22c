import {
  type Catalog,
  MlpParameters,
  type SearchAlgorithmDescriptor,
  SubmittedSpec,
  type SweepSpecInput,
} from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { issueText, matchIssues } from "./issue-matching";
import type { Draft } from "./draft";
import { readNumber, readValue, writeValue } from "./field-text";
import { schemaFields, titleOf } from "../catalog/schema-fields";
import { fieldAt, inOrder, pathsOf, plainFields, removableFields } from "./spec-fields";
import {
  draftOf,
  draftOfSpec,
  modeOf,
  newDraft,
  type ParameterMode,
  readSweep,
  withAlgorithm,
  withExperiment,
  withMode,
  withSeeds,
} from "./sweep-draft";

const random: SearchAlgorithmDescriptor = {
  id: "random",
  version: 1,
  title: "Random",
  summary: "",
  config: {
    type: "object",
    properties: {
      trials: { type: "integer", minimum: 1, default: 20 },
      batch: { type: "integer", examples: [4] },
      antithetic: { type: "boolean" },
    },
    required: ["batch"],
  },
};
// The same JSON Schema that the API serves, from the schema that the API checks with.
const experiment = experimentWith({
  parameters: { ...MlpParameters.toJSONSchema({ io: "input" }) },
  defaultSweep: { lesson: "", space: { activation: { type: "choice", values: ["tanh", "relu", "gelu"] } }, seeds: 3 },
});
const fields = schemaFields(experiment.parameters);
const field = (name: string) => {
  const found = fields.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};
const grid: SearchAlgorithmDescriptor = { ...random, id: "grid", title: "Grid", config: { type: "object", properties: {} } };
const catalog: Catalog = {
  experiments: [
    experiment,
    experimentWith({ id: "other", parameters: { properties: { width: { type: "integer", default: 3 } } } }),
  ],
  searchAlgorithms: [grid, random],
};
const fresh = newDraft(catalog, experiment);
const given = (draft: Draft, name: string, mode: ParameterMode) => withMode(draft, fields, field(name), mode);
const roundTrip = (input: SweepSpecInput) => {
  const spec = SubmittedSpec.parse(input);
  const { draft, dropped } = draftOfSpec(catalog, spec);
  const { spec: back, issues } = readSweep(draft);
  return { spec, dropped, back, issues };
};
/** Types every text that the draft shows again, at its own place. */
const retyped = (draft: Draft): Draft => {
  let next = draft;
  const walk = (value: unknown, path: string): void => {
    if (draft.field(path) !== null) next = next.withText(path, draft.text(path));
    else if (Array.isArray(value)) next = next.withList(path, draft.list(path));
    else if (typeof value === "object" && value !== null)
      for (const [name, item] of Object.entries(value)) walk(item, path === "" ? name : `${path}.${name}`);
  };
  walk(draft.spec, "");
  return next;
};

describe("schemaFields", () => {
  it("reads kinds, titles, units, bounds, defaults and suggestions", () => {
    expect(field("learningRate")).toMatchObject({
      kind: "number",
      title: "Learning rate",
      fallback: 1e-3,
      range: "greater than 0, at most 1×10⁶",
      suggested: { type: "log-float", min: 1e-4, max: 1e-2, points: 5 },
    });
    expect(field("hiddenLayers")).toMatchObject({ kind: "integers", range: "each at least 1, at most 4096" });
    expect(field("epochs")).toMatchObject({ kind: "integer", unit: "epoch", advanced: false });
    expect(field("activation")).toMatchObject({ kind: "choice" });
    expect(field("activation").options).toContain("tanh");
    expect(field("restoreBestWeights")).toMatchObject({ kind: "boolean", advanced: true });
  });

  it("follows references to schemas that have a name", () => {
    const named = { type: "object", properties: { b: { type: "integer", minimum: 2 } } };
    const [a, either] = schemaFields({
      properties: { a: { $ref: "#/$defs/A", title: "An A" }, either: { anyOf: [{ $ref: "#/$defs/A" }, { type: "null" }] } },
      $defs: { A: named },
    });
    expect(a).toMatchObject({ title: "An A", fields: [{ name: "b", kind: "integer", range: "at least 2" }] });
    expect(either?.fields.map(({ name }) => name)).toEqual(["b"]);
  });

  it("has no fields for what is no object, and names what has no title", () => {
    expect(schemaFields({})).toEqual([]);
    expect(schemaFields({ properties: { minDelta2: true } })[0]).toMatchObject({ kind: "text", title: "Min delta2" });
    expect(titleOf("learningRate")).toBe("Learning rate");
  });
});

describe("draft → spec", () => {
  it("leaves out what stays at its default", () => {
    expect(modeOf(fresh, "activation")).toBe("choice");
    const { spec, issues } = readSweep(fresh);
    expect(issues).toEqual([]);
    expect(spec?.space).toEqual({ activation: { type: "choice", values: ["tanh", "relu", "gelu"] } });
    expect(spec).not.toHaveProperty("name");
  });

  it("reads every kind of dimension", () => {
    let draft = given(fresh, "learningRate", "log-float");
    draft = given(draft, "epochs", "int");
    for (const [part, text] of [
      ["min", "10"],
      ["max", "30"],
      ["step", "10"],
    ] as const)
      draft = draft.withText(`space.epochs.${part}`, text);
    draft = given(draft, "hiddenLayers", "choice").withList("space.hiddenLayers.values", ["8", "64, 64,32", ""]);
    draft = given(draft, "momentum", "step");
    for (const [part, text] of [
      ["min", "0"],
      ["max", "0.9"],
      ["step", "0.3"],
    ] as const)
      draft = draft.withText(`space.momentum.${part}`, text);
    draft = given(draft, "restoreBestWeights", "choice");
    draft = given(draft, "initializationGain", "float");
    for (const [part, text] of [
      ["min", "0.5"],
      ["max", "2"],
      ["points", ""],
    ] as const)
      draft = draft.withText(`space.initializationGain.${part}`, text);
    draft = given(draft, "activation", "fixed").withText("space.activation.value", "relu");
    const { spec, issues } = readSweep(draft);
    expect(issues).toEqual([]);
    expect(spec?.space).toEqual({
      learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 5 },
      epochs: { type: "int", min: 10, max: 30, step: 10 },
      hiddenLayers: { type: "choice", values: [[8], [64, 64, 32], []] },
      momentum: { type: "step", min: 0, max: 0.9, step: 0.3 },
      restoreBestWeights: { type: "choice", values: [false, true] },
      initializationGain: { type: "float", min: 0.5, max: 2 },
      activation: { type: "fixed", value: "relu" },
    });
  });

  it("keeps parameters in the order of the experiment, and fields in that of the contract", () => {
    const draft = given(given(given(fresh, "epochs", "fixed"), "learningRate", "fixed"), "hiddenLayers", "fixed");
    const names = fields.map(({ name }) => name);
    const space = Object.keys(readSweep(draft).spec?.space ?? {});
    expect(space).toEqual(names.filter((name) => ["epochs", "learningRate", "hiddenLayers", "activation"].includes(name)));
    const later = withAlgorithm(draft.withText("pool", ""), catalog, "random").withText("pool", "gpu").withText("name", "x");
    expect(Object.keys(inOrder(later.spec))).toEqual(Object.keys(SubmittedSpec.shape).filter((name) => name in later.spec));
    expect(inOrder(later.spec).search).toEqual(later.spec.search);
    expect(Object.keys(inOrder(later.spec).search ?? {})).toEqual(["algorithm", "config", "seed"]);
  });

  it("says where a text cannot be read", () => {
    let draft = given(fresh, "learningRate", "choice").withList("space.learningRate.values", ["1e-3", "fast", "NaN"]);
    draft = given(draft, "hiddenLayers", "fixed").withText("space.hiddenLayers.value", "64, 3.5").withText("seeds.count", "");
    draft = withAlgorithm(draft, catalog, "random").withText("search.config.trials", "many");
    const { spec, issues } = readSweep(draft);
    expect(spec).toBeNull();
    expect(issues.map((issue) => issue.path).sort()).toEqual([
      "search.config.trials",
      "seeds.count",
      "space.hiddenLayers.value",
      "space.learningRate.values[1]",
      "space.learningRate.values[2]",
    ]);
    expect(issues.find(({ path }) => path === "seeds.count")?.message).toBe("needs a number");
  });

  it("keeps what cannot be read where it was typed, in the spec too", () => {
    const draft = given(fresh, "epochs", "fixed").withText("space.epochs.value", "1e");
    expect(draft.text("space.epochs.value")).toBe("1e");
    expect(draft.spec).toMatchObject({ space: { epochs: { type: "fixed", value: "1e" } } });
    expect(draft.withText("space.epochs.value", "1e2").spec).toMatchObject({ space: { epochs: { value: 100 } } });
  });

  it("shows a text as it was typed as long as the spec means it, and what the spec says after that", () => {
    const draft = given(fresh, "learningRate", "fixed").withText("space.learningRate.value", "1e-3");
    expect([draft.text("space.learningRate.value"), draft.value("space.learningRate.value")]).toEqual(["1e-3", 0.001]);
    const edited = draft.withSpec({ ...draft.spec, space: { learningRate: { type: "fixed", value: 0.5 } } });
    expect(edited.text("space.learningRate.value")).toBe("0.5");
  });

  it("says what the contract does not allow, at its field", () => {
    const told = (path: string, text: string) => readSweep(fresh.withText(path, text)).issues;
    expect(told("priority", "101")).toEqual([{ path: "priority", message: "must be at most 100, not 101" }]);
    expect(told("budget.maxRuns", "1.5")).toEqual([{ path: "budget.maxRuns", message: "1.5 is not a whole number" }]);
    expect(told("budget.maxSteps", "0")).toEqual([{ path: "budget.maxSteps", message: "must be at least 1, not 0" }]);
    expect(told("budget.maxTrainSeconds", "-3")).toEqual([
      { path: "budget.maxTrainSeconds", message: "must be greater than 0, not -3" },
    ]);
    expect(told("budget.deadline", "soon")).toEqual([{ path: "budget.deadline", message: "is not a date and time" }]);
    const range = given(fresh, "epochs", "int").withText("space.epochs.min", "9").withText("space.epochs.max", "3");
    expect(readSweep(range).issues).toEqual([{ path: "space.epochs.max", message: "max must be greater than or equal to min" }]);
    const none = given(fresh, "epochs", "choice").withList("space.epochs.values", []);
    expect(readSweep(none).issues).toEqual([{ path: "space.epochs.values", message: "needs at least one value" }]);
  });

  it("suggests something that can be submitted for every mode of every parameter", () => {
    for (const each of fields) {
      for (const mode of [
        "fixed",
        "choice",
        ...(each.kind === "number" ? (["float", "log-float", "step"] as const) : []),
      ] as const) {
        const { spec, issues } = readSweep(withMode(fresh, fields, each, mode));
        // An empty text is no value to start a list from.
        const bare = mode === "choice" && each.fallback === "";
        // Nothing can be suggested on a logarithmic axis around 0.
        if (mode === "log-float" && each.fallback === 0 && each.suggested?.type !== "log-float") continue;
        expect(issues, `${each.name} ${mode}`).toEqual(
          bare || (mode === "choice" && writeValue(each.fallback) === "")
            ? [{ path: `space.${each.name}.values`, message: "needs at least one value" }]
            : [],
        );
        if (issues.length === 0) expect(spec?.space[each.name]?.type, `${each.name} ${mode}`).toBe(mode);
      }
    }
  });
});

describe("a change of mind", () => {
  it("finds again what was given before in that way, the condition too", () => {
    let draft = given(fresh, "epochs", "choice").withList("space.epochs.values", ["5", "1e1", "some"]);
    draft = draft.with("space.epochs.when", { parameter: "activation", in: ["tanh"] });
    const before = draft.spec;
    draft = given(draft, "epochs", "fixed").withText("space.epochs.value", "7");
    expect(draft.value("space.epochs")).toEqual({ type: "fixed", value: 7, when: { parameter: "activation", in: ["tanh"] } });
    draft = given(draft, "epochs", "default");
    expect(draft.value("space.epochs")).toBeUndefined();
    draft = given(draft, "epochs", "choice");
    expect(draft.spec).toEqual(before);
    expect(draft.list("space.epochs.values")).toEqual(["5", "1e1", "some"]);
    expect(given(draft, "epochs", "fixed").value("space.epochs.value")).toBe(7);
  });

  it("does not bring back a condition that was taken away", () => {
    let draft = given(fresh, "epochs", "fixed").with("space.epochs.when", { parameter: "activation", in: ["tanh"] });
    draft = given(given(draft, "epochs", "default"), "epochs", "fixed").with("space.epochs.when", undefined);
    expect(given(given(draft, "epochs", "default"), "epochs", "fixed").value("space.epochs.when")).toBeUndefined();
  });

  it("finds seeds and options of a search again", () => {
    let draft = withSeeds(fresh.withText("seeds.first", "12"), "list").withText("seeds.list", "3 1,4");
    expect(readSweep(draft).spec?.seeds).toEqual({ list: [3, 1, 4] });
    draft = withSeeds(draft, "count");
    expect(draft.value("seeds")).toEqual({ count: 3, first: 12 });
    expect(withSeeds(draft, "list").text("seeds.list")).toBe("3 1,4");
    draft = withAlgorithm(draft, catalog, "random").withText("search.config.trials", "9");
    draft = withAlgorithm(draft, catalog, "grid");
    expect(draft.value("search.config")).toEqual({});
    expect(withAlgorithm(draft, catalog, "random").value("search.config")).toEqual({ trials: 9, batch: 4 });
  });

  it("about the experiment leaves how it is searched and run", () => {
    const before = withAlgorithm(fresh.withText("pool", "gpu"), catalog, "random")
      .with("objective", { metric: "loss", direction: "minimize" })
      .withText("budget.maxRuns", "7");
    const other = catalog.experiments[1] ?? experiment;
    const { spec } = readSweep(withExperiment(before, catalog, other));
    expect(spec).toMatchObject({ experiment: "other", space: {}, pool: "gpu", budget: { maxRuns: 7 }, seeds: { count: 5 } });
    expect(spec?.objective).toBeUndefined();
    expect(spec?.search.algorithm).toBe("random");
  });
});

describe("fields of the spec", () => {
  it("can be left out where the contract has a default, or needs none", () => {
    const { spec } = readSweep(fresh.withText("pool", "").withText("priority", " ").withText("name", "").withText("notes", ""));
    expect(spec).toMatchObject({ priority: 0, notes: "" });
    for (const name of ["pool", "name"]) expect(spec).not.toHaveProperty(name);
    const limited = fresh.withText("budget.maxRuns", "3");
    expect(readSweep(limited).spec?.budget).toEqual({ maxRuns: 3 });
    expect(readSweep(limited.withText("budget.maxRuns", "")).spec).not.toHaveProperty("budget");
  });

  it("are those of the contract, and each has its place", () => {
    expect(removableFields).toEqual(expect.arrayContaining(["name", "objective", "budget", "pool", "maxPackWidth"]));
    for (const name of Object.keys(SubmittedSpec.parse({ experiment: "any" }))) expect(removableFields).not.toContain(name);
    const own = ["experiment", "space", "search", "seeds", "budget", "initializations", "stopping"];
    expect([...plainFields.map(({ name }) => name), ...own].sort()).toEqual(Object.keys(SubmittedSpec.shape).sort());
    for (const { name, title, description, absent, lines } of plainFields)
      expect([name, title !== "" && (description !== "" || absent !== "" || lines)]).toEqual([name, true]);
  });

  it("are known by their paths, and nothing else is", () => {
    const draft = given(fresh, "epochs", "int");
    const kind = (path: string) => fieldAt(catalog, draft.spec, path)?.kind ?? null;
    expect(kind("space.epochs.min")).toBe("integer");
    expect(kind("space.activation.values[1]")).toBe("choice");
    expect(kind("seeds.first")).toBe("integer");
    expect(kind("budget.deadline")).toBe("time");
    for (const path of [
      "",
      "space",
      "space.epochs",
      "space.epochs.type",
      "space.epochs.value.x",
      "seeds",
      "budget",
      "seed",
      "priority.x",
    ])
      expect([path, kind(path)]).toEqual([path, null]);
    const paths = pathsOf(catalog, draft.spec);
    expect(paths).toEqual(
      expect.arrayContaining([
        "space.epochs",
        "space.epochs.step",
        "space.epochs.when",
        "budget.maxRuns",
        "seeds",
        "search.seed",
      ]),
    );
    for (const path of ["space", "search", "search.config", "space.epochs.points"]) expect(paths).not.toContain(path);
  });
});

describe("spec → draft → spec", () => {
  const rich: SweepSpecInput = {
    name: "A name",
    experiment: "loss-minimization",
    space: {
      learningRate: { type: "log-float", min: 1e-5, max: 0.1 },
      hiddenLayers: { type: "choice", values: [[], [64, 32]] },
      beta1: { type: "fixed", value: 0.95 },
      restoreBestWeights: { type: "fixed", value: true },
    },
    search: { algorithm: "random", config: { trials: 40, batch: 1, antithetic: true }, seed: 7 },
    seeds: { list: [3, 1, 4] },
    objective: { metric: "loss", direction: "minimize" },
    budget: { maxRuns: 100, maxTrainSeconds: 3600.5, deadline: "2030-01-31T18:30:05.000Z" },
    pool: "gpu",
    priority: -3,
    retryLimit: 0,
    maxPackWidth: 1,
    tags: ["a", "b"],
    notes: "two\nlines",
  };

  it("is the identity on a rich spec", () => {
    const { spec, back, issues, dropped } = roundTrip(rich);
    expect(issues).toEqual([]);
    expect(dropped).toEqual([]);
    expect(back).toEqual(spec);
  });

  it("is the identity when every text is typed again", () => {
    const { draft } = draftOfSpec(catalog, SubmittedSpec.parse(rich));
    expect(readSweep(retyped(draft)).spec).toEqual(SubmittedSpec.parse(rich));
  });

  it("is the identity for any numbers", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 5 }),
        finite,
        fc.integer({ min: 1, max: 1e6 }),
        (values, low, points) => {
          const spec = SubmittedSpec.parse({
            experiment: "loss-minimization",
            space: {
              learningRate: { type: "choice", values },
              momentum: { type: "float", min: Math.min(low, 0), max: Math.max(low, 0), points },
            },
          });
          const { draft } = draftOfSpec(catalog, spec);
          expect(readSweep(retyped(draft)).spec).toEqual(spec);
        },
      ),
    );
  });

  it("names parameters and options that exist no longer", () => {
    const { dropped, back } = roundTrip({
      experiment: "loss-minimization",
      space: { viscosity: { type: "fixed", value: 1 } },
      search: { algorithm: "random", config: { trials: 3, other: 1 } },
    });
    expect(dropped).toEqual(["viscosity", "other"]);
    expect(back?.space).toEqual({});
    expect(back?.search.config).toEqual({ trials: 3 });
  });
});

it("fills an algorithm's options with their defaults, else with examples", () => {
  const draft = withAlgorithm(draftOf(catalog, { experiment: "loss-minimization" }), catalog, "random");
  expect(draft.value("search")).toEqual({ algorithm: "random", config: { trials: 20, batch: 4 } });
});

it("reads numbers as people write them, and nothing else", () => {
  expect(["1e-3", " .5 ", "−2", "+7", "3."].map(readNumber)).toEqual([1e-3, 0.5, -2, 7, 3]);
  expect(["", "0x10", "Infinity", "NaN", "1,5", "1e999", "1 2"].map(readNumber)).toEqual(Array(7).fill(null));
  expect(readValue({ kind: "integer", options: [] }, "2.5")).toHaveProperty("message");
  expect(readValue({ kind: "choice", options: ["a"] }, "b")).toHaveProperty("message");
  expect(writeValue([64, 32])).toBe("64, 32");
});

describe("matchIssues", () => {
  const known = ["name", "seeds", "seeds.count", "space.learningRate", "space.learningRate.values", "search.config.trials"];
  const place = (path: string) => {
    const { byField, rest } = matchIssues([{ path, message: "m" }], known);
    return rest.length > 0 ? null : [...byField.keys()][0];
  };

  it.each([
    ["space.learningRate.values[1]", "space.learningRate.values"],
    ["space.learningRate.points", "space.learningRate"],
    ["space.learningRate", "space.learningRate"],
    ["learningRate", "space.learningRate"],
    ["seeds.list[3]", "seeds"],
    ["seeds.count", "seeds.count"],
    ["search.config.trials", "search.config.trials"],
    ["space", null],
    ["", null],
    ["space.learningRates", null],
  ])("%s → %s", (path, field) => expect(place(path)).toBe(field));

  it("says which value of a list is meant", () => {
    const matched = matchIssues([{ path: "space.learningRate.values[1]", message: "too big", hint: "at most 1" }], known);
    expect(issueText(matched, "space.learningRate.values")).toBe("value 2: too big (at most 1)");
    expect(issueText(matched, "name")).toBeUndefined();
  });
});
