import type { ActivationName } from "@basin/contracts";
import { cosPi, exponential, logarithm, normalTail, sinPi } from "@basin/numerics";

/** Of leaky-relu and elu below 0. */
export interface FactorsBelowZero {
  leakySlope: number;
  eluAlpha: number;
}

/** f(z) and f′(z) in double precision; at a kink f′ is that of the left side. */
export function activationFunction(
  name: ActivationName,
  z: number,
  { leakySlope, eluAlpha }: FactorsBelowZero,
): { value: number; slope: number } {
  switch (name) {
    case "linear":
      return { value: z, slope: 1 };
    case "sigmoid":
      return { value: logistic(z), slope: logistic(z) * logistic(-z) };
    case "tanh": {
      const value = 2 * logistic(2 * z) - 1;
      return { value, slope: 1 - value * value };
    }
    case "relu":
      return z > 0 ? { value: z, slope: 1 } : { value: 0, slope: 0 };
    case "leaky-relu":
      return z > 0 ? { value: z, slope: 1 } : { value: leakySlope * z, slope: leakySlope };
    case "elu": {
      const power = exponential(Math.min(z, 0));
      return z > 0 ? { value: z, slope: 1 } : { value: eluAlpha * (power - 1), slope: eluAlpha * power };
    }
    case "gelu": {
      const below = normalTail(-z);
      return { value: z * below, slope: below + (z * exponential((-z * z) / 2)) / Math.sqrt(2 * Math.PI) };
    }
    case "gelu-tanh": {
      const factor = 2 * Math.sqrt(2 / Math.PI);
      return gated(z, factor * (z + 0.044715 * z ** 3), factor * (1 + 3 * 0.044715 * z * z));
    }
    case "swish":
      return gated(z, z, 1);
    case "softplus":
      return { value: Math.max(z, 0) + logarithm(1 + exponential(-Math.abs(z))), slope: logistic(z) };
    case "sine":
      return { value: sinPi(z / Math.PI), slope: cosPi(z / Math.PI) };
    case "cosine":
      return { value: cosPi(z / Math.PI), slope: -sinPi(z / Math.PI) };
  }
}

function logistic(z: number): number {
  return z >= 0 ? 1 / (1 + exponential(-z)) : exponential(z) / (1 + exponential(z));
}

/** zσ(u) where u is a function of z with that derivative. */
function gated(z: number, u: number, slope: number): { value: number; slope: number } {
  const s = logistic(u);
  return { value: z * s, slope: s + z * s * logistic(-u) * slope };
}
