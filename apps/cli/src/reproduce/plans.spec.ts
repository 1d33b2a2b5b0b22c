import { SweepSpec } from "@basin/contracts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sweepOf } from "./measure-plans";
import { isJudged, trainingOf } from "./plan";
import { plans } from "./plans";
import { chosenPlans, startedFrom } from "./reproduce";
import { withAndWithout } from "./with-and-without";

const problems = join(import.meta.dirname, "../../../../libs/problems/src");
const quick = { quick: true, seeds: null };

/** Ids in the definitions that the catalogue imports, read as text: this application does not import the catalogue. */
function catalogueIds(): string[] {
  const registry = readFileSync(join(problems, "registry.ts"), "utf8");
  const files = Array.from(registry.matchAll(/^import \{.*\} from "\.\/([^"]+\/[^"]+)";$/gm), ([, path]) => path ?? "");
  expect(files.length).toBeGreaterThan(10);
  return files
    .filter((path) => !path.startsWith("datasets/") && !path.startsWith("diagnostic/"))
    .map((path) => {
      const text = readFileSync(join(problems, `${path}.ts`), "utf8");
      const id = / = (?:\w+Experiment\()?\{\s+id: "([a-z0-9-]+)",\s+version: /.exec(text)?.[1];
      if (id === undefined) throw new Error(`no experiment in ${path}.ts`);
      return id;
    });
}

test("every experiment of the catalogue has a plan, and every plan an experiment", () => {
  expect(readdirSync(problems)).toContain("registry.ts");
  expect([...new Set(plans.map(({ experiment }) => experiment))].sort()).toEqual(catalogueIds().sort());
});

test("ids are unique, begin with their experiment, and each experiment is in the quick measurement", () => {
  const ids = plans.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, experiment } of plans) expect(id === experiment || id.startsWith(`${experiment}/`), id).toBe(true);
  const hasty = new Set(plans.filter((plan) => plan.quick !== null).map(({ experiment }) => experiment));
  expect([...hasty].sort()).toEqual([...new Set(plans.map(({ experiment }) => experiment))].sort());
});

test("every plan is a sweep that the contract accepts, with at least five initializations in full", () => {
  for (const plan of plans) {
    const full = SweepSpec.parse(sweepOf(plan, { quick: false, seeds: null }));
    expect("count" in full.seeds ? full.seeds.count : 0, plan.id).toBeGreaterThanOrEqual(5);
    SweepSpec.parse(sweepOf(plan, quick));
    expect(SweepSpec.parse(sweepOf(plan, { quick: false, seeds: 20 })).seeds).toEqual({ count: 20, first: plan.firstSeed ?? 1 });
  }
});

test("a figure of one group names the group, by swept values", () => {
  for (const { id, swept, space, readings } of plans) {
    for (const { read, where } of readings) {
      const names = Object.keys(where ?? {});
      if (read === "median" && swept) expect(names.sort(), id).toEqual(Object.keys(swept).sort());
      for (const name of names) {
        const values = swept?.[name] ?? [];
        expect(space?.[name] !== undefined || values.some((value) => value === where?.[name]), `${id}: ${name}`).toBe(true);
      }
    }
    const figures = readings.flatMap(({ figure }) => figure ?? []);
    expect(new Set(figures).size).toBe(figures.length);
  }
});

test("the figures of the pendulum's law have their names", () => {
  const names = plans.flatMap(({ readings }) => readings.flatMap(({ figure }) => figure ?? []));
  expect(names).toEqual(
    expect.arrayContaining(["gaugeScanLawRate", "gaugeScanSupportRate", "sourceThresholdLawRate", "sourceThresholdSupportRate"]),
  );
});

test("each experiment of section E has figures in the report, with and without its term of knowledge where it has one", () => {
  const names = plans.flatMap(({ readings }) => readings.flatMap(({ figure }) => figure ?? []));
  const ofSection = (number: number): string[] => names.filter((name) => name.startsWith(`E${number}.`));
  // E1, E2 and E16 compare losses, rates and sizes of batches; E20 to E22 are statements about loss surfaces.
  const withoutTerm = [1, 2, 16, 20, 21, 22];
  for (let number = 1; number <= 22; number++) {
    const figures = ofSection(number);
    expect(figures.length, `E${number}`).toBeGreaterThan(2);
    const both = figures.filter((name) => name.endsWith(".with") && figures.includes(name.replace(/with$/, "without")));
    expect(both.length > 0, `E${number}`).toBe(!withoutTerm.includes(number));
  }
});

test("quick replaces parameters and then judges nothing; --seeds wins over both", () => {
  const own = plans.find(({ id }) => id === "sindy-pendulum/source-threshold");
  if (!own) throw new Error("no plan");
  const known = { startingPoints: [{ id: "source", parameters: { procedure: "source-threshold", pruneEvery: 17 } }], version: 1 };
  const plan = startedFrom(own, known as unknown as Parameters<typeof startedFrom>[1]);
  expect(trainingOf(plan, quick)).toMatchObject({ seeds: 1, fixed: { pixels: 8, procedure: "source-threshold", pruneEvery: 5 } });
  expect(trainingOf(plan, { quick: true, seeds: 4 }).seeds).toBe(4);
  expect(trainingOf(plan, { quick: false, seeds: null })).toMatchObject({ seeds: 5, fixed: { pruneEvery: 17 } });
  expect([isJudged(plan, quick), isJudged(plan, { quick: false, seeds: null })]).toEqual([false, true]);
  const gravity = plans.find(({ id }) => id === "pendulum-gravity");
  expect(gravity && isJudged(gravity, quick)).toBe(true);
});

test("--only takes experiments and plans, and says what there is", () => {
  const choose = (only: string[], more = {}) => chosenPlans({ all: false, only, quick: false, ...more }).map(({ id }) => id);
  expect(choose(["harmonic-oscillator-pinn"])).toEqual(
    ["", "/source", "/data", "/boundary"].map((name) => `harmonic-oscillator-pinn${name}`),
  );
  expect(choose(["sindy-pendulum/gauge-scan", "mnist"])).toEqual(["sindy-pendulum/gauge-scan", "mnist", "mnist/two-layers"]);
  expect(choose([], { all: true })).toHaveLength(plans.length);
  expect(choose(["sindy-pendulum"], { quick: true })).not.toContain("sindy-pendulum/gauge-scan-polished");
  expect(() => choose(["sindy"])).toThrow(/nothing to reproduce for "sindy"; choose from loss-minimization, /);
  expect(() => choose([])).toThrow(/--all, --quick or --only/);
});

test("a comparison has two rows that differ by the term alone, with a figure for each side", () => {
  const [with_, without] = withAndWithout({
    section: "E0",
    experiment: "heat-pinn",
    setting: "a rod",
    fixed: { endTime: 1, fluxWeight: 2 },
    without: { setting: "the same without the flux", fixed: { fluxWeight: 0 } },
    quick: { seeds: 1 },
    figures: [
      { metric: "relativeL2", figure: "relL2", with: { want: "criterion" }, ratio: { want: { op: ">=", value: 5 } } },
      { metric: "fluxError", with: { want: "criterion" }, without: null },
      { metric: "maxError", read: "share", without: { remark: "of the edge" } },
      { metric: "accuracy", without: null, difference: { want: { op: "<=", value: 0.01 } } },
    ],
  });
  expect(with_).toMatchObject({ id: "heat-pinn", fixed: { endTime: 1, fluxWeight: 2 }, seeds: 10, quick: { seeds: 1 } });
  expect(without).toMatchObject({
    id: "heat-pinn/without",
    setting: "the same without the flux",
    fixed: { endTime: 1, fluxWeight: 0 },
    seeds: 10,
    quick: { seeds: 1 },
  });
  expect(with_.readings).toEqual([
    { metric: "relativeL2", read: "median", figure: "E0.relL2.with", want: "criterion" },
    { metric: "fluxError", read: "median", want: "criterion" },
    { metric: "maxError", read: "share" },
    { metric: "accuracy", read: "median" },
    { metric: "success", read: "success", figure: "E0.success", want: { op: ">=", value: 0.8 } },
  ]);
  expect(without.readings).toEqual([
    { metric: "relativeL2", read: "median", figure: "E0.relL2.without" },
    { metric: "relativeL2", read: "median", over: "heat-pinn", want: { op: ">=", value: 5 } },
    { metric: "maxError", read: "share", remark: "of the edge" },
    { metric: "accuracy", read: "median", minus: "heat-pinn", want: { op: "<=", value: 0.01 } },
  ]);
});

test("a plan of a starting point trains its values, and every point of the equations has one", () => {
  const gallery = readFileSync(join(problems, "equation/gallery.ts"), "utf8");
  const ids = Array.from(gallery.matchAll(/^ {4}id: "([a-z-]+)",$/gm), ([, id]) => id);
  const typed = plans.filter(({ experiment }) => experiment === "equation");
  expect(typed.map(({ startingPoint }) => startingPoint)).toEqual(ids);
  const [plan] = typed;
  if (!plan) throw new Error("there is no plan");
  const known = { version: 1, startingPoints: [{ id: "burgers", title: "", summary: "", parameters: { nu: 0.05, epochs: 7 } }] };
  const experiment = known as unknown as Parameters<typeof startedFrom>[1];
  expect(startedFrom({ ...plan, fixed: { epochs: 9 } }, experiment).fixed).toEqual({ nu: 0.05, epochs: 9 });
  expect(() => startedFrom({ ...plan, startingPoint: "none" }, experiment)).toThrow(/no starting point none/);
});
