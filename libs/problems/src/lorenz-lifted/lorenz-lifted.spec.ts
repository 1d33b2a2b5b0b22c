import { expect, it } from "vitest";
import { configurationOf } from "../describe-experiment";
import { buildLibrary } from "../dynamics/library";
import { lorenzCoefficients } from "../dynamics/lorenz";
import type { LatentModel } from "../kinds/latent-dynamics";
import { judgeLifted, liftedOutcomes } from "./judge-lifted";
import { legendreModes, liftedFields, liftedRates, liftedStates, stateScale } from "./lifted-lorenz";
import { lorenzLifted, LorenzLiftedParameters } from "./lorenz-lifted";

const setting = LorenzLiftedParameters.parse({ gridPoints: 8, validationOrbits: 2, frames: 60 });

it("lifts with Legendre polynomials, and rates by the chain rule", () => {
  const modes = legendreModes(5);
  expect(modes.map((mode) => mode.at(-1))).toEqual([1, 1, 1, 1, 1, 1]);
  expect(modes[2]?.[2]).toBeCloseTo(-0.5, 12);
  expect(modes[4]?.[2]).toBeCloseTo(0.375, 12);
  const states = liftedStates({ ...setting, frameInterval: 1e-4, frames: 3 }, "training", 1);
  const [x, rate] = liftedFields(8, states);
  for (let i = 0; i < 8; i++)
    expect(Math.abs((rate?.[8 + i] ?? 0) - ((x?.[16 + i] ?? 0) - (x?.[i] ?? 0)) / 2e-4)).toBeLessThan(0.02);
});

/** A model that sees the states themselves, divided by 40, and has Lorenz' law for them. */
function knowing(changes: Partial<LatentModel> = {}): LatentModel {
  const states = liftedStates(setting, "validation", setting.validationOrbits);
  const names = ["x", "y", "z"].map((text) => ({ text, latex: text }));
  const library = buildLibrary(setting, names);
  // With z/40 for z, a product's coefficient grows by 40.
  const coefficients = lorenzCoefficients(library).map((value, at) =>
    (library.terms[Math.floor(at / 3)]?.factors.length ?? 0) === 2 ? value * stateScale : value,
  );
  return {
    order: 1,
    latentWidth: 3,
    library,
    coefficients,
    history: [],
    losses: [],
    pruned: [],
    encode: () => [Float32Array.from(states), Float32Array.from(liftedRates(states))],
    decode: () => [...liftedFields(setting.gridPoints, states)],
    ...changes,
  };
}

it("calls the truth a law, and names what is less", () => {
  const outcome = (model: LatentModel): string => liftedOutcomes[judgeLifted(setting, model).metrics["outcomeClass"] ?? -1] ?? "";
  const truth = knowing();
  expect(outcome(truth)).toBe("law");
  expect(outcome({ ...truth, coefficients: truth.coefficients.map((value) => (value === 0 ? 1e-4 : value)) })).toBe("equivalent");
  expect(outcome({ ...truth, coefficients: truth.coefficients.map((value) => 0.5 * value) })).toBe("coordinates");
  expect(outcome({ ...truth, coefficients: truth.coefficients.map(() => 0) })).toBe("none");
  const [z = new Float32Array(0), rate = z] = truth.encode([], 0);
  expect(outcome({ ...truth, encode: () => [z.map((value) => value * value), rate] })).toBe("other");
  const { metrics, plots, labels } = judgeLifted(setting, truth);
  // Lorenz' own variables again, from states divided by 40.
  expect(metrics["worstCoefficient"]).toBeLessThan(1e-3);
  expect(labels["inTrueStates"]).toBe("ẋ = −10.0 x + 10.0 y; ẏ = 28.0 x − 1.00 y − 1.00 x·z; ż = −2.67 z + 1.00 x·y");
  const half = judgeLifted(setting, { ...truth, coefficients: truth.coefficients.map((value) => 0.5 * value) });
  expect(half.metrics["coefficientError"]).toBeCloseTo(0.5, 4);
  expect(metrics["affineR2"]).toBeCloseTo(1, 6);
  expect(metrics["fuvLaw"]).toBeLessThan(1e-6);
  expect(Object.keys(plots).sort()).toEqual(lorenzLifted.plots.map(({ id }) => id).sort());
  expect([...Object.keys(metrics), "weightCount"].sort()).toEqual(
    lorenzLifted.metrics.flatMap(({ name, final }) => (final ? [name] : [])).sort(),
  );
});

it("refuses the gauge scan, and data that do not fit", () => {
  expect(() => configurationOf(lorenzLifted, { procedure: "gauge-scan" })).toThrow(/procedure/);
  expect(lorenzLifted.check?.(configurationOf(lorenzLifted, { orbits: 10_000, frames: 1000 })).map(({ path }) => path)).toEqual([
    "orbits",
  ]);
});
