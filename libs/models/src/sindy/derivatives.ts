import type { DerivativeMethodName } from "@basin/contracts";
import { leastSquares } from "@basin/numerics";
import type { MeasuredStates } from "@basin/problems";

/** States and their time derivatives at inner samples, row-major [samples, variables]; the ends have no symmetric neighbourhood. */
export interface Estimates {
  samples: number;
  states: Float64Array;
  rates: Float64Array;
}

/** Throws RangeError when there are fewer samples than the estimate needs. */
export function estimateDerivatives(
  measured: MeasuredStates,
  method: DerivativeMethodName,
  window: number,
  degree: number,
): Estimates {
  const { value, slope } = method === "finite-difference" ? centralDifference : savitzkyGolay(window, degree);
  const { samples, states, interval } = measured;
  const width = states.length / samples;
  const half = (value.length - 1) / 2;
  const inner = samples - 2 * half;
  if (inner < 1) throw new RangeError(`${samples} samples are too few for a window of ${value.length}.`);
  const out = { samples: inner, states: new Float64Array(inner * width), rates: new Float64Array(inner * width) };
  for (let i = 0; i < inner; i++) {
    for (let v = 0; v < width; v++) {
      const first = states[i * width + v] ?? Number.NaN;
      let state = 0;
      let rate = 0;
      let varies = false;
      for (let j = 0; j < value.length; j++) {
        const at = states[(i + j) * width + v] ?? Number.NaN;
        state += (value[j] ?? 0) * at;
        rate += (slope[j] ?? 0) * at;
        if (at !== first) varies = true;
      }
      // The weights add up to 1 and 0 but for rounding, which would be all that a state at rest shows.
      out.states[i * width + v] = varies ? state : first;
      out.rates[i * width + v] = varies ? rate / interval : 0;
    }
  }
  return out;
}

/** Weights of the value and of the slope (per sample) at a window's middle. */
interface Weights {
  value: Float64Array;
  slope: Float64Array;
}

const centralDifference: Weights = { value: Float64Array.of(0, 1, 0), slope: Float64Array.of(-0.5, 0, 0.5) };

/**
 * The value and slope, at its middle, of the polynomial of that degree through `window` samples with least squares (A. Savitzky, M. J. E. Golay,
 * Anal. Chem. 36 (1964)). The window is odd and greater than the degree; else RangeError.
 */
export function savitzkyGolay(window: number, degree: number): Weights {
  if (window % 2 !== 1 || window <= degree)
    throw new RangeError(`A smoothing window is odd and greater than the degree ${degree}, not ${window}.`);
  const half = (window - 1) / 2;
  const columns = degree + 1;
  const powers = new Float64Array(window * columns);
  for (let j = 0; j < window; j++) {
    let power = 1;
    for (let k = 0; k < columns; k++) {
      powers[j * columns + k] = power;
      power *= (j - half) / half;
    }
  }
  const value = new Float64Array(window);
  const slope = new Float64Array(window);
  const unit = new Float64Array(window);
  for (let j = 0; j < window; j++) {
    unit.fill(0);
    unit[j] = 1;
    const [constant = 0, linear = 0] = leastSquares(powers, unit, columns);
    value[j] = constant;
    slope[j] = linear / half;
  }
  return { value, slope };
}
