import { MlpParameters, type SearchAlgorithmDescriptor, SweepSpec, type SweepSpecInput } from "@basin/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { experimentWith } from "../../spec-support/experiment-descriptor";
import { issueText, matchIssues } from "./issue-matching";
import { schemaFields, titleOf } from "./schema-fields";
import { specOfForm } from "./spec-of-form";
import { configTexts, formOfSpec, newForm, withMode } from "./sweep-form";
import { readNumber, readValue, writeValue } from "./field-text";

const random: SearchAlgorithmDescriptor = {
  id: "random",
  version: 1,
  title: "Random",
  summary: "",
  config: {
    type: "object",
    properties: { trials: { type: "integer", minimum: 1, default: 20 }, antithetic: { type: "boolean" } },
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
const roundTrip = (input: SweepSpecInput) => {
  const spec = SweepSpec.parse(input);
  const { form, dropped } = formOfSpec(spec, experiment, [random]);
  const back = specOfForm(form, fields, spec.search.algorithm === "random" ? random : undefined);
  return { spec, dropped, back: SweepSpec.parse(back.spec), issues: back.issues };
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

  it("has no fields for what is no object, and names what has no title", () => {
    expect(schemaFields({})).toEqual([]);
    expect(schemaFields({ properties: { minDelta2: true } })[0]).toMatchObject({ kind: "text", title: "Min delta2" });
    expect(titleOf("learningRate")).toBe("Learning rate");
  });
});

describe("form → spec", () => {
  it("leaves out what stays at its default", () => {
    const form = newForm(experiment);
    expect(form.parameters.activation?.mode).toBe("choice");
    const { spec, issues } = specOfForm(form, fields, undefined);
    expect(issues).toEqual([]);
    expect(spec.space).toEqual({ activation: { type: "choice", values: ["tanh", "relu", "gelu"] } });
    expect(spec).not.toHaveProperty("name");
  });

  it("reads every kind of dimension", () => {
    const form = newForm(experiment);
    const set = (name: string, mode: Parameters<typeof withMode>[2], texts: object = {}) => {
      const before = form.parameters[name];
      if (!before) throw new Error(name);
      form.parameters[name] = { ...withMode(field(name), before, mode), ...texts };
    };
    set("learningRate", "log-float");
    set("epochs", "int", { min: "10", max: "30", step: "10" });
    set("hiddenLayers", "choice", { values: ["8", "64, 64,32", ""] });
    set("momentum", "step", { min: "0", max: "0.9", step: "0.3" });
    set("restoreBestWeights", "choice");
    set("initializationGain", "float", { min: "0.5", max: "2", points: "" });
    set("activation", "fixed", { value: "relu" });
    const { spec, issues } = specOfForm(form, fields, undefined);
    expect(issues).toEqual([]);
    expect(spec.space).toEqual({
      learningRate: { type: "log-float", min: 1e-4, max: 1e-2, points: 5 },
      epochs: { type: "int", min: 10, max: 30, step: 10 },
      hiddenLayers: { type: "choice", values: [[8], [64, 64, 32], []] },
      momentum: { type: "step", min: 0, max: 0.9, step: 0.3 },
      restoreBestWeights: { type: "choice", values: [false, true] },
      initializationGain: { type: "float", min: 0.5, max: 2 },
      activation: { type: "fixed", value: "relu" },
    });
    expect(SweepSpec.safeParse(spec).success).toBe(true);
  });

  it("says where a text cannot be read", () => {
    const form = newForm(experiment);
    const rate = form.parameters.learningRate;
    const layers = form.parameters.hiddenLayers;
    if (!rate || !layers) throw new Error("no such parameters");
    form.parameters.learningRate = { ...rate, mode: "choice", values: ["1e-3", "fast", "NaN"] };
    form.parameters.hiddenLayers = { ...layers, mode: "fixed", value: "64, 3.5" };
    form.seeds = { ...form.seeds, count: "" };
    form.search = { algorithm: "random", config: { trials: "many" }, seed: "0" };
    const { issues } = specOfForm(form, fields, random);
    expect(issues.map((issue) => issue.path)).toEqual([
      "space.hiddenLayers.value",
      "space.learningRate.values[1]",
      "space.learningRate.values[2]",
      "seeds.count",
      "search.config.trials",
    ]);
  });

  it("suggests something that can be submitted for every mode of every parameter", () => {
    const form = newForm(experiment);
    for (const each of fields) {
      for (const mode of [
        "fixed",
        "choice",
        ...(each.kind === "number" ? (["float", "log-float", "step"] as const) : []),
      ] as const) {
        const before = form.parameters[each.name];
        if (!before) throw new Error(each.name);
        const changed = { ...form, parameters: { ...form.parameters, [each.name]: withMode(each, before, mode) } };
        const { spec, issues } = specOfForm(changed, fields, undefined);
        // An empty text is no value to start a list from.
        const bare = mode === "choice" && each.kind === "text" && each.fallback === "";
        expect(issues, `${each.name} ${mode}`).toEqual(
          bare ? [{ path: `space.${each.name}.values`, message: "needs at least one value" }] : [],
        );
        if (bare) continue;
        if (!(mode === "log-float" && each.fallback === 0))
          expect(SweepSpec.safeParse(spec).success, `${each.name} ${mode}`).toBe(true);
      }
    }
  });
});

describe("spec → form → spec", () => {
  it("is the identity on a rich spec", () => {
    const { spec, back, issues, dropped } = roundTrip({
      name: "A name",
      experiment: "loss-minimization",
      space: {
        learningRate: { type: "log-float", min: 1e-5, max: 0.1 },
        hiddenLayers: { type: "choice", values: [[], [64, 32]] },
        beta1: { type: "fixed", value: 0.95 },
        restoreBestWeights: { type: "fixed", value: true },
      },
      search: { algorithm: "random", config: { trials: 40, antithetic: true }, seed: 7 },
      seeds: { list: [3, 1, 4] },
      objective: { metric: "loss", direction: "minimize" },
      budget: { maxRuns: 100, maxTrainSeconds: 3600.5, deadline: "2030-01-31T18:30:05.000Z" },
      pool: "gpu",
      priority: -3,
      retryLimit: 0,
      maxPackWidth: 1,
      tags: ["a", "b"],
      notes: "two\nlines",
    });
    expect(issues).toEqual([]);
    expect(dropped).toEqual([]);
    expect(back).toEqual(spec);
  });

  it("is the identity for any numbers", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 5 }),
        finite,
        fc.integer({ min: 1, max: 1e6 }),
        (values, low, points) => {
          const { spec, back } = roundTrip({
            experiment: "loss-minimization",
            space: {
              learningRate: { type: "choice", values },
              momentum: { type: "float", min: Math.min(low, 0), max: Math.max(low, 0), points },
            },
          });
          expect(back).toEqual(spec);
        },
      ),
    );
  });

  it("names parameters that the experiment does not have", () => {
    const { dropped, back } = roundTrip({ experiment: "loss-minimization", space: { viscosity: { type: "fixed", value: 1 } } });
    expect(dropped).toEqual(["viscosity"]);
    expect(back.space).toEqual({});
  });
});

it("fills an algorithm's config with its defaults", () => {
  expect(configTexts(random)).toEqual({ trials: "20", antithetic: "" });
  expect(configTexts(random, { trials: 3, other: 1 })).toEqual({ trials: "3", antithetic: "", other: "1" });
  expect(configTexts(undefined)).toEqual({});
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
