import { axes3, flagAttribute, input, numberAttribute } from "../../kernels/tensor-inputs";
import { fusedLosses, type FusedLoss } from "../../ops/loss";
import type { TracedKernel } from "../trace-backend";

/** Twins of kernels/loss-gradient.ts: the gradient at float i, and the sum that is divided, whose pairs of floats stand for its doubles. */
const elementwise: Record<Exclude<FusedLoss, "cce-of-logits">, { slope: string; sum: string; factor: number }> = {
  mse: {
    factor: 2,
    slope: "mul(factor, m[z + i] - m[t + i])",
    sum: "let e = m[z + p] - m[t + p]; sum = addPair(sum, product(e, e));",
  },
  mae: {
    factor: 1,
    slope: "select(select(mul(factor, e), -factor, e < 0.0), factor, e > 0.0)",
    sum: "sum = addTo(sum, abs(m[z + p] - m[t + p]));",
  },
  "bce-of-logits": {
    factor: 1,
    slope: "mul(factor, logistic(m[z + i]) - m[t + i])",
    sum: `let x = m[z + p]; let tail = logarithmOfOneAnd(power(-abs(x)));
    sum = addPair(sum, addTo(addPair(vec2f(max(x, 0.0), 0.0), -product(x, m[t + p])), tail));`,
  },
};

/** e^(z − greatest) of each class, their sum, and its logarithm; all in pairs of floats as the kernel has doubles. */
const classes = `
  let begin = i * width; var top = m[z + begin];
  for (var j = 1u; j < width; j++) { top = max(top, m[z + begin + j]); }
  var total = vec2f(0.0);
  for (var j = 0u; j < width; j++) { total = addTo(total, power(m[z + begin + j] - top)); }
  var mass = vec2f(0.0);
  for (var j = 0u; j < width; j++) { mass = addTo(mass, m[t + begin + j]); }`;

export const lossGradient: TracedKernel = {
  name: "BasinLossGradient",
  trace(trace, inputs, attributes) {
    const [z, t, scale] = [input(inputs, "z"), input(inputs, "targets"), inputs["scale"]];
    const [, samples, width] = axes3(z);
    const loss = fusedLosses[numberAttribute(attributes, "loss")] ?? "mse";
    const losses = trace.output([trace.runs]);
    const gradient = flagAttribute(attributes, "gradient") ? trace.output([trace.runs, samples, width]) : null;
    const scaled = (slope: string): string => (scale ? `mul(${slope}, m[scale])` : slope);
    const reads = { z, t, ...(scale && { scale }) };
    const count = samples * width;
    if (loss === "cce-of-logits") {
      const each = trace.output([trace.runs, samples, 2]);
      const slopes = `
  for (var j = 0u; j < width; j++) {
    let p = quotient(vec2f(power(m[z + begin + j] - top), 0.0), total);
    let slope = mul(m[factor], rounded(addTo(productOfPairs(p, mass), -m[t + begin + j])));
    m[gradient + begin + j] = ${scaled("slope")};
  }`;
      const factor = trace.constant([1], Float32Array.of(1 / samples));
      trace.operate({
        body: `${classes}
  let normalizer = logarithm(total); var sum = vec2f(0.0);
  for (var j = 0u; j < width; j++) {
    sum = addPair(sum, productOfPairs(vec2f(m[t + begin + j], 0.0), addTo(normalizer, -(m[z + begin + j] - top))));
  }
  m[each + 2u * i] = sum.x; m[each + 2u * i + 1u] = sum.y;${gradient ? slopes : ""}`,
        items: samples,
        reads: { ...reads, factor: trace.shared(factor) },
        writes: { each, ...(gradient && { gradient }) },
        sizes: { width },
      });
      trace.operate({
        body: `var sum = vec2f(0.0);
  for (var p = 0u; p < samples; p++) { sum = addPair(sum, vec2f(m[each + 2u * p], m[each + 2u * p + 1u])); }
  m[losses] = rounded(quotient(sum, vec2f(f32(samples), 0.0)));`,
        items: 1,
        reads: { each },
        writes: { losses },
        sizes: { samples },
      });
      return gradient ? [losses, gradient] : [losses];
    }
    const { factor: times, slope, sum } = elementwise[loss];
    if (gradient) {
      const factor = trace.constant([1], Float32Array.of(times / count));
      trace.operate({
        body: `let factor = m[share]; let e = m[z + i] - m[t + i]; m[gradient + i] = ${scaled(slope)};`,
        items: count,
        reads: { ...reads, share: trace.shared(factor) },
        writes: { gradient },
      });
    }
    trace.operate({
      body: `var sum = vec2f(0.0); for (var p = 0u; p < count; p++) { ${sum} }
  m[losses] = rounded(quotient(sum, vec2f(f32(count), 0.0)));`,
      items: 1,
      reads: { z, t },
      writes: { losses },
      sizes: { count },
    });
    return gradient ? [losses, gradient] : [losses];
  },
};

/** Twin of `logarithm` of kernels/shared/vector-math.ts, of a pair that is at least 1. */
export const logarithmOfPairs = `
fn logarithm(x: vec2f) -> vec2f {
  var exponent = i32(bitcast<u32>(x.x) >> 23u) - 127;
  let unit = bitcast<f32>(u32(127 - exponent) << 23u);
  var f = x * unit;
  if (f.x > 1.4142135623730951) { f = f * 0.5; exponent = exponent + 1; }
  let s = quotient(addTo(f, -1.0), addTo(f, 1.0));
  let t = productOfPairs(s, s);
  var q = quotient(vec2f(2.0, 0.0), vec2f(15.0, 0.0));
  for (var d = 13u; d >= 3u; d = d - 2u) { q = addPair(productOfPairs(q, t), quotient(vec2f(2.0, 0.0), vec2f(f32(d), 0.0))); }
  let ln2 = vec2f(0.693147182464599609375, -1.904654323148236017e-9);
  let whole = productOfPairs(vec2f(f32(exponent), 0.0), ln2);
  return addPair(whole, addPair(s * 2.0, productOfPairs(s, productOfPairs(t, q))));
}
fn naturalLogarithm(x: f32) -> f32 {
  if (x > 0.0) { return select(rounded(logarithm(vec2f(x, 0.0))), x, x > 3.4e38); }
  return select(bitcast<f32>(pack.infinity | 0x400000u), bitcast<f32>(pack.infinity | 0x80000000u), x == 0.0);
}
`;
