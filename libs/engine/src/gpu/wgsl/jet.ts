import { activationNames } from "@basin/contracts";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { jetLayers, type JetLayers } from "../../kernels/jet-layers";
import { flagAttribute, input, listAttribute } from "../../kernels/tensor-inputs";
import type { JetActivation } from "../../ops/jet";
import type { TraceBackend, TracedKernel } from "../trace-backend";
import { summedRows } from "./dense";

/** f″ and f‴ from f, for swish from x in its place, and f′: twins of kernels/shared/jet-activation.ts. */
const curves: Record<JetActivation, readonly [second: string, third: string]> = {
  tanh: ["mul(mul(f, d), -2.0)", "mul(d, 4.0 - mul(d, 6.0))"],
  sigmoid: ["mul(d, 1.0 - mul(f, 2.0))", "mul(d, 1.0 - mul(d, 6.0))"],
  elu: ["mul(d, select(0.0, 1.0, f < 0.0))", "mul(d, select(0.0, 1.0, f < 0.0))"],
  sine: ["-f", "-d"],
  swish: ["all.z", "all.w"],
};

/** Lines of WGSL for f2 and f3 of the numbers f and d. */
function curveLines(activation: number): string {
  const name = activationNames[activation] ?? "tanh";
  const [second, third] = curves[name as JetActivation];
  return `${name === "swish" ? `let all = derivatives_${activation}(f); ` : ""}let f2 = ${second}; let f3 = ${third};`;
}

/** What a hidden layer leaves for the backward pass, by stream. */
interface HiddenLayer {
  outputs: TensorInfo[];
  slope: TensorInfo;
  /** What enters the activation; of the values only where f″ needs it. */
  before: (TensorInfo | null)[];
}

function named(prefix: string, tensors: readonly (TensorInfo | null)[]): Record<string, TensorInfo> {
  return Object.fromEntries(tensors.flatMap((one, s) => (one ? [[`${prefix}${s}`, one] as const] : [])));
}

/** Products of one layer, of all streams in one operation: row · column of the weights, from the bias for the values. */
function dots(streams: readonly number[]): string {
  const starts = streams.map((s) => `var h${s} = ${s === 0 ? "m[bias + column]" : "0.0"};`).join(" ");
  const sums = streams.map((s) => `h${s} = mad(m[x${s} + row * k + p], w, h${s});`).join(" ");
  return `let row = i / n; let column = i % n; ${starts}
  for (var p = 0u; p < k; p++) { let w = m[weight + p * n + column]; ${sums} }`;
}

function hiddenLayer(
  trace: TraceBackend,
  { activation, firsts, pairs, m, jet, keepsInputs }: JetLayers,
  { weight, bias, k, n }: JetLayers["layers"][number],
  inputs: readonly TensorInfo[],
): HiddenLayer {
  const make = (): TensorInfo => trace.output([trace.runs, m, n]);
  const layer: HiddenLayer = {
    outputs: jet.map(make),
    slope: make(),
    before: jet.map((_, s) => (s > 0 || keepsInputs ? make() : null)),
  };
  const rates = Array.from({ length: firsts }, (_, i) => `m[y${i + 1} + i] = mul(d, h${i + 1});`);
  const bends = pairs.map(([a, b], p) => {
    const s = 1 + firsts + p;
    return `m[y${s} + i] = mul(mul(f2, h${a}), h${b}) + mul(d, h${s});`;
  });
  const kept = layer.before.flatMap((one, s) => (one ? [`m[z${s} + i] = h${s};`] : []));
  trace.operate({
    body: `${dots(jet.map((_, s) => s))}
  let both = activated_${activation}(h0); let d = both.y; let f = ${keepsInputs ? "h0" : "both.x"};
  m[y0 + i] = both.x; m[slope + i] = d; ${kept.join(" ")}
  ${rates.join(" ")} ${pairs.length > 0 ? curveLines(activation) : ""} ${bends.join(" ")}`,
    items: m * n,
    reads: { weight, bias, ...named("x", inputs) },
    writes: { slope: layer.slope, ...named("y", layer.outputs), ...named("z", layer.before) },
    sizes: { k, n },
  });
  return layer;
}

/** Twin of kernels/jet-forward.ts. */
export const jetForward: TracedKernel = {
  name: "BasinJetForward",
  trace(trace, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { layers, jet, m } = network;
    const hidden: HiddenLayer[] = [];
    let values: readonly TensorInfo[] = jet;
    for (const layer of layers.slice(0, -1)) {
      const made = hiddenLayer(trace, network, layer, values);
      hidden.push(made);
      values = made.outputs;
    }
    const wanted = listAttribute(attributes, "wanted");
    const last = layers.at(-1);
    if (!last) throw new RangeError("A jet goes through at least one layer.");
    const { weight, bias, k, n } = last;
    const streams = jet.flatMap((_, s) => (wanted[s] ? [s] : []));
    const outputs = jet.map((_, s) => (wanted[s] ? trace.output([trace.runs, m, n]) : null));
    trace.operate({
      body: `${dots(streams)} ${streams.map((s) => `m[y${s} + i] = h${s};`).join(" ")}`,
      items: m * n,
      reads: {
        weight,
        bias,
        ...named(
          "x",
          values.map((one, s) => (wanted[s] ? one : null)),
        ),
      },
      writes: named("y", outputs),
      sizes: { k, n },
    });
    const record = trace.output([trace.runs, 1]);
    trace.notes.set(record.dataId, hidden);
    return [...outputs.flatMap((one) => one ?? []), record];
  },
};

/** The gradients by what enters a hidden layer's activations, from those by what leaves them; null where none flows. */
function bentBack(
  trace: TraceBackend,
  { activation, firsts, pairs, m, jet, keepsInputs }: JetLayers,
  { outputs, slope, before }: HiddenLayer,
  n: number,
  gradients: readonly (TensorInfo | null)[],
): (TensorInfo | null)[] {
  const flows = (s: number): boolean => gradients[s] !== null && gradients[s] !== undefined;
  const secondOf = pairs.map((pair, p) => ({ s: 1 + firsts + p, pair })).filter(({ s }) => flows(s));
  const reached = jet.map((_, s) => s === 0 || flows(s) || secondOf.some(({ pair }) => pair.includes(s)));
  const to = reached.map((is) => (is ? trace.output([trace.runs, m, n]) : null));
  const sums = new Map<number, string>();
  const add = (s: number, flow: string): void => {
    const sum = sums.get(s);
    sums.set(s, sum === undefined ? flow : `(${sum} + ${flow})`);
  };
  const used = new Set<number>();
  const use = (s: number): string => {
    used.add(s);
    return `z${s}`;
  };
  if (flows(0)) add(0, "mul(d, g0)");
  for (let s = 1; s <= firsts; s++)
    if (flows(s)) {
      add(s, `mul(d, g${s})`);
      add(0, `mul(mul(f2, ${use(s)}), g${s})`);
    }
  for (const {
    s,
    pair: [a, b],
  } of secondOf) {
    add(s, `mul(d, g${s})`);
    add(0, `mul(mul(f3, mul(${use(a)}, ${use(b)})) + mul(f2, ${use(s)}), g${s})`);
    const rate = `mul(mul(f2, z${b}), g${s})`;
    add(a, a === b ? `mul(${rate}, 2.0)` : rate);
    if (a !== b) add(b, `mul(mul(f2, z${a}), g${s})`);
  }
  const value = keepsInputs ? before[0] : outputs[0];
  if (!value) throw new Error("a layer without its values");
  const loads = [
    ...jet.flatMap((_, s) => (flows(s) ? [`let g${s} = m[q${s} + i];`] : [])),
    ...[...used].map((s) => `let z${s} = m[b${s} + i];`),
  ];
  trace.operate({
    body: `let f = m[value + i]; let d = m[slope + i]; ${used.size > 0 ? curveLines(activation) : ""}
  ${loads.join(" ")}
  ${[...sums].map(([s, sum]) => `m[t${s} + i] = ${sum};`).join(" ")}`,
    items: m * n,
    reads: {
      value,
      slope,
      ...named(
        "q",
        jet.map((_, s) => gradients[s] ?? null),
      ),
      ...named(
        "b",
        before.map((one, s) => (used.has(s) ? one : null)),
      ),
    },
    writes: named(
      "t",
      to.map((one, s) => (sums.has(s) ? one : null)),
    ),
    pointwise: true,
  });
  return to.map((one, s) => (sums.has(s) ? one : null));
}

/** The gradients of a layer's weight and bias: sums over the samples, stream by stream. */
function ofParameters(
  trace: TraceBackend,
  { m }: JetLayers,
  { weight, bias, k, n }: JetLayers["layers"][number],
  inputs: readonly TensorInfo[],
  gradients: readonly (TensorInfo | null)[],
): [TensorInfo, TensorInfo] {
  const [dWeight, dBias] = [trace.output(weight.shape), trace.output(bias.shape)];
  const streams = gradients.flatMap((one, s) => (one ? [s] : []));
  if (gradients[0]) summedRows(trace, gradients[0], dBias, m, n);
  else trace.operate({ body: "m[out + i] = 0.0;", items: n, writes: { out: dBias } });
  const starts = streams.map((s) => `var w${s} = 0.0;`).join(" ");
  const sums = streams.map((s) => `w${s} = mad(m[x${s} + p * k + row], m[g${s} + p * n + column], w${s});`).join(" ");
  trace.operate({
    body: `let row = i / n; let column = i % n; ${starts}
  for (var p = 0u; p < rows; p++) { ${sums} }
  m[out + i] = ${streams.length === 0 ? "0.0" : streams.map((s) => `w${s}`).reduce((sum, one) => `(${sum} + ${one})`)};`,
    items: k * n,
    reads: {
      ...named(
        "x",
        inputs.map((one, s) => (gradients[s] ? one : null)),
      ),
      ...named("g", gradients),
    },
    writes: { out: dWeight },
    sizes: { rows: m, k, n },
  });
  return [dWeight, dBias];
}

/** d·Wᵀ of every stream that flows. */
function ofInputs(
  trace: TraceBackend,
  { m }: JetLayers,
  { weight, k, n }: JetLayers["layers"][number],
  gradients: readonly (TensorInfo | null)[],
): (TensorInfo | null)[] {
  const streams = gradients.flatMap((one, s) => (one ? [s] : []));
  const to = gradients.map((one) => (one ? trace.output([trace.runs, m, k]) : null));
  if (streams.length === 0) return to;
  trace.operate({
    body: `let row = i / k; let column = i % k; ${streams.map((s) => `var u${s} = 0.0;`).join(" ")}
  for (var p = 0u; p < n; p++) { let w = m[weight + column * n + p]; ${streams.map((s) => `u${s} = mad(m[g${s} + row * n + p], w, u${s});`).join(" ")} }
  ${streams.map((s) => `m[t${s} + i] = u${s};`).join(" ")}`,
    items: m * k,
    reads: { weight, ...named("g", gradients) },
    writes: named("t", to),
    sizes: { k, n },
  });
  return to;
}

/** Twin of kernels/jet-backward.ts. */
export const jetBackward: TracedKernel = {
  name: "BasinJetBackward",
  trace(trace, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { layers, jet } = network;
    const hidden = trace.notes.get(input(inputs, "trace").dataId) as readonly HiddenLayer[];
    const wantInput = flagAttribute(attributes, "wantInput");
    const parameters: TensorInfo[] = [];
    let gradients: (TensorInfo | null)[] = jet.map((_, s) => inputs[`g${s}`] ?? null);
    for (const [index, layer] of [...layers.entries()].toReversed()) {
      const own = hidden[index];
      if (own && gradients.some((one) => one !== null)) gradients = bentBack(trace, network, own, layer.n, gradients);
      parameters.unshift(...ofParameters(trace, network, layer, hidden[index - 1]?.outputs ?? jet, gradients));
      if (index > 0 || wantInput) gradients = ofInputs(trace, network, layer, gradients);
    }
    return [...parameters, ...(wantInput ? gradients.flatMap((one) => one ?? []) : [])];
  },
};
