import { configurationOf } from "../describe-experiment";
import { describe, expect, it } from "vitest";
import { buildLibrary, latentVariables } from "../dynamics/library";
import type { Jet, LatentModel } from "../kinds/latent-dynamics";
import { judgePendulum } from "./judge-pendulum";
import { pendulumBounds, pendulumOutcome, pendulumOutcomes, type PendulumFigures } from "./outcome";
import { orbitStates, pendulumImages } from "./pendulum-images";
import { initialStates, orbit, pendulumPeriod, periodOf } from "./pendulum-motion";
import { sindyPendulum, SindyPendulumParameters } from "./sindy-pendulum";

const defaults = SindyPendulumParameters.parse({});
const small = SindyPendulumParameters.parse({ pixels: 6, validationOrbits: 6, frames: 20 });

const meanSquare = (values: Float32Array | undefined): number => {
  const all = values ?? new Float32Array(0);
  return all.reduce((sum, value) => sum + value * value, 0) / all.length;
};

describe("data", () => {
  it("has the mean squares of x, ẋ and ẍ that a moving blob must have", () => {
    const states = orbitStates({ frames: 5, frameInterval: 2, dataSeed: 0 }, "training", 200);
    const images = pendulumImages({ pixels: 51, blobVariance: 0.05 }, states);
    expect(meanSquare(images[0])).toBeCloseTo(0.0083, 3);
    // A Gaussian blob has ⟨ẋ²⟩ = ⟨x²⟩⟨θ̇²⟩/v, and ⟨θ̇²⟩ is 0.90 over the accepted swings.
    const speed = states.reduce((sum, { omega }) => sum + omega * omega, 0) / states.length;
    expect(speed).toBeCloseTo(0.9, 1);
    expect((meanSquare(images[1]) * 0.05) / (meanSquare(images[0]) * speed)).toBeCloseTo(1, 2);
    expect(meanSquare(images[2])).toBeGreaterThan(16);
    expect(meanSquare(images[2])).toBeLessThan(22);
  });

  it("has time derivatives that finite differences of the motion confirm", () => {
    const h = 1e-3;
    const frames = orbit({ theta: 1.1, omega: 0.4 }, 3, h);
    const [x = new Float32Array(0), rate, acceleration] = pendulumImages({ pixels: 9, blobVariance: 0.1 }, frames);
    for (let i = 0; i < 81; i++) {
      const [before = 0, now = 0, after = 0] = [x[i], x[81 + i], x[162 + i]];
      expect(rate?.[81 + i]).toBeCloseTo((after - before) / (2 * h), 3);
      // Single precision leaves ±0.1 on a second difference over 1e-3.
      expect(Math.abs((acceleration?.[81 + i] ?? 0) - (after - 2 * now + before) / (h * h))).toBeLessThan(0.2);
    }
  });

  it("starts from swinging states only, and keeps their energy", () => {
    const starts = initialStates(3, "spec", 200);
    for (const { theta, omega } of starts) expect(Math.abs(omega ** 2 / 2 - Math.cos(theta))).toBeLessThanOrEqual(0.99 + 1e-12);
    const [first, last] = [starts[0], orbit(starts[0]!, 100, 0.1).at(-1)];
    expect(last!.omega ** 2 / 2 - Math.cos(last!.theta)).toBeCloseTo(first!.omega ** 2 / 2 - Math.cos(first!.theta), 7);
  });

  it("does not depend on the run: training and validation are drawn apart", () => {
    const training = orbitStates({ ...small }, "training", 2);
    const validation = orbitStates({ ...small }, "validation", 2);
    expect(training[0]).not.toEqual(validation[0]);
  });
});

it("knows the periods of large swings, by formula and by integration", () => {
  for (const [degrees, period] of [
    [60, 6.743],
    [120, 8.626],
    [150, 11.07],
  ] as const) {
    const amplitude = (degrees * Math.PI) / 180;
    expect(pendulumPeriod(amplitude)).toBeCloseTo(period, 2);
    expect(periodOf((z) => -Math.sin(z), amplitude, 40)).toBeCloseTo(pendulumPeriod(amplitude), 6);
  }
  expect(periodOf((z) => -z, 1, 40)).toBeCloseTo(2 * Math.PI, 7);
  expect(periodOf((z) => z, 1, 40)).toBeNaN();
});

/** A model that knows the angle: z = aθ + c, read off the images' centre of mass, and any law. */
function knowing(a: number, c: number, law: Record<string, number>): LatentModel {
  const library = buildLibrary(defaults, latentVariables(1, false));
  const states = orbitStates(small, "validation", small.validationOrbits);
  const images = pendulumImages(small, states);
  const angle = (jet: Jet, samples: number): number[] =>
    Array.from({ length: samples }, (_, n) => {
      const size = small.pixels ** 2;
      const own = jet[0]?.subarray(n * size, (n + 1) * size) ?? new Float32Array(size);
      const scores = candidates.map(({ image }) => image.reduce((sum, value, i) => sum + (value - (own[i] ?? 0)) ** 2, 0));
      return candidates[scores.indexOf(Math.min(...scores))]!.theta;
    });
  const known = [60, 120, 150].map((degrees) => ({ theta: (degrees * Math.PI) / 180, omega: 0 }));
  const candidates = [...states, ...known].map((state) => ({
    theta: state.theta,
    image: pendulumImages(small, [state])[0] ?? new Float32Array(0),
  }));
  const perfect = states.length;
  return {
    order: 2,
    latentWidth: 1,
    library,
    coefficients: Float64Array.from(library.terms, ({ text }) => law[text] ?? 0),
    history: [],
    losses: [],
    pruned: [],
    encode: (jet, samples) => {
      const theta = samples === perfect ? states.map((state) => state.theta) : angle(jet, samples);
      const omega = samples === perfect ? states.map((state) => state.omega) : theta.map(() => 0);
      return [
        Float32Array.from(theta, (value) => a * value + c),
        Float32Array.from(omega, (value) => a * value),
        Float32Array.from(theta, (value) => -a * Math.sin(value)),
      ];
    },
    decode: () => [...images],
  };
}

describe("judgement", () => {
  const outcome = (model: LatentModel): string => {
    const { metrics } = judgePendulum(small, model);
    const found = pendulumOutcomes[metrics["outcomeClass"] ?? -1] ?? "";
    // What is shown of the bounds is what decides.
    const bounds = pendulumBounds(metrics);
    expect(bounds.every(({ met }) => met)).toBe(found === "law");
    expect(bounds).toHaveLength(10);
    return found;
  };

  it("calls the truth a law in every exact gauge, and only there", () => {
    expect(outcome(knowing(1, 0, { "sin z": -1 }))).toBe("law");
    expect(outcome(knowing(-1, 0, { "sin z": -1 }))).toBe("law");
    expect(outcome(knowing(1, Math.PI, { "sin z": 1 }))).toBe("law");
    expect(outcome(knowing(1, 0, { "sin z": 1 }))).toBe("support");
    expect(outcome(knowing(0.8, 0, { "sin z": -0.79 }))).toBe("support");
    expect(outcome(knowing(1, 0.5, { "sin z": -1 }))).toBe("support");
  });

  it("names the other classes by their terms", () => {
    expect(outcome(knowing(0.5, 0, { z: -0.47 }))).toBe("linear");
    expect(outcome(knowing(1.2, 0, { z: -0.21, "sin z": -0.84 }))).toBe("mixed");
    expect(outcome(knowing(0.5, 0, { z: -1, "z³": 0.5 }))).toBe("Duffing");
    expect(outcome(knowing(1, 0, { z: -1, "z²": 0.5 }))).toBe("dense");
    expect(outcome(knowing(1, 0, {}))).toBe("none");
    expect(
      outcome({ ...knowing(1, 0, { "sin z": -1 }), decode: (jet, n) => jet.map(() => new Float32Array(n * small.pixels ** 2)) }),
    ).toBe("trivial");
  });

  it("measures gauge, periods and shares, and draws what the descriptor offers", () => {
    const { metrics, labels, plots } = judgePendulum(small, knowing(-0.5, 0.2, { z: -1 }));
    expect(metrics["gaugeScale"]).toBeCloseTo(-0.5, 5);
    expect(metrics["gaugeOffset"]).toBeCloseTo(0.2, 5);
    expect(metrics["affineR2"]).toBeCloseTo(1, 6);
    // A linear law has T = 2π at every amplitude: 43 % off at 150°.
    expect(metrics["periodError"]).toBeCloseTo(1 - (2 * Math.PI) / 11.07, 2);
    expect(labels["equation"]).toBe("z̈ = −1.00 z");
    expect(Object.keys(plots).sort()).toEqual(sindyPendulum.plots.map(({ id }) => id).sort());
    const declared = sindyPendulum.metrics.filter(({ final }) => final).map(({ name }) => name);
    // The number of weights is the family's to tell.
    expect([...Object.keys(metrics), "weightCount"].sort()).toEqual(declared.sort());
  });

  it("needs every bound of the law", () => {
    const good: PendulumFigures = {
      support: ["sin z"],
      coefficient: -1,
      affineR2: 1,
      gaugeScale: 1,
      gaugeOffset: 0,
      fuvX: 0,
      fuvXDDot: 0,
      fuvZDDot: 0,
      periodError: 0,
    };
    expect(pendulumOutcome(good)).toBe("law");
    const broken: Partial<PendulumFigures>[] = [
      { coefficient: -0.94 },
      { affineR2: 0.998 },
      { gaugeScale: 1.06 },
      { gaugeOffset: 0.06 },
      { fuvX: 0.021 },
      { fuvXDDot: 0.11 },
      { fuvZDDot: 0.021 },
      { periodError: 0.021 },
      { periodError: Number.NaN },
    ];
    for (const change of broken) expect(pendulumOutcome({ ...good, ...change }), JSON.stringify(change)).toBe("support");
  });
});

it("refuses data that do not fit into memory, and relu", () => {
  const source = { pixels: 51, orbits: 100, frames: 500 };
  expect(sindyPendulum.check?.(configurationOf(sindyPendulum, source)).map(({ path }) => path)).toEqual(["pixels"]);
  expect(() => configurationOf(sindyPendulum, { activation: "relu" })).toThrow(/activation/);
});
