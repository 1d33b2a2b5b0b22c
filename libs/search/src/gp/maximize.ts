import type { Configuration } from "@basin/contracts";
import { cosPi, exponential, minimizeLbfgs, randomStream, scrambledSobol, mostSequenceCoordinates, sinPi } from "@basin/numerics";
import type { Domain } from "./domain";
import type { LogExpectedImprovement } from "./expected-improvement";

const starts = 10;
const rounds = 4;
const mostEvaluations = 30;

interface Found {
  x: Float64Array;
  parameters: Configuration;
  value: number;
}

/**
 * The configuration of greatest expected improvement among those that are allowed: from the best of many scrambled Sobol points and the incumbents, and nine
 * more by roulette, alternately by L-BFGS along the numbers and value by value along the rest. Null: none that was looked at is allowed.
 */
export function mostPromising(
  domain: Domain,
  improvement: LogExpectedImprovement,
  { seed, trial, candidates }: { seed: number; trial: number; candidates: number },
  incumbents: readonly Float64Array[],
  allowed: (parameters: Configuration) => boolean,
): Configuration | null {
  const d = domain.axes.length;
  const look = (x: Float64Array): Found => {
    const parameters = domain.parametersAt(x);
    const point = domain.pointOf(parameters);
    return { x: point, parameters, value: allowed(parameters) ? improvement.at(point) : Number.NEGATIVE_INFINITY };
  };
  const looked = [...sharesOf(d, seed, trial, candidates)].map((shares) => look(domain.pointAt(shares)));
  looked.push(...incumbents.map(look));
  const luck = randomStream(seed, "search/gp/starts", trial);
  let best: Found | null = null;
  for (const start of chosenStarts(looked, luck.uniform.bind(luck))) {
    const found = climbed(domain, improvement, look, start);
    if (Number.isFinite(found.value) && (best === null || found.value > best.value)) best = found;
  }
  return best?.parameters ?? null;
}

function* sharesOf(d: number, seed: number, trial: number, count: number): Generator<Float64Array> {
  const purpose = `search/gp/${trial}`;
  if (d <= mostSequenceCoordinates) {
    const sequence = scrambledSobol(d, seed, purpose);
    for (let i = 0; i < count; i++) yield sequence(i);
    return;
  }
  for (let i = 0; i < count; i++) {
    const shares = new Float64Array(d);
    randomStream(seed, purpose, i).fillUniform(shares);
    yield shares;
  }
}

/** The best, and others with probabilities ∝ their expected improvement. */
function chosenStarts(looked: readonly Found[], uniform: (i: number) => number): Found[] {
  const best = looked.reduce((most, one) => (one.value > most.value ? one : most));
  const weights = Float64Array.from(looked, ({ value }) => (Number.isFinite(value) ? exponential(value - best.value) : 0));
  const chosen = new Set([best]);
  for (let k = 1; k < Math.min(starts, looked.length); k++) {
    let left = uniform(k) * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    const one = looked[at];
    if (one) chosen.add(one);
  }
  return [...chosen];
}

function climbed(domain: Domain, improvement: LogExpectedImprovement, look: (x: Float64Array) => Found, start: Found): Found {
  let best = start;
  for (let round = 0; round < rounds; round++) {
    const before = best;
    const along = look(alongNumbers(domain, improvement, best));
    if (along.value > best.value) best = along;
    for (const [j, { name }] of domain.axes.entries()) {
      if (!(name in best.parameters)) continue;
      for (const value of domain.listed(j)) {
        const moved = look(best.x.map((x, i) => (i === j ? value : x)));
        if (moved.value > best.value) best = moved;
      }
    }
    if (best === before) break;
  }
  return best;
}

/** Along the numbers of many values that apply; x = (1 − cos πt)/2 keeps each in [0, 1]. */
function alongNumbers(domain: Domain, improvement: LogExpectedImprovement, { x, parameters }: Found): Float64Array {
  const free = domain.axes.flatMap(({ name }, j) => (name in parameters && domain.listed(j).length === 0 ? [j] : []));
  if (free.length === 0) return x;
  const placed = (t: ArrayLike<number>): Float64Array => {
    const moved = x.slice();
    for (const [k, j] of free.entries()) moved[j] = (1 - cosPi(t[k] ?? 0)) / 2;
    return moved;
  };
  const from = Float64Array.from(free, (j) => turnOf(x[j] ?? 0));
  const { point } = minimizeLbfgs(
    (t) => {
      const { value, gradient } = improvement.withGradient(placed(t));
      return { value: -value, gradient: free.map((j, k) => (-(gradient[j] ?? 0) * Math.PI * sinPi(t[k] ?? 0)) / 2) };
    },
    from,
    { gradientTolerance: 1e-2, maxEvaluations: mostEvaluations },
  );
  return placed(point);
}

/** t in [0, 1] with (1 − cos πt)/2 = x. */
function turnOf(x: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if ((1 - cosPi(middle)) / 2 < x) low = middle;
    else high = middle;
  }
  // At an end itself nothing would move.
  return Math.min(1 - 1e-4, Math.max(1e-4, (low + high) / 2));
}
