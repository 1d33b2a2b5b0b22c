import type { PinnActivationName } from "@basin/contracts";

/** f, f′, f″ by hand, apart from what the families use. */
const functions: Record<PinnActivationName, (h: number) => [number, number, number]> = {
  tanh: (h) => [Math.tanh(h), 1 / Math.cosh(h) ** 2, (-2 * Math.sinh(h)) / Math.cosh(h) ** 3],
  sigmoid: (h) => {
    const e = Math.exp(-h);
    return [1 / (1 + e), e / (1 + e) ** 2, (e * (e - 1)) / (1 + e) ** 3];
  },
  elu: (h) => (h >= 0 ? [h, 1, 0] : [Math.expm1(h), Math.exp(h), Math.exp(h)]),
  sine: (h) => [Math.sin(h), Math.cos(h), -Math.sin(h)],
  swish: (h) => {
    const e = Math.exp(-h);
    const s = 1 / (1 + e);
    const s1 = e * s * s;
    return [h * s, s + h * s1, s1 * (2 + h * (1 - 2 * s))];
  },
};

/** A network's outputs at a point with all their derivatives to second order: [component], [coordinate][component], [i][j][component]. */
export interface DoubleJet {
  value: number[];
  first: number[][];
  second: number[][][];
}

/** In double precision, by the chain rule. `parameters`: weight [in, out] and bias of every layer. */
export function doubleJet(
  activation: PinnActivationName,
  sizes: readonly number[],
  parameters: readonly number[][],
  x: readonly number[],
): DoubleJet {
  const zeros = (): number[] => x.map(() => 0);
  let value = [...x];
  let first = x.map((_, i) => x.map((_, j) => Number(i === j)));
  let second = x.map(() => x.map(zeros));
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const weight = parameters[2 * layer] ?? [];
    const bias = parameters[2 * layer + 1] ?? [];
    const out = sizes[layer + 1] ?? 0;
    const linear = (values: number[], offset: (j: number) => number): number[] =>
      Array.from({ length: out }, (_, j) => values.reduce((all, one, i) => all + one * (weight[i * out + j] ?? 0), offset(j)));
    const h = linear(value, (j) => bias[j] ?? 0);
    const u = first.map((one) => linear(one, () => 0));
    const v = second.map((row) => row.map((one) => linear(one, () => 0)));
    if (layer + 2 === sizes.length) return { value: h, first: u, second: v };
    const f = h.map((one) => functions[activation](one));
    value = f.map(([f0]) => f0);
    first = u.map((row) => row.map((one, n) => (f[n]?.[1] ?? 0) * one));
    second = v.map((rows, i) =>
      rows.map((row, j) => row.map((one, n) => (f[n]?.[2] ?? 0) * (u[i]?.[n] ?? 0) * (u[j]?.[n] ?? 0) + (f[n]?.[1] ?? 0) * one)),
    );
  }
  return { value, first, second };
}
