import type { PlotDataInput } from "@basin/contracts";
import { imageBytes } from "../kinds/image-bytes";
import type { Reconstructions } from "../kinds/reconstruction";
import type { PlotsById } from "../kinds/plots-by-id";
import { noiseLevels } from "./noise";
import type { FrameSetting, PendulumFrames } from "./pendulum-frames";

/** Frames that a picture shows, evenly over time. */
const shownFrames = 10;

/** The plots of B5 that make sense for the latent width; images are those of every noise level, the clean ones first. */
export function pendulumFigures(
  setting: FrameSetting,
  frames: Pick<PendulumFrames, "angles" | "times">,
  outcome: Reconstructions,
  linear: Float32Array | null = null,
): PlotsById {
  const plots: Record<string, PlotDataInput> = {
    reconstructions: imageRows(setting, frames.times, "Original and reconstruction", [
      { name: "original", images: outcome.inputs, first: 0 },
      { name: "reconstructed", images: outcome.images, first: 0 },
      ...(linear ? [{ name: "principal components", images: linear, first: 0 }] : []),
    ]),
    denoising: imageRows(
      setting,
      frames.times,
      "Noisy and reconstructed",
      noiseLevels.slice(1).flatMap((level, i) => [
        { name: `p = ${level}`, images: outcome.inputs, first: (i + 1) * setting.frames },
        { name: `reconstructed from p = ${level}`, images: outcome.images, first: (i + 1) * setting.frames },
      ]),
    ),
  };
  if (outcome.latentWidth === 0) return plots;
  const code = (k: number): number[] =>
    Array.from(frames.times, (_, i) => outcome.codes[i * outcome.latentWidth + k] ?? Number.NaN);
  const times = [...frames.times];
  const time = { label: "t", unit: "s" };
  if (outcome.latentWidth === 1) {
    plots["latent-angle"] = {
      kind: "scatter",
      title: "Latent value against angle",
      caption: "One curve traced there and back: the latent value is a function of the angle alone.",
      x: { label: "θ", unit: "rad" },
      y: { label: "z" },
      color: time,
      series: [{ name: "frames", x: [...frames.angles], y: code(0), color: times }],
    };
    return plots;
  }
  plots["latent-plane"] = {
    kind: "scatter",
    title: "Latent plane",
    caption: "Coloured by time, frames in their order: out-swing and back-swing lie on the same curve.",
    x: { label: "z₁" },
    y: { label: "z₂" },
    color: time,
    series: [{ name: "frames", x: code(0), y: code(1), color: times }],
  };
  plots["latent-time"] = {
    kind: "scatter",
    title: "Latent values in time",
    x: { label: "z₁" },
    y: { label: "z₂" },
    z: time,
    color: time,
    series: [
      { name: "frames", x: code(0), y: code(1), z: times, color: times },
      { name: "order", x: code(0), y: code(1), z: times, style: "line" },
    ],
  };
  return plots;
}

interface ImageRow {
  name: string;
  images: Float32Array;
  /** Index of the image of the first frame. */
  first: number;
}

function imageRows(setting: FrameSetting, times: Float64Array, title: string, rows: readonly ImageRow[]): PlotDataInput {
  const count = Math.min(shownFrames, setting.frames);
  const frames = Array.from({ length: count }, (_, i) => Math.round((i * (setting.frames - 1)) / Math.max(1, count - 1)));
  const size = setting.pixels ** 2;
  return {
    kind: "image-grid",
    title,
    width: setting.pixels,
    height: setting.pixels,
    range: [0, 1],
    frames: frames.map((frame) => `t = ${(times[frame] ?? 0).toFixed(2)} s`),
    rows: rows.map(({ name, images, first }) => ({
      name,
      frames: frames.map((frame) => imageBytes(images.subarray((first + frame) * size, (first + frame + 1) * size), 0, 1)),
    })),
  };
}
