/** Derivatives of u at (x, t) by central differences of order 4, for specs that hold a solution against its equation. */
export function differencesOf(u: (x: number, t: number) => number, x: number, t: number, h: number) {
  const along = (f: (s: number) => number) => ({
    first: (8 * (f(h) - f(-h)) - f(2 * h) + f(-2 * h)) / (12 * h),
    second: (16 * (f(h) + f(-h)) - f(2 * h) - f(-2 * h) - 30 * f(0)) / (12 * h * h),
    third: (8 * (f(-h) - f(h)) * 13 + 8 * 8 * (f(2 * h) - f(-2 * h)) + 8 * (f(-3 * h) - f(3 * h))) / (64 * h ** 3),
  });
  return { u: u(x, t), x: along((s) => u(x + s, t)), t: along((s) => u(x, t + s)) };
}
