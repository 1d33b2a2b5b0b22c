import { solveOde, type RightHandSide } from "@basin/numerics";
import type { Library } from "./library";

/** E. N. Lorenz, J. Atmos. Sci. 20 (1963). */
export const lorenzConstants = { sigma: 10, rho: 28, beta: 8 / 3 };

/** ẋ = σ(y − x), ẏ = x(ρ − z) − y, ż = xy − βz. */
export const lorenzLaw: RightHandSide = (_, state, out) => {
  const { sigma, rho, beta } = lorenzConstants;
  const [x, y, z] = [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0];
  out[0] = sigma * (y - x);
  out[1] = x * (rho - z) - y;
  out[2] = x * y - beta * z;
};

/** States at t = 0, interval, 2·interval … */
export function lorenzOrbit(start: ArrayLike<number>, samples: number, interval: number): Float64Array[] {
  const times = Float64Array.from({ length: samples }, (_, i) => i * interval);
  return solveOde(lorenzLaw, start, times, { relativeTolerance: 1e-9, absoluteTolerance: 1e-9 });
}

/** The known coefficients in a library over (x, y, z), [terms, 3]. A term that the library lacks is left out. */
export function lorenzCoefficients({ terms, variables }: Library): Float64Array {
  const { sigma, rho, beta } = lorenzConstants;
  const [x = "", y = "", z = ""] = variables.map(({ text }) => text);
  const known: [text: string, rows: [number, number, number]][] = [
    [x, [-sigma, rho, 0]],
    [y, [sigma, -1, 0]],
    [z, [0, 0, -beta]],
    [`${x}·${y}`, [0, 0, 1]],
    [`${x}·${z}`, [0, -1, 0]],
  ];
  const out = new Float64Array(3 * terms.length);
  for (const [text, rows] of known) {
    const k = terms.findIndex((term) => term.text === text);
    if (k >= 0) out.set(rows, 3 * k);
  }
  return out;
}
