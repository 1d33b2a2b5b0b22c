import { activationNames, type ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { normalDensity, normalDistribution } from "../testing/normal-distribution";
import { activationDerivatives } from "./activation-derivatives";
import { denseForward } from "./dense";

beforeAll(async () => {
  await openBackend("wasm");
});

type Four = readonly [f: number, first: number, second: number, third: number];

/** σ and its derivatives in double precision, each without cancellation. */
function logistic(x: number): Four {
  const e = Math.exp(-Math.abs(x));
  const s = x < 0 ? e / (1 + e) : 1 / (1 + e);
  const first = e / (1 + e) ** 2;
  return [s, first, -first * Math.tanh(x / 2), first * (1 - 6 * first)];
}

/** x·σ(u(x)) with u's derivatives; far out, where σ is 0 or 1 in double precision too, its limits. */
function gated(x: number, u: number, [u1, u2, u3]: readonly [number, number, number]): Four {
  if (Math.abs(x) > 800) return x > 0 ? [x, 1, 0, 0] : [0, 0, 0, 0];
  const [s, s1, s2, s3] = logistic(u);
  const g1 = s1 * u1;
  const g2 = s2 * u1 ** 2 + s1 * u2;
  const g3 = s3 * u1 ** 3 + 3 * s2 * u1 * u2 + s1 * u3;
  return [x * s, s + x * g1, 2 * g1 + x * g2, 3 * g2 + x * g3];
}

/** The exact functions with three derivatives in double precision; those of the left side at a kink. */
const exact: Record<ActivationName, (x: number) => Four> = {
  linear: (x) => [x, 1, 0, 0],
  sigmoid: logistic,
  tanh: (x) => {
    const t = Math.tanh(x);
    const e = Math.exp(-2 * Math.abs(x));
    const first = (4 * e) / (1 + e) ** 2;
    return [t, first, -2 * t * first, first * (6 * t * t - 2)];
  },
  relu: (x) => (x > 0 ? [x, 1, 0, 0] : [0, 0, 0, 0]),
  "leaky-relu": (x) => (x > 0 ? [x, 1, 0, 0] : [0.01 * x, 0.01, 0, 0]),
  elu: (x) => (x > 0 ? [x, 1, 0, 0] : [Math.expm1(x), Math.exp(x), Math.exp(x), Math.exp(x)]),
  gelu: (x) => {
    if (Math.abs(x) > 38) return x > 0 ? [x, 1, 0, 0] : [0, 0, 0, 0];
    const [whole, density] = [normalDistribution(x), normalDensity(x)];
    return [x * whole, whole + x * density, density * (2 - x * x), density * x * (x * x - 4)];
  },
  "gelu-tanh": (x) => {
    const c = 2 * Math.sqrt(2 / Math.PI);
    const a = 0.044715;
    return gated(x, c * (x + a * x ** 3), [c * (1 + 3 * a * x * x), 6 * a * c * x, 6 * a * c]);
  },
  swish: (x) => gated(x, x, [1, 0, 0]),
  softplus: (x) => {
    const [s, first, second] = logistic(x);
    return [Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), s, first, second];
  },
  sine: (x) => [Math.sin(x), Math.cos(x), -Math.sin(x), -Math.cos(x)],
  cosine: (x) => [Math.cos(x), -Math.sin(x), -Math.cos(x), Math.sin(x)],
};

/** Every float32 whose bits are a multiple of 160,001 (all exponents, both signs, denormals), dense places around zero, and the corners. */
const places = ((): Float32Array => {
  const swept = new Float32Array(
    Uint32Array.from({ length: Math.floor(2 ** 32 / 160_001) }, (_, i) => i * 160_001).buffer,
  ).filter(Number.isFinite);
  const dense = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 80);
  const corners = Float32Array.of(
    0,
    -0,
    1.4e-45,
    -1.4e-45,
    1.17e-38,
    -1.17e-38,
    3.4028235e38,
    -3.4028235e38,
    87,
    88,
    89,
    -87,
    -88,
    -89,
    103,
    -103,
    104,
  );
  const all = new Float32Array(swept.length + dense.length + corners.length);
  all.set(swept);
  all.set(dense, swept.length);
  all.set(corners, swept.length + dense.length);
  return all;
})();

function ulp(value: number): number {
  return 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value) || 1e-300))) - 23);
}

/** What a kernel may be off by: so many ulp (float32) of the exact value, plus an absolute part. */
type Bound = readonly [ulps: number, absolute: number];

/**
 * The bounds that libs/engine/kernels/activation-derivatives.ts states, of f, f′, f″ and f‴. The absolute parts of derivatives come from
 * places where terms cancel; 4e-36 is what is left of e^−87 times 100 far out.
 */
const bounds: Record<ActivationName, readonly [Bound, Bound, Bound, Bound]> = {
  linear: [exactly(), exactly(), exactly(), exactly()],
  sigmoid: [
    [4, 1e-37],
    [8, 1e-37],
    [8, 1e-7],
    [8, 2e-7],
  ],
  tanh: [
    [4, 0],
    [4, 4e-7],
    [4, 8e-7],
    [4, 2e-6],
  ],
  relu: [exactly(), exactly(), exactly(), exactly()],
  "leaky-relu": [[1, 0], [1, 0], exactly(), exactly()],
  elu: [
    [2, 0],
    [2, 1e-37],
    [2, 1e-37],
    [2, 1e-37],
  ],
  gelu: [
    [8, 4e-37],
    [8, 1e-7],
    [8, 1e-7],
    [8, 1e-7],
  ],
  "gelu-tanh": [
    [8, 5e-7],
    [8, 3e-7],
    [8, 5e-7],
    [8, 1e-6],
  ],
  swish: [
    [4, 4e-36],
    [8, 3e-7],
    [8, 3e-7],
    [8, 4e-7],
  ],
  softplus: [
    [4, 2e-38],
    [4, 1e-37],
    [8, 1e-37],
    [8, 1e-7],
  ],
  sine: [
    [2, 1e-6],
    [2, 1e-6],
    [2, 1e-6],
    [2, 1e-6],
  ],
  cosine: [
    [2, 1e-6],
    [2, 1e-6],
    [2, 1e-6],
    [2, 1e-6],
  ],
};

function isPeriodic(name: ActivationName): boolean {
  return name === "sine" || name === "cosine";
}

function exactly(): Bound {
  return [0, 0];
}

function derivatives(name: ActivationName, x: Float32Array): Float32Array[] {
  return tf.tidy(() => activationDerivatives(tf.tensor1d(x), name, 3).map((tensor) => tensor.dataSync<"float32">()));
}

/** x, x·Φ(x) and three derivatives, with SciPy 1.17.1: scipy.special.ndtr and scipy.stats.norm.pdf. */
const geluBySciPy: readonly (readonly [number, ...Four])[] = [
  [-12.5, -4.6657053735971423e-35, -5.831668554480156e-34, -7.242338839676663e-33, -8.93554366564645e-32],
  [-9.0, -1.015729565358449e-18, -9.138937373906642e-18, -8.121021121618445e-17, -7.123883085166559e-16],
  [-6.5, -2.610400379508407e-10, -1.695051793757263e-9, -1.0744965374420479e-8, -6.63718513345414e-8],
  [-5.0, -1.4332578593959663e-6, -7.1469460017922964e-6, -3.419454883888885e-5, -0.00015610554904710126],
  [-4.199999809265137, -5.6052190539815125e-5, -0.00023421531139429083, -0.0009218702237727128, -0.0033767326207072034],
  [-3.0, -0.00404969409489028, -0.01194564720418393, -0.031022938883566054, -0.06647772617907012],
  [-2.0, -0.04550026389635839, -0.08523180107819693, -0.10798193302637613, -0.0],
  [-1.4142135381698608, -0.11122733910042072, -0.1289041451851546, 1.0046944239884241e-8, 0.4151075187333814],
  [-1.0, -0.15865525393145707, -0.08331547058768629, 0.24197072451914337, 0.7259121735574301],
  [-0.7517915368080139, -0.16997120747990366, -5.227312110944737e-9, 0.4314939829063294, 0.7765699673039783],
  [-0.5, -0.15426876936299344, 0.13250487534383715, 0.616114321837524, 0.6601224876830615],
  [-0.10000000149011612, -0.04601721689885652, 0.42047690679817407, 0.7899355692432429, 0.15838406876800304],
  [-0.0010000000474974513, -0.0004996010814969171, 0.49920211566726114, 0.7978837629185281, 0.0015957680005740844],
  [9.999999974752427e-7, 5.000003976798997e-7, 0.5000007978845589, 0.7978845608020675, -1.5957691175756043e-6],
  [0.25, 0.14967658142073093, 0.695373354883636, 0.7491694763055206, -0.3806264274778048],
  [0.5, 0.34573123063700656, 0.8674951246561629, 0.616114321837524, -0.6601224876830615],
  [1.0, 0.8413447460685429, 1.0833154705876864, 0.24197072451914337, -0.7259121735574301],
  [1.5, 1.399789198096713, 1.1274691922299795, -0.032379398916472936, -0.33998368862296585],
  [2.0, 1.9544997361036416, 1.085231801078197, -0.10798193302637613, 0.0],
  [2.5, 2.4844758366855597, 1.037611085908145, -0.07449527709766628, 0.09859669027632303],
  [3.299999952316284, 3.298404652398412, 1.0052010540867045, -0.015313639735770107, 0.03916605377537642],
  [4.0, 3.9998733150326675, 1.0005036496612265, -0.0018736231607083952, 0.006423850836714498],
  [5.75, 5.749999974342509, 1.0000001472943119, -8.198149201091094e-7, 4.4104228222167635e-6],
  [8.0, 7.999999999999995, 1.0000000000000397, -3.1324080717928733e-13, 2.4250901200977086e-12],
  [12.5, 12.5, 1.0, -7.242338839676663e-33, 8.93554366564645e-32],
];

describe("exact gelu", () => {
  it("agrees with SciPy", () => {
    const places = Float32Array.from(geluBySciPy, ([x]) => x);
    const got = derivatives("gelu", places);
    geluBySciPy.forEach(([x, ...want], i) => {
      expect(places[i]).toBe(x);
      want.forEach((value, order) => {
        const [ulps, absolute] = bounds.gelu[order as 0 | 1 | 2 | 3];
        expect(Math.abs((got[order]?.[i] ?? NaN) - value)).toBeLessThanOrEqual(ulps * ulp(value) + absolute);
        // The reference of the sweep below is as good as SciPy.
        expect(Math.abs((exact.gelu(x)[order] ?? NaN) - value)).toBeLessThanOrEqual(4e-14 * Math.abs(value) + 1e-15);
      });
    });
  });

  it("differs from its tanh form by up to 4.7e-4, and not where either is 0 or x", () => {
    const places = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 250);
    const [own, tanhForm] = [derivatives("gelu", places)[0]!, derivatives("gelu-tanh", places)[0]!];
    const most = places.reduce((far, _, i) => Math.max(far, Math.abs(own[i]! - tanhForm[i]!)), 0);
    expect(most).toBeCloseTo(4.73e-4, 5);
    for (const i of [0, 2000, 4000]) expect(Math.abs(own[i]! - tanhForm[i]!)).toBeLessThan(1e-12);
  });
});

describe("activations and their derivatives on wasm, over the whole of float32", () => {
  it.each(activationNames)("%s keeps its bounds", (name) => {
    // The reduction of a sine's argument keeps its bound up to 10⁴; beyond, the next float32 is a thousandth of a turn away or more.
    const within = isPeriodic(name) ? places.filter((x) => Math.abs(x) <= 1e4) : places;
    const got = derivatives(name, within);
    expect(got).toHaveLength(4);
    const broken: string[] = [];
    within.forEach((x, i) => {
      const want = exact[name](x);
      bounds[name].forEach(([ulps, absolute], order) => {
        const [value, exactValue] = [got[order]?.[i] ?? NaN, want[order] ?? NaN];
        if (!(Math.abs(value - exactValue) <= ulps * ulp(exactValue) + absolute))
          broken.push(`order ${order} at ${x}: ${value}, not ${exactValue}`);
      });
    });
    expect(broken.slice(0, 5)).toEqual([]);
  });

  it.each(["sine", "cosine"] as const)("%s stays within [−1, 1] wherever its argument is finite", (name) => {
    for (const values of derivatives(name, places)) expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
  });

  it.each(activationNames)("%s at infinity and at NaN", (name) => {
    const [f, ...slopes] = derivatives(name, Float32Array.of(Infinity, -Infinity, NaN));
    if (isPeriodic(name)) {
      for (const values of [f, ...slopes]) expect([...(values ?? [])]).toEqual([NaN, NaN, NaN]);
      return;
    }
    const above = name === "sigmoid" || name === "tanh" ? 1 : Infinity;
    expect(f?.[0]).toBe(above);
    const below: Partial<Record<ActivationName, number>> = { linear: -Infinity, "leaky-relu": -Infinity, tanh: -1, elu: -1 };
    const limit = below[name] ?? 0;
    if (Number.isFinite(limit)) expect(Math.abs((f?.[1] ?? NaN) - limit)).toBeLessThanOrEqual(4e-36);
    else expect(f?.[1]).toBe(limit);
    expect(f?.[2]).toBeNaN();
    for (const values of slopes) expect([values[0], values[1]].every((value) => Number.isFinite(value))).toBe(true);
  });

  it.each(activationNames)("%s: lower orders, and a dense layer, give the same bits in body and tail", (name) => {
    // Without −0, which a layer's bias of 0 turns into 0.
    const some = places.subarray(places.length - 4017, places.length - 13).filter((x) => !Object.is(x, -0));
    const all = derivatives(name, some);
    tf.tidy(() => {
      for (const order of [0, 1, 2] as const)
        activationDerivatives(tf.tensor1d(some), name, order).forEach((tensor, i) => expect(tensor.dataSync()).toEqual(all[i]));
      for (const length of [1, 3, 5, 17]) {
        const part = activationDerivatives(tf.tensor1d(some.slice(777, 777 + length)), name, 3);
        part.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(all[i]?.slice(777, 777 + length)));
      }
      const x = tf.tensor3d(some, [1, some.length, 1]);
      const layer = denseForward(name, x, tf.ones([1, 1, 1]), tf.zeros([1, 1, 1]), true);
      expect(layer.output.dataSync()).toEqual(all[0]);
    });
  });

  it.each(activationNames)("%s agrees with its composed form", async (name) => {
    const x = Float32Array.from({ length: 401 }, (_, i) => (i - 200) / 20);
    const kernels = derivatives(name, x);
    await openBackend("cpu");
    const composed = derivatives(name, x);
    await openBackend("wasm");
    composed.forEach((values, order) => {
      values.forEach((value, i) =>
        expect(Math.abs(value - (kernels[order]?.[i] ?? NaN))).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(value))),
      );
    });
  });
});
