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
  const { normal, scale } = distribution(initialization, fanIn, fanOut);
  const draws = new Float64Array(fanIn * fanOut);
  const stream = randomStream(seed, "init/weights", layer);
  if (normal) stream.fillNormal(draws);
  else stream.fillUniform(draws);
  const weight = Float32Array.from(draws, (draw) => gain * scale * (normal ? draw : 2 * draw - 1));
  const bias = new Float32Array(fanOut);
  if (initialization === "torch-default") {
    const biasDraws = new Float64Array(fanOut);
    randomStream(seed, "init/bias", layer).fillUniform(biasDraws);
    biasDraws.forEach((draw, i) => (bias[i] = scale * (2 * draw - 1)));
  }
  return { weight, bias };
}

/** Standard deviation of a normal, or half the width of a uniform distribution. */
export function distribution(name: InitializationName, fanIn: number, fanOut: number): { normal: boolean; scale: number } {
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
