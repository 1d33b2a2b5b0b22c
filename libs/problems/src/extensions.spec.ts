import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { configurationOf, describeExperiment } from "./describe-experiment";
import { extensionNames, loadExtensions, type ExperimentKit } from "./extensions";
import { noResources } from "./kinds/resources";
import { experiments, findExperiment } from "./registry";

const page = new URL("../../../docs/how-to/write-an-experiment-package.md", import.meta.url);
const source = /<!-- executed by [^>]*-->\s*```js\n([\s\S]*?)```/.exec(readFileSync(page, "utf8"))?.[1] ?? "";
const load = (text: string) => () =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`) as Promise<unknown>;
/** The page's code with its experiment changed. */
const changed = (from: string, to: string) => load(source.replace(from, to));

/** What a test added to the catalogue goes again. */
const ours = experiments.length;
afterEach(() => {
  (experiments as unknown[]).splice(ours);
});

test("the how-to's own example joins the catalogue and gives data, truth and judgement", async () => {
  expect(source).toContain("export default");
  await loadExtensions(["cubic-package"], load(source));
  const definition = findExperiment("cubic");
  if (definition?.problem.kind !== "supervised") throw new Error("the experiment did not join");
  const { problem } = definition;
  const parameters = configurationOf(definition, { samples: 30, learningRate: 0.5 });
  expect(parameters).toMatchObject({ samples: 30, dataSeed: 0, learningRate: 0.5, optimizer: "adam" });
  const { samples, inputs, targets } = problem.data(parameters, noResources);
  expect([samples, inputs.length, targets.length]).toEqual([30, 30, 30]);
  expect(targets[3]).toBeCloseTo((inputs[3] ?? 0) ** 3, 6);
  const grid = problem.evaluationInputs(parameters, noResources);
  expect(
    problem.evaluate(
      parameters,
      grid.map((x) => x ** 3),
      noResources,
    )["maxError"],
  ).toBeLessThan(1e-6);
  expect(problem.evaluate(parameters, grid, noResources)["maxError"]).toBeGreaterThan(0.3);
});

test("experiments of a family from outside say what heads them, and what their cards show", async () => {
  const told = (part: object) => {
    const experiment = { ...findExperiment("logic-gates"), id: "own-family", family: "own/family", ...part };
    return loadExtensions(["x"], () => Promise.resolve({ default: () => ({ experiments: [experiment] }) }));
  };
  const described = () => experiments.slice(ours).map(describeExperiment)[0];
  await told({ familyTitle: "Reservoirs", picture: "orbit" });
  expect(described()).toMatchObject({ family: "own/family", familyTitle: "Reservoirs", picture: "orbit" });
  (experiments as unknown[]).splice(ours);
  await told({});
  expect(described()).toMatchObject({ familyTitle: "own/family" });
  (experiments as unknown[]).splice(ours);
  await told({ family: "mlp", familyTitle: "Not theirs to say" });
  expect(described()).toMatchObject({ familyTitle: "Networks of dense layers" });
  (experiments as unknown[]).splice(ours);
  await expect(told({ picture: "moon" })).rejects.toThrow(/"own-family" that is not valid: picture: /);
});

test("the kit is Basin's own, and names come from a list with commas", async () => {
  const kits: ExperimentKit[] = [];
  const experiment = { ...findExperiment("logic-gates"), id: "again" };
  const module = { default: (given: ExperimentKit) => (kits.push(given), { experiments: [experiment] }) };
  await loadExtensions(["x"], () => Promise.resolve(module));
  expect(kits.flatMap((kit) => Object.keys(kit))).toEqual(["z", "numerics", "mlp"]);
  expect(extensionNames(" a, ./b ,,")).toEqual(["a", "./b"]);
  expect(extensionNames(undefined)).toEqual([]);
});

describe("per-run parameters of an extension are those in which the runs of a pack can differ", () => {
  const perRun = (names: string, change: (text: string) => string = (text) => text) =>
    load(
      change(source.replace("perRunParameters: mlp.perRunParameters", `perRunParameters: [...mlp.perRunParameters, ${names}]`)),
    );
  /** A parameter of another type that `data` looks at in `use`. */
  const withParameter = (schema: string, use: string) => (text: string) =>
    text
      .replace("dataSeed: z.int()", `more: ${schema}, dataSeed: z.int()`)
      .replace("data({ samples, dataSeed }) {", `data({ samples, dataSeed, more }) { ${use}`);

  test.each([
    [
      "a seed of the data",
      perRun('"dataSeed"'),
      /"cubic" that is not valid: perRunParameters: .*`data` returns.*depends on "dataSeed"/,
    ],
    ["how many samples there are", perRun('"samples"'), /depends on "samples"; leave it out/],
    ["a switch", perRun('"more"', withParameter("z.boolean().default(false)", "if (more) dataSeed += 1;")), /depends on "more"/],
    [
      "a choice of which one name matters",
      perRun('"more"', withParameter('z.enum(["a", "b", "c"]).default("a")', 'if (more === "c") dataSeed += 1;')),
      /depends on "more"/,
    ],
    [
      "a list",
      perRun('"more"', withParameter("z.array(z.number()).default([1])", "dataSeed += more.length;")),
      /depends on "more"/,
    ],
    ["a text", perRun('"more"', withParameter('z.string().default("x")', "dataSeed += more.length;")), /depends on "more"/],
    [
      "what the data are refused for",
      perRun('"more"', withParameter("z.number().default(1)", "if (more > 1) throw new RangeError('too much');")),
      /depends on "more"/,
    ],
    [
      "the widths",
      perRun('"more"', (text) =>
        withParameter(
          "z.int().default(1)",
          "",
        )(text).replace(
          'kind: "supervised",',
          'kind: "supervised", widths: ({ more }) => ({ inputWidth: more, outputWidth: 1 }),',
        ),
      ),
      /`widths` returns.*depends on "more"/,
    ],
    [
      "the family's batch size",
      perRun('"batchSize"'),
      /"batchSize" is one value for all runs of a pack of the family mlp; leave it out/,
    ],
    ["the family's layers", perRun('"hiddenLayers"'), /"hiddenLayers" is one value for all runs/],
    ["a name that is no parameter", perRun('"learningrate"'), /the experiment has no parameter "learningrate"/],
  ])("refused: %s", async (_, loader, message) => {
    await expect(loadExtensions(["x"], loader)).rejects.toThrow(message);
    expect(experiments).toHaveLength(ours);
  });

  test.each([
    [
      "what only the judgement reads",
      perRun('"more"', (text) =>
        withParameter(
          "z.number().default(1)",
          "",
        )(text).replace("evaluate: (_, predictions)", "evaluate: ({ more }, predictions)"),
      ),
    ],
    ["what is read and changes nothing", perRun('"more"', withParameter("z.number().default(1)", "void more;"))],
  ])("let in: %s", async (_, loader) => {
    await loadExtensions(["x"], loader);
    expect(findExperiment("cubic")?.perRunParameters).toContain("more");
  });
});

describe("an extension that cannot be used stops the start, says why, and adds nothing", () => {
  test.each([
    [
      "is not there",
      () => Promise.reject(new Error("Cannot find package 'x'")),
      /"x" in BASIN_EXTENSIONS cannot be loaded: Cannot find package/,
    ],
    ["exports no function", () => Promise.resolve({ experiments: [] }), /must export a function as its default/],
    ["returns no experiments", load("export default () => ({})"), /must return \{ experiments/],
    ["lists none", load("export default () => ({ experiments: [] })"), /lists no experiment/],
    ["throws", load("export default () => { throw new Error('no licence') }"), /failed to make its experiments: no licence/],
    [
      "takes an id of ours",
      changed('id: "cubic"', 'id: "logic-gates"'),
      /an experiment "logic-gates", and there is one of that id already/,
    ],
    ["brings one twice", changed("[experiment]", "[experiment, experiment]"), /an experiment "cubic", and there is one/],
    ["has a bad id", changed('id: "cubic"', 'id: "Cubic!"'), /"Cubic!" that is not valid: id: /],
    ["has no parameters", changed("parameters: mlp", "settings: mlp"), /"cubic" that is not valid/],
    ["has a parameter without default", changed(".default(100)", ""), /"cubic" that is not valid/],
    ["brings nothing at all", load("export default () => ({ experiments: [null] })"), /without an id that is not valid/],
  ])("when it %s", async (_, loader, message) => {
    await expect(loadExtensions(["x"], loader)).rejects.toThrow(message);
    expect(experiments).toHaveLength(ours);
  });
});
