import type { PlotDataInput } from "@basin/contracts";
import { fitLine, solveOde } from "@basin/numerics";
import { coefficientCurves, equationPlot, equations, structure } from "../dynamics/equation";
import { lossCurves } from "../dynamics/latent-metrics";
import { evaluateTerms } from "../dynamics/library";
import type { LatentJudgement, LatentModel } from "../kinds/latent-dynamics";
import { imagePairs } from "./image-pairs";
import { pendulumOutcome, pendulumOutcomes, type PendulumFigures } from "./outcome";
import { orbitStates, pendulumImages, type ImageSetting, type OrbitSetting } from "./pendulum-images";
import { pendulumPeriod, periodOf, orbit, type PendulumState } from "./pendulum-motion";

const left = [{ text: "z̈", latex: "\\ddot z" }];
const truth = { text: "θ̈ = −sin θ", latex: "\\ddot\\theta = -\\sin\\theta" };
const periodDegrees = [60, 120, 150];

/** Mean squared error over mean square: the share of `values` left unexplained. */
export function unexplained(found: ArrayLike<number>, values: ArrayLike<number>): number {
  let error = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    const difference = (found[i] ?? Number.NaN) - value;
    error += difference * difference;
    square += value * value;
  }
  return error / square;
}

/** z̈ by the found law. */
function accelerationOf({
  library,
  coefficients,
}: Pick<LatentModel, "library" | "coefficients">): (z: number, rate: number) => number {
  const theta = new Float64Array(library.terms.length);
  const values = new Float64Array(2);
  return (z, rate) => {
    values[0] = z;
    values[1] = rate;
    evaluateTerms(library, values, theta);
    let sum = 0;
    // A pruned term that is infinite here must not turn the rest into NaN.
    for (let k = 0; k < theta.length; k++) if (coefficients[k] !== 0) sum += (theta[k] ?? 0) * (coefficients[k] ?? 0);
    return sum;
  };
}

/** Judges a trained model on orbits that it was not trained on, with the true angle. */
export function judgePendulum(
  setting: ImageSetting & OrbitSetting & { validationOrbits: number },
  model: LatentModel,
): LatentJudgement {
  const { library, coefficients } = model;
  const states = orbitStates(setting, "validation", setting.validationOrbits);
  const images = pendulumImages(setting, states);
  const samples = states.length;
  const [z = new Float32Array(0), rate = z, acceleration = z] = model.encode(images, samples);
  const law = accelerationOf(model);
  const predicted = Float32Array.from(z, (value, i) => law(value, rate[i] ?? Number.NaN));
  const decoded = model.decode([z, rate, predicted], samples);
  const fuv = images.map((values, i) => unexplained(decoded[i] ?? [], values));
  const line = fitLine(
    states.map(({ theta }) => theta),
    z,
  );
  const support = library.terms.flatMap(({ text }, k) => (coefficients[k] === 0 ? [] : [text]));
  const figures: PendulumFigures = {
    support,
    coefficient: coefficients[library.terms.findIndex(({ text }) => text === "sin z")] ?? 0,
    affineR2: line.rSquared,
    gaugeScale: line.slope,
    gaugeOffset: line.intercept,
    fuvX: fuv[0] ?? Number.NaN,
    fuvXDDot: fuv[2] ?? Number.NaN,
    fuvZDDot: unexplained(predicted, acceleration),
    periodError: worstPeriod(setting, model, law),
  };
  const outcome = pendulumOutcome(figures);
  const { support: _, ...numbers } = figures;
  const equation = equations(library, coefficients, left);
  return {
    metrics: {
      ...numbers,
      fuvXDot: fuv[1] ?? Number.NaN,
      activeTerms: support.length,
      outcomeClass: pendulumOutcomes.indexOf(outcome),
      supportRecovered: Number(outcome === "law" || outcome === "support"),
      lawRecovered: Number(outcome === "law"),
    },
    labels: { equation: equation.text, latex: equation.latex, support: structure(library, coefficients, left), outcome },
    plots: {
      equation: equationPlot("Discovered law", library, coefficients, left, prunedSnapshots(model), truth),
      losses: lossCurves(model),
      coefficients: coefficientCurves(library, left, model.history, model.pruned),
      images: imagePairs(setting.pixels, images, decoded, mostMoving(states)),
      latent: gaugePlot(states, z, line),
      portrait: portraits(setting, model, law),
    },
  };
}

/** The law at the start, where terms were pruned or chosen, and at the end, then without what lies below the threshold. */
export function prunedSnapshots({ history, pruned, coefficients }: LatentModel): LatentModel["history"] {
  return history
    .map((snapshot, i) => (i === history.length - 1 ? { ...snapshot, coefficients } : snapshot))
    .filter(({ block }, i) => i === 0 || i === history.length - 1 || pruned.includes(block));
}

function worstPeriod(setting: ImageSetting, model: LatentModel, law: (z: number, rate: number) => number): number {
  const errors = periodDegrees.map((degrees) => {
    const amplitude = (degrees * Math.PI) / 180;
    const [z0] = model.encode(pendulumImages(setting, [{ theta: amplitude, omega: 0 }]), 1);
    const wanted = pendulumPeriod(amplitude);
    return Math.abs(periodOf(law, z0?.[0] ?? Number.NaN, 4 * wanted) / wanted - 1);
  });
  // Math.max gives NaN when one law did not come back.
  return Math.max(...errors);
}

/** The state whose images are drawn: the fastest one. */
function mostMoving(states: readonly PendulumState[]): number {
  return states.reduce((best, { omega }, i) => (Math.abs(omega) > Math.abs(states[best]?.omega ?? 0) ? i : best), 0);
}

function gaugePlot(
  states: readonly PendulumState[],
  z: Float32Array,
  line: { slope: number; intercept: number; rSquared: number },
): PlotDataInput {
  const angles = states.map(({ theta }) => theta);
  const ends = [Math.min(...angles), Math.max(...angles)];
  return {
    kind: "scatter",
    title: "Latent variable against the true angle",
    caption: `Affine fit z = ${line.slope.toPrecision(4)}·θ + ${line.intercept.toPrecision(3)}, R² ${Number.isNaN(line.rSquared) ? "undefined, as z does not vary" : `= ${line.rSquared.toFixed(5)}`}. The law needs |a| = 1 and c a multiple of π.`,
    x: { label: "θ", unit: "rad" },
    y: { label: "z" },
    series: [
      { name: "validation frames", x: angles, y: [...z], style: "points" },
      { name: "affine fit", x: ends, y: ends.map((theta) => line.slope * theta + line.intercept), style: "line" },
    ],
  };
}

/** Orbits of the found law from encoded initial states, beside the true ones. */
function portraits(setting: ImageSetting, model: LatentModel, law: (z: number, rate: number) => number): PlotDataInput {
  const divisors = [1.5, 2, 3, 4, 8, 16];
  const starts = divisors.map((divisor): PendulumState => ({ theta: Math.PI / divisor, omega: 0.5 }));
  const [z, rate] = model.encode(pendulumImages(setting, starts), starts.length);
  const interval = 0.1;
  const times = Float64Array.from({ length: 201 }, (_, i) => i * interval);
  const series = starts.flatMap((start, i) => {
    const name = `θ₀ = π/${divisors[i] ?? 0}`;
    const found = solveOde(
      (_, y, out) => {
        out[0] = y[1] ?? Number.NaN;
        out[1] = law(y[0] ?? Number.NaN, y[1] ?? Number.NaN);
      },
      [z?.[i] ?? Number.NaN, rate?.[i] ?? Number.NaN],
      times,
      { relativeTolerance: 1e-6, absoluteTolerance: 1e-7, maxSteps: 1000 },
    );
    const real = orbit(start, times.length, interval);
    // An orbit that runs away would hide the others.
    const near = found.filter(([position = NaN, speed = NaN]) => Math.abs(position) < 20 && Math.abs(speed) < 20);
    return [
      { name: `${name}, found`, x: near.map(([a = NaN]) => a), y: near.map(([, b = NaN]) => b), style: "line" as const },
      { name: `${name}, true`, x: real.map(({ theta }) => theta), y: real.map(({ omega }) => omega), style: "dashed" as const },
    ];
  });
  return {
    kind: "scatter",
    title: "Phase portrait",
    caption: "Found orbits (z, ż) from encoded initial images, true ones (θ, θ̇), both for 20 time units from θ̇ = 0.5.",
    x: { label: "z, θ" },
    y: { label: "ż, θ̇" },
    series,
  };
}
