import { activationNames, type ActivationName } from "@basin/contracts";

/**
 * Twins of `activate` of kernels/shared/activation.ts: f(x) and f′(x) of each activation, in `activated_<number>`, and of activation-derivatives.ts: f and
 * its first three derivatives, in `derivatives_<number>`.
 */
const bodies: Record<ActivationName, readonly [both: string, four: string]> = {
  linear: ["return vec2f(x, 1.0);", "return vec4f(x, 1.0, 0.0, 0.0);"],
  sigmoid: [
    "let e = power(-x); let s = divide(1.0, 1.0 + e); return vec2f(s, gate1(s, e));",
    "let e = power(-x); let s = divide(1.0, 1.0 + e); let d1 = gate1(s, e); return vec4f(s, d1, gate2(s, d1, e), gate3(d1));",
  ],
  tanh: [
    "let y = tangent(x); return vec2f(y, 1.0 - mul(y, y));",
    `let f = tangent(x); let square = mul(f, f); let d1 = 1.0 - square;
  return vec4f(f, d1, mul(mul(f, d1), -2.0), mul(d1, mul(square, 6.0) - 2.0));`,
  ],
  relu: [
    "return vec2f(pmax(x, 0.0), select(0.0, 1.0, x > 0.0));",
    "return vec4f(pmax(x, 0.0), select(0.0, 1.0, x > 0.0), 0.0, 0.0);",
  ],
  "leaky-relu": [
    "let d = select(0.01, 1.0, x > 0.0); return vec2f(mul(x, d), d);",
    "let d = select(0.01, 1.0, x > 0.0); return vec4f(mul(x, d), d, 0.0, 0.0);",
  ],
  elu: [
    "let e = expm1(pmin(x, 0.0)); let positive = x > 0.0; return vec2f(select(e, x, positive), select(e + 1.0, 1.0, positive));",
    `let positive = x > 0.0; let below = pmin(x, 0.0); let p = power(below); let d2 = select(p, 0.0, positive);
  return vec4f(select(expm1(below), x, positive), select(p, 1.0, positive), d2, d2);`,
  ],
  gelu: [
    `let near = nearMean(x); let e = gaussian(near); let s = normalDistribution(near, e);
  return vec2f(mul(pmax(x, -12.9), s), s + mul(near, normalDensity(e)));`,
    `let near = nearMean(x); let e = gaussian(near); let s = normalDistribution(near, e); let density = normalDensity(e); let square = mul(near, near);
  return vec4f(mul(pmax(x, -12.9), s), s + mul(near, density), mul(density, 2.0 - square), mul(mul(density, near), square - 4.0));`,
  ],
  "gelu-tanh": [
    `let near = nearOf(x); let bent = mul(0.044715, mul(near, near));
  let e = power(-mul(mul(1.5957691216057308, near), 1.0 + bent)); let s = divide(1.0, 1.0 + e);
  let inside = mul(1.5957691216057308, 1.0 + mul(3.0, bent));
  return vec2f(mul(pmax(x, -100.0), s), mul(s, 1.0 + mul(mul(near, inside), mul(e, s))));`,
    `let near = nearOf(x); let bent = mul(0.044715, mul(near, near));
  let e = power(-mul(mul(1.5957691216057308, near), 1.0 + bent)); let s = divide(1.0, 1.0 + e);
  let u1 = mul(1.5957691216057308, 1.0 + mul(3.0, bent)); let u3 = mul(mul(6.0, 0.044715), 1.5957691216057308); let u2 = mul(u3, near);
  let s1 = gate1(s, e); let s2 = gate2(s, s1, e);
  let g1 = mul(s1, u1); let g2 = mul(mul(s2, u1), u1) + mul(s1, u2);
  let g3 = (mul(mul(mul(gate3(s1), u1), u1), u1) + mul(mul(mul(s2, u1), u2), 3.0)) + mul(s1, u3);
  return vec4f(mul(pmax(x, -100.0), s), s + mul(near, g1), mul(g1, 2.0) + mul(near, g2), mul(g2, 3.0) + mul(near, g3));`,
  ],
  swish: [
    `let near = nearOf(x); let e = power(-x); let s = divide(1.0, 1.0 + e);
  return vec2f(mul(pmax(x, -100.0), s), mul(s, 1.0 + mul(near, mul(e, s))));`,
    `let near = nearOf(x); let e = power(-x); let s = divide(1.0, 1.0 + e); let s1 = gate1(s, e); let s2 = gate2(s, s1, e);
  return vec4f(mul(pmax(x, -100.0), s), s + mul(near, s1), mul(s1, 2.0) + mul(near, s2), mul(s2, 3.0) + mul(near, gate3(s1)));`,
  ],
  softplus: [
    "return vec2f(softened(x), logistic(x));",
    `let e = power(-x); let d1 = divide(1.0, 1.0 + e); let d2 = gate1(d1, e);
  return vec4f(softened(x), d1, d2, gate2(d1, d2, e));`,
  ],
  sine: ["return vec2f(sine(x), cosine(x));", "let f = sine(x); let d = cosine(x); return vec4f(f, d, -f, -d);"],
  cosine: ["return vec2f(cosine(x), -sine(x));", "let f = cosine(x); let d = sine(x); return vec4f(f, -d, -f, d);"],
};

export const activationMath = `
fn gate1(s: f32, e: f32) -> f32 { return mul(s, mul(e, s)); }
fn gate2(s: f32, s1: f32, e: f32) -> f32 { return mul(s1, mul(e, s) - s); }
fn gate3(s1: f32) -> f32 { return mul(s1, 1.0 - mul(6.0, s1)); }
fn nearOf(x: f32) -> f32 { return pmin(pmax(x, -100.0), 100.0); }
${activationNames
  .map(
    (name, number) => `fn activated_${number}(x: f32) -> vec2f { ${bodies[name][0]} }
fn derivatives_${number}(x: f32) -> vec4f { ${bodies[name][1]} }`,
  )
  .join("\n")}
`;
