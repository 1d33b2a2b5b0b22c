import { optimizerNames, type OptimizerName } from "@basin/contracts";
import { input, numberAttribute } from "../../kernels/tensor-inputs";
import type { TracedKernel } from "../trace-backend";

/** Twins of kernels/optimizer-step.ts: h is the run's row of the table, w, g, a and b as there. */
const steps: Record<OptimizerName, string> = {
  sgd: "m[w1 + i] = w - mul(m[h], g);",
  momentum: "let s = mul(m[h + 2u], m[a + i]) + g; m[a1 + i] = s; m[w1 + i] = w - mul(m[h], s);",
  nesterov: "let s = mul(m[h + 2u], m[a + i]) + g; m[a1 + i] = s; m[w1 + i] = w - mul(m[h], g + mul(m[h + 2u], s));",
  adagrad: "let s = m[a + i] + mul(g, g); m[a1 + i] = s; m[w1 + i] = w - divide(mul(m[h], g), root(s) + m[h + 1u]);",
  rmsprop: `let s = mul(m[h + 2u], m[a + i]) + mul(m[h + 3u], mul(g, g)); m[a1 + i] = s;
  m[w1 + i] = w - divide(mul(m[h], g), root(s) + m[h + 1u]);`,
  adam: `let s = mul(m[h + 2u], m[a + i]) + mul(m[h + 3u], g); let v = mul(m[h + 4u], m[b + i]) + mul(m[h + 5u], mul(g, g));
  m[a1 + i] = s; m[b1 + i] = v; m[w1 + i] = w - divide(mul(m[h], s), root(mul(v, m[h + 6u])) + m[h + 1u]);`,
  "adagrad-momentum": `let s = m[a + i] + mul(g, g); m[a1 + i] = s;
  let v = mul(m[h + 2u], m[b + i]) + divide(mul(m[h], g), root(s) + m[h + 1u]); m[b1 + i] = v; m[w1 + i] = w - v;`,
};

export const optimizerStep: TracedKernel = {
  name: "BasinOptimizerStep",
  trace(trace, inputs, attributes) {
    const optimizer = optimizerNames[numberAttribute(attributes, "optimizer")] ?? "sgd";
    const h = input(inputs, "hyper");
    return Array.from({ length: numberAttribute(attributes, "count") }, (_, k) => {
      const [weight, gradient] = [input(inputs, `weight${k}`), input(inputs, `gradient${k}`)];
      const slots = { a: inputs[`a${k}`], b: inputs[`b${k}`] };
      const kept = Object.entries(slots).flatMap(([name, slot]) => (slot ? [[name, slot] as const] : []));
      const w1 = trace.output(weight.shape);
      const next = kept.map(([name, slot]) => [`${name}1`, trace.output(slot.shape)] as const);
      trace.operate({
        body: `let w = m[weight + i]; let g = m[gradient + i]; ${steps[optimizer]}`,
        items: trace.floatsOf(weight.shape),
        reads: { weight, gradient, h, ...Object.fromEntries(kept) },
        writes: { w1, ...Object.fromEntries(next) },
        pointwise: true,
      });
      return [w1, ...next.map(([, one]) => one)];
    }).flat();
  },
};
