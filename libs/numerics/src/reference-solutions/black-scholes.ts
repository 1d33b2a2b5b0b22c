import { exponential, logarithm } from "../elementary";
import { normalTail } from "../normal-tail";
import { requirePositive } from "../require-positive";

export interface CallOption {
  strike: number;
  /** Years from t = 0 to expiry. */
  maturity: number;
  /** Interest without risk, per year, continuously compounded. */
  rate: number;
  /** Standard deviation of the logarithmic return of a year. */
  volatility: number;
}

/**
 * A European call on a share without dividends: V_t + ½σ²S²V_SS + rSV_S − rV = 0, V(S, T) = max(S − K, 0), at price S ≥ 0 and time t ≤ T
 * (F. Black, M. Scholes, J. Political Economy 81 (1973)). `delta` is V_S. Error below 1e-12 of the larger of S and K.
 */
export function blackScholesCall({ strike, maturity, rate, volatility }: CallOption): {
  value: (price: number, t: number) => number;
  delta: (price: number, t: number) => number;
} {
  requirePositive("the strike", strike);
  requirePositive("the volatility", volatility);
  const at = (price: number, t: number): { value: number; delta: number } => {
    const left = maturity - t;
    if (!(left >= 0) || !(price >= 0)) return { value: Number.NaN, delta: Number.NaN };
    const owed = strike * exponential(-rate * left);
    if (price === 0) return { value: 0, delta: 0 };
    const spread = volatility * Math.sqrt(left);
    if (spread === 0) return { value: Math.max(price - owed, 0), delta: price > owed ? 1 : price === owed ? 0.5 : 0 };
    const d1 = (logarithm(price / strike) + rate * left) / spread + spread / 2;
    const delta = normalTail(-d1);
    return { value: price * delta - owed * normalTail(spread - d1), delta };
  };
  return { value: (price, t) => at(price, t).value, delta: (price, t) => at(price, t).delta };
}
