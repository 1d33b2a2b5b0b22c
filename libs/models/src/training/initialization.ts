import type { InitializationName } from "@basin/contracts";
import { randomStream } from "@basin/numerics";

export interface LayerValues {
  /** Row-major [in, out]. */
  weight: Float32Array;
  /** [out]. */
  bias: Float32Array;
}

/**
 * Initial values of layer `layer` (0 is the first) for one run, from the streams (seed, "init/weights" and "init/bias", layer).
 * normal N(0,1), uniform U(−1,1), near-zero N(0, 0.01²); Glorot and Bengio 2010: variance 2/(in+out); He et al. 2015: 2/in; LeCun
 * et al. 1998: 1/in; torch-default: U(±1/√in), as torch.nn.Linear. The gain multiplies the weights. Biases start at 0, with
 * torch-default at U(±1/√in).
 */
export function initialLayer(
  initialization: InitializationName,
  gain: number,
  seed: number,
  layer: number,
  fanIn: number,
  fanOut: number,
): LayerValues {
  return initialDraws(initialization, gain, seed, layer, { fanIn, fanOut, weights: fanIn * fanOut, biases: fanOut });
}

/** What a layer's draws depend on; a window's fans count its places. */
export interface LayerSizes {
  fanIn: number;
  fanOut: number;
  weights: number;
  biases: number;
}

/** The same for a layer of any kind. */
export function initialDraws(
  initialization: InitializationName,
  gain: number,
  seed: number,
  layer: number,
  sizes: LayerSizes,
): LayerValues {
  const { normal, scale } = distribution(initialization, sizes.fanIn, sizes.fanOut);
  const draws = new Float64Array(sizes.weights);
  const stream = randomStream(seed, "init/weights", layer);
  if (normal) stream.fillNormal(draws);
  else stream.fillUniform(draws);
  const weight = new Float32Array(sizes.weights);
  for (let i = 0; i < draws.length; i++) {
    const draw = draws[i] ?? 0;
    weight[i] = gain * scale * (normal ? draw : 2 * draw - 1);
  }
  const bias = new Float32Array(sizes.biases);
  if (initialization === "torch-default") {
    const biasDraws = new Float64Array(sizes.biases);
    randomStream(seed, "init/bias", layer).fillUniform(biasDraws);
    biasDraws.forEach((draw, i) => (bias[i] = scale * (2 * draw - 1)));
  }
  return { weight, bias };
}

/** Standard deviation of a normal, or half the width of a uniform distribution. */
function distribution(name: InitializationName, fanIn: number, fanOut: number): { normal: boolean; scale: number } {
  switch (name) {
    case "normal":
      return { normal: true, scale: 1 };
    case "uniform":
      return { normal: false, scale: 1 };
    case "near-zero":
      return { normal: true, scale: 0.01 };
    case "glorot-uniform":
      return { normal: false, scale: Math.sqrt(6 / (fanIn + fanOut)) };
    case "glorot-normal":
      return { normal: true, scale: Math.sqrt(2 / (fanIn + fanOut)) };
    case "he-uniform":
      return { normal: false, scale: Math.sqrt(6 / fanIn) };
    case "he-normal":
      return { normal: true, scale: Math.sqrt(2 / fanIn) };
    case "lecun-uniform":
      return { normal: false, scale: Math.sqrt(3 / fanIn) };
    case "lecun-normal":
      return { normal: true, scale: Math.sqrt(1 / fanIn) };
    case "torch-default":
      return { normal: false, scale: 1 / Math.sqrt(fanIn) };
  }
}
