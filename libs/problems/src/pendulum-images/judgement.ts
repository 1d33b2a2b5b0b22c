import { sum } from "@basin/numerics";
import type { Reconstructions } from "../kinds/reconstruction";
import { bobCentroid } from "./bob-centroid";
import { noiseLevels } from "./noise";
import { bobRadius, viewOf, type FrameSetting } from "./pendulum-frames";
import { rankCorrelation } from "./rank-correlation";

/** Bounds of the criterion. */
export const bounds = { cleanMae: 0.01, rankCorrelation: 0.99, centroidError: 0.02, noiseRatio: 0.3, breakdown: 0.05 } as const;
/** The noise level at which denoising is judged. */
const judgedLevel = 0.2;

/** Classes of `breakdown`: the first noise level at which the bob is misplaced, or none. */
export const breakdownClasses = [...noiseLevels.map((level) => `p = ${level}`), "none up to p = 0.4"];

/** "Noise20" for 0.2: how the metrics of a noise level end. */
export function levelName(level: number): string {
  return `Noise${Math.round(100 * level)}`;
}

/** Figures of a trained autoencoder from its reconstructions of the frames at every noise level, the clean ones first. `angles`: θ of each frame. */
export function judgeReconstructions(
  setting: FrameSetting,
  angles: Float64Array,
  { inputs, codes, latentWidth, images }: Reconstructions,
): Record<string, number> {
  const metrics: Record<string, number> = {};
  const size = setting.frames * setting.pixels ** 2;
  const part = (all: Float32Array, k: number): Float32Array => all.subarray(k * size, (k + 1) * size);
  const clean = part(inputs, 0);
  const truth = centroids(setting, clean);
  const errors = noiseLevels.map((level, k) => {
    const mae = meanAbsolute(part(images, k), clean);
    const error = centroidError(setting, truth, centroids(setting, part(images, k)));
    metrics[level === 0 ? "cleanMae" : `mae${levelName(level)}`] = mae;
    metrics[level === 0 ? "cleanCentroidError" : `centroidError${levelName(level)}`] = error;
    if (level === judgedLevel) metrics.noiseRatio = mae / meanAbsolute(part(inputs, k), clean);
    return error;
  });
  const broken = errors.findIndex((error) => !(error <= bounds.breakdown));
  metrics.breakdown = broken < 0 ? noiseLevels.length : broken;
  const claims = [
    (metrics.cleanMae ?? Number.NaN) <= bounds.cleanMae,
    (metrics[`centroidError${levelName(judgedLevel)}`] ?? Number.NaN) <= bounds.centroidError,
    (metrics.noiseRatio ?? Number.NaN) <= bounds.noiseRatio,
  ];
  if (latentWidth === 1) {
    metrics.angleRankCorrelation = Math.abs(rankCorrelation(codes.subarray(0, setting.frames), angles));
    claims.push(metrics.angleRankCorrelation >= bounds.rankCorrelation);
  }
  metrics.claimsMet = claims.filter(Boolean).length / claims.length;
  return metrics;
}

function meanAbsolute(a: Float32Array, b: Float32Array): number {
  const distances = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) distances[i] = Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN));
  return sum(distances) / a.length;
}

function centroids(setting: FrameSetting, images: Float32Array): ReturnType<typeof bobCentroid>[] {
  const { pixels, frames, amplitudeDegrees } = setting;
  const radius = (bobRadius / viewOf(amplitudeDegrees).side) * pixels;
  const size = pixels ** 2;
  return Array.from({ length: frames }, (_, i) => bobCentroid(images.subarray(i * size, (i + 1) * size), pixels, radius));
}

/** Mean distance of the bobs as a share of the image's width; a frame without a bob counts as the whole width. */
function centroidError(
  { pixels }: FrameSetting,
  truth: readonly ReturnType<typeof bobCentroid>[],
  found: readonly ReturnType<typeof bobCentroid>[],
): number {
  const distances = truth.map((want, i) => {
    const got = found[i];
    return want && got ? Math.sqrt((want.row - got.row) ** 2 + (want.column - got.column) ** 2) / pixels : 1;
  });
  return sum(distances) / distances.length;
}
