import { exponential } from "@basin/numerics";

/** V = Σ A exp(a(x − x₀)² + b(x − x₀)(y − y₀) + c(y − y₀)²), K. Müller and L. D. Brown, Theoretica Chimica Acta 53, 75 (1979). */
const terms = [
  { A: -200, a: -1, b: 0, c: -10, x0: 1, y0: 0 },
  { A: -100, a: -1, b: 0, c: -10, x0: 0, y0: 0.5 },
  { A: -170, a: -6.5, b: 11, c: -6.5, x0: -0.5, y0: 1.5 },
  { A: 15, a: 0.7, b: 0.6, c: 0.7, x0: -1, y0: 1 },
] as const;

export function surfaceValue(x: number, y: number): number {
  return terms.reduce((sum, { A, a, b, c, x0, y0 }) => {
    const [dx, dy] = [x - x0, y - y0];
    return sum + A * exponential(a * dx * dx + b * dx * dy + c * dy * dy);
  }, 0);
}

export function surfaceGradient(x: number, y: number): [number, number] {
  let [gx, gy] = [0, 0];
  for (const { A, a, b, c, x0, y0 } of terms) {
    const [dx, dy] = [x - x0, y - y0];
    const value = A * exponential(a * dx * dx + b * dx * dy + c * dy * dy);
    gx += value * (2 * a * dx + b * dy);
    gy += value * (b * dx + 2 * c * dy);
  }
  return [gx, gy];
}

/** The minima, deepest first. Places to 15 digits by Newton's method. */
export const minima = [
  { name: "reactant", x: -0.558223634633024, y: 1.44172584180467, value: -146.699517209954 },
  { name: "product", x: 0.623499404930877, y: 0.0280377585286857, value: -108.16672411685232 },
  { name: "intermediate", x: -0.0500108229982061, y: 0.466694104871972, value: -80.76781812965903 },
] as const;

/** Where starts are drawn and basins are drawn. */
export const region = { x: [-1.5, 1.2], y: [-0.2, 2] } as const;

/** The index of the minimum that a point is within `distance` of; −1: of none. */
export function minimumAt(x: number, y: number, distance: number): number {
  return minima.findIndex((one) => Math.hypot(x - one.x, y - one.y) <= distance);
}

/** The minimum to which plain descent with the rate comes from a point in so many steps; −1: to none. */
export function basinOf(x: number, y: number, rate: number, steps: number): number {
  for (let step = 0; step < steps; step++) {
    const [gx, gy] = surfaceGradient(x, y);
    x -= rate * gx;
    y -= rate * gy;
    if (!(Math.abs(x) < 10 && Math.abs(y) < 10)) return -1;
    if (step % 20 === 19) {
      const found = minimumAt(x, y, 0.02);
      if (found >= 0) return found;
    }
  }
  return minimumAt(x, y, 0.1);
}
