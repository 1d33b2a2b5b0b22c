import type { PlotDataInput } from "@basin/contracts";
import type { Jet } from "../kinds/latent-dynamics";

const names = ["x", "ẋ", "ẍ"];

/** The plot "images": x, ẋ and ẍ of one state, as measured and as decoded, each divided by the greatest measured value. */
export function imagePairs(pixels: number, measured: Jet, decoded: Jet, state: number): PlotDataInput {
  const size = pixels * pixels;
  const of = (values: Float32Array | undefined): Float32Array =>
    values?.slice(state * size, (state + 1) * size) ?? new Float32Array(size);
  const scales = measured.map((values) => of(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30));
  const frames = (jet: Jet): string[] => measured.map((_, i) => bytes(of(jet[i]), scales[i] ?? 1, pixels));
  return {
    kind: "image-grid",
    title: "Measured and decoded",
    caption: "The fastest frame of the validation orbits; each quantity is divided by its greatest measured value.",
    width: pixels,
    height: pixels,
    range: [-1, 1],
    frames: names.slice(0, measured.length),
    rows: [
      { name: "measured", frames: frames(measured) },
      { name: "decoded", frames: frames(decoded) },
    ],
  };
}

/** Bytes in base64, top row first (Y falls down the page). */
function bytes(values: Float32Array, scale: number, pixels: number): string {
  let text = "";
  for (let row = pixels - 1; row >= 0; row--) {
    for (let column = 0; column < pixels; column++) {
      const share = (values[row * pixels + column] ?? 0) / scale;
      text += String.fromCharCode(Math.round(127.5 * (1 + Math.min(1, Math.max(-1, Number.isFinite(share) ? share : 0)))));
    }
  }
  return btoa(text);
}
