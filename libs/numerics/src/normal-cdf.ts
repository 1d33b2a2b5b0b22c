import { exponential } from "./elementary";

// Coefficients of W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), as in his
// routine CALERF, highest order last.
const nearNumerator = [
  3209.37758913846947, 377.485237685302021, 113.864154151050156, 3.1611237438705656, 0.185777706184603153,
] as const;
const nearDenominator = [2844.23683343917062, 1282.61652607737228, 244.024637934444173, 23.6012909523441209, 1] as const;
const middleNumerator = [
  1230.33935479799725, 2051.07837782607147, 1712.04761263407058, 881.95222124176909, 298.635138197400131, 66.1191906371416295,
  8.88314979438837594, 0.564188496988670089, 2.15311535474403846e-8,
] as const;
const middleDenominator = [
  1230.33935480374942, 3439.36767414372164, 4362.61909014324716, 3290.79923573345963, 1621.38957456669019, 537.181101862009858,
  117.693950891312499, 15.7449261107098347, 1,
] as const;
const farNumerator = [
  -6.58749161529837803e-4, -0.0160837851487422766, -0.125781726111229246, -0.360344899949804439, -0.305326634961232344,
  -0.0163153871373020978,
] as const;
const farDenominator = [
  0.00233520497626869185, 0.0605183413124413191, 0.527905102951428412, 1.87295284992346725, 2.56852019228982242, 1,
] as const;

const oneOverSqrtPi = 0.5641895835477562869;

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] ?? 0);
  return value;
}

/**
 * P(Z ≤ z) for the standard normal distribution, Φ(z) = ½ erfc(−z/√2), relative error below 1e-12 down to z = −37. Same bits on
 * every platform, and a few times as fast as `normalTail`.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const y = Math.abs(z) * Math.SQRT1_2;
  if (y <= 0.46875) {
    const square = y * y;
    const erf = (y * polynomial(nearNumerator, square)) / polynomial(nearDenominator, square);
    return z < 0 ? 0.5 - erf / 2 : 0.5 + erf / 2;
  }
  if (y > 27) return z < 0 ? 0 : 1;
  // e^(−z²/2) from an exact square of z's leading bits, so that the error of z² is not magnified.
  const lead = Math.trunc(z * 16) / 16;
  const decay = exponential((-lead * lead) / 2) * exponential((-(z - lead) * (z + lead)) / 2);
  let scaled: number;
  if (y <= 4) scaled = polynomial(middleNumerator, y) / polynomial(middleDenominator, y);
  else {
    const inverse = 1 / (y * y);
    const tail = (inverse * polynomial(farNumerator, inverse)) / polynomial(farDenominator, inverse);
    scaled = (oneOverSqrtPi + tail) / y;
  }
  const half = (decay * scaled) / 2;
  return z < 0 ? half : 1 - half;
}
