import { randomStream } from "@basin/numerics";

/** Probabilities with which a pixel is replaced by U(0,1) when a trained network is judged. */
export const noiseLevels = [0, 0.1, 0.2, 0.3, 0.4] as const;

/**
 * The images at every noise level, one level after the other, the clean ones first. A pixel that is replaced at one level is replaced at
 * every higher one too, by the same value.
 */
export function atEveryNoiseLevel(images: Float32Array, seed: number): Float32Array {
  const chance = new Float32Array(images.length);
  const values = new Float32Array(images.length);
  randomStream(seed, "pendulum-images/noise-chance").fillUniform(chance);
  randomStream(seed, "pendulum-images/noise-values").fillUniform(values);
  const out = new Float32Array(noiseLevels.length * images.length);
  noiseLevels.forEach((level, k) => {
    const start = k * images.length;
    for (let i = 0; i < images.length; i++) out[start + i] = ((chance[i] ?? 1) < level ? values[i] : images[i]) ?? 0;
  });
  return out;
}
