import { constants } from "./shared/constant-table";
import { exp, log1p, logarithm, sigmoid } from "./shared/vector-math";

const MSE = 0;
const MAE = 1;
const BCE_OF_LOGITS = 2;
const CCE_OF_LOGITS = 3;

/**
 * losses[r] = mean loss of run r, gradient[r] = ∂losses[r]/∂z[r] (skipped when 0); z, t and gradient [runs, samples, width].
 * mse, mae: mean over samples and components. bce: z is the logit, max(z,0) − z·t + log1p(e^−|z|), mean likewise.
 * cce: z are logits, Σ_j t_j·(log Σ_k e^z_k − z_j), mean over samples. Sums run in float64, in an order that depends on the size alone.
 * The derivative of |z − t| at 0 is taken as 0. `scales` [runs]: what each run's gradient is multiplied by (0: not at all).
 */
export function lossGradient(
  kind: i32,
  z: usize,
  t: usize,
  gradient: usize,
  losses: usize,
  runs: i32,
  samples: i32,
  width: i32,
  scales: usize,
): void {
  const count = samples * width;
  for (let r = 0; r < runs; r++) {
    let mean: f64 = 0;
    switch (kind) {
      case MSE:
        mean = squared(z, t, gradient, count) / <f64>count;
        break;
      case MAE:
        mean = absolute(z, t, gradient, count) / <f64>count;
        break;
      case BCE_OF_LOGITS:
        mean = binary(z, t, gradient, count) / <f64>count;
        break;
      case CCE_OF_LOGITS:
        mean = categorical(z, t, gradient, samples, width) / <f64>samples;
        break;
      default:
        unreachable();
    }
    store<f32>(losses, <f32>mean);
    losses += 4;
    z += <usize>count << 2;
    t += <usize>count << 2;
    if (!gradient) continue;
    if (scales) scaleEach(gradient, load<f32>(scales + (<usize>r << 2)), count);
    gradient += <usize>count << 2;
  }
}

function scaleEach(values: usize, factor: f32, count: i32): void {
  const factors = f32x4.splat(factor);
  const end = values + (<usize>count << 2);
  for (; values + 16 <= end; values += 16) v128.store(values, f32x4.mul(v128.load(values), factors));
  for (; values < end; values += 4) store<f32>(values, load<f32>(values) * factor);
}

/** Σ(z − t)² in four sums, of every fourth element each, and what is left over behind them: ((s₀ + s₂) + (s₁ + s₃)) + rest. */
function squared(z: usize, t: usize, gradient: usize, count: i32): f64 {
  const factor = <f32>(2.0 / <f64>count);
  const factors = f32x4.splat(factor);
  const body = <usize>(count & ~3) << 2;
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i: usize = 0;
  for (; i < body; i += 16) {
    const e = f32x4.sub(v128.load(z + i), v128.load(t + i));
    const low = f64x2.promote_low_f32x4(e);
    const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(e, e, 1, 1));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
    if (gradient) v128.store(gradient + i, f32x4.mul(factors, e));
  }
  const pairs = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  for (; i < <usize>count << 2; i += 4) {
    const e = load<f32>(z + i) - load<f32>(t + i);
    sum += <f64>e * <f64>e;
    if (gradient) store<f32>(gradient + i, factor * e);
  }
  return sum;
}

function absolute(z: usize, t: usize, gradient: usize, count: i32): f64 {
  const factor = <f32>(1.0 / <f64>count);
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const e = load<f32>(z + i) - load<f32>(t + i);
    sum += abs<f64>(<f64>e);
    if (gradient) store<f32>(gradient + i, e > 0 ? factor : e < 0 ? -factor : factor * e);
  }
  return sum;
}

function binary(z: usize, t: usize, gradient: usize, count: i32): f64 {
  const factor = <f32>(1.0 / <f64>count);
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const x = load<f32>(z + i);
    const target = load<f32>(t + i);
    const tail = f32x4.extract_lane(log1p(exp(f32x4.splat(-abs<f32>(x)), constants()), constants()), 0);
    sum += <f64>max<f32>(x, 0) - <f64>x * <f64>target + <f64>tail;
    if (gradient) store<f32>(gradient + i, factor * (f32x4.extract_lane(sigmoid(f32x4.splat(x), constants()), 0) - target));
  }
  return sum;
}

function categorical(z: usize, t: usize, gradient: usize, samples: i32, width: i32): f64 {
  const row = <usize>width << 2;
  const factor = <f32>(1.0 / <f64>samples);
  let sum: f64 = 0;
  for (let i = 0; i < samples; i++) {
    let top = load<f32>(z);
    for (let j: usize = 4; j < row; j += 4) top = max<f32>(top, load<f32>(z + j));
    let total: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) total += <f64>exponential(load<f32>(z + j) - top);
    const normalizer = logarithm(total);
    let mass: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) {
      const target = <f64>load<f32>(t + j);
      mass += target;
      sum += target * (normalizer - <f64>(load<f32>(z + j) - top));
    }
    if (gradient) {
      for (let j: usize = 0; j < row; j += 4) {
        const p = <f64>exponential(load<f32>(z + j) - top) / total;
        store<f32>(gradient + j, factor * <f32>(p * mass - <f64>load<f32>(t + j)));
      }
      gradient += row;
    }
    z += row;
    t += row;
  }
  return sum;
}

function exponential(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x), constants()), 0);
}
