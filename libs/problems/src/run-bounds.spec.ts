import fc from "fast-check";
import { expect, it } from "vitest";
import { compareLaws, knownLawBounds } from "./dynamics/known-law";
import { experiments, findExperiment } from "./registry";
import { boundsOf } from "./run-bounds";

it("are those of the criterion, with their metric's title, what was reached and what was asked", () => {
  const definition = findExperiment("loss-minimization");
  if (!definition) throw new Error("no experiment");
  const [first, second] = boundsOf(definition, { rSquared: 0.995, mae: 0.0100001 });
  expect(first).toMatchObject({ value: 0.995, limit: "≥ 0.995", met: true });
  expect(second).toMatchObject({ value: 0.0100001, limit: "≤ 0.01", met: false });
  expect(first?.title).toBe(definition.metrics.find(({ name }) => name === "rSquared")?.title);
  for (const value of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY])
    expect(boundsOf(definition, { rSquared: 1, ...(value === undefined ? {} : { mae: value }) })[1]).toMatchObject({
      value: null,
      met: false,
    });
});

it("exist exactly where an experiment has a criterion, and none is met by nothing", () => {
  for (const definition of experiments) {
    const bounds = boundsOf(definition, {});
    expect(bounds.length > 0, definition.id).toBe(definition.success !== null);
    if (bounds.length > 0)
      expect(
        bounds.some(({ met }) => met),
        definition.id,
      ).toBe(false);
    expect(new Set(bounds.map(({ title }) => title)).size, definition.id).toBe(bounds.length);
  }
});

it("of a known law are all met exactly where its outcome is the law", () => {
  const coefficients = fc.array(fc.constantFrom(0, 1, 1.04, 1.051, -1), { minLength: 3, maxLength: 3 });
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(coefficients, (found) => {
      const { outcome, ...metrics } = compareLaws(found, [1, 0, 1]);
      outcomes.add(outcome);
      expect(knownLawBounds(metrics).every(({ met }) => met)).toBe(outcome === "law");
    }),
    { numRuns: 500, seed: 1 },
  );
  expect([...outcomes].sort()).toEqual(["extra", "law", "missing", "none", "support", "wrong"]);
});
