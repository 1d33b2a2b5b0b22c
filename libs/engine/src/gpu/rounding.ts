/**
 * How products and sums are rounded on a GPU: `driver` leaves it to its compiler, `fused` asks for one rounding of both, and `apart` for the two that
 * wasm has.
 */
export const roundings = ["driver", "fused", "apart"] as const;
export type Rounding = (typeof roundings)[number];

/** Reads BASIN_ROUNDING. Throws with the choices on any other word. */
export function parseRounding(text: string | undefined): Rounding {
  const rounding = roundings.find((name) => name === ((text === "" ? undefined : text) ?? "apart"));
  if (!rounding) throw new Error(`There is no rounding "${text ?? ""}" (BASIN_ROUNDING): choose one of ${roundings.join(", ")}.`);
  return rounding;
}

/**
 * The arithmetic that kernels are written in. Apart, a product is a fused sum with a −0 that the compiler does not know, so that there is nothing left to
 * fuse or to simplify; quotients and roots are corrected by fused operations to the nearest float (P. Markstein, IBM J. Res. Dev. 34 (1990)) where
 * `pack.fused` says that the device fuses, and left to the device where it does not.
 */
export function arithmetic(rounding: Rounding): string {
  if (rounding !== "apart") {
    const mad = rounding === "fused" ? "fma(a, b, c)" : "a * b + c";
    return `
fn mul(a: f32, b: f32) -> f32 { return a * b; }
fn mad(a: f32, b: f32, c: f32) -> f32 { return ${mad}; }
fn divide(a: f32, b: f32) -> f32 { return a / b; }
fn root(x: f32) -> f32 { return sqrt(x); }
`;
  }
  return `
fn mul(a: f32, b: f32) -> f32 { return fma(a, b, pack.minusZero); }
fn mad(a: f32, b: f32, c: f32) -> f32 { return fma(a, b, pack.minusZero) + c; }
fn divide(a: f32, b: f32) -> f32 {
  let q = a / b;
  if (pack.fused == 0u || !(abs(q) < 1e30) || !(abs(q) > 1e-30)) { return q; }
  let y = 1.0 / b;
  return fma(fma(-b, q, a), y, q);
}
fn root(x: f32) -> f32 {
  let s = sqrt(x);
  if (pack.fused == 0u || !(x > 1e-30) || !(x < 1e30)) { return s; }
  return fma(fma(-s, s, x), 0.5 / s, s);
}
`;
}
