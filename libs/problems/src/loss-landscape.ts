import type { PlotDataInput } from "@basin/contracts";
import { mean, randomStream, sum } from "@basin/numerics";
import type { NetworkWeights, TrainedNetwork } from "./kinds/trained-network";

/**
 * A random direction in the space of weights, filter-normalised (Li et al. 2018): standard normal, then the weights into each unit scaled
 * to the norm that the network's own have there; zero for biases and normalization. From the stream (seed, "loss-landscape", index).
 */
function filterNormalizedDirection(weights: NetworkWeights, seed: number, index: number): Record<string, Float32Array> {
  const stream = randomStream(seed, "loss-landscape", index);
  let drawn = 0;
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => {
      const direction = new Float32Array(values.length);
      if (!name.endsWith(".weight")) return [name, direction];
      const draws = new Float64Array(values.length);
      stream.fillNormal(draws, drawn);
      drawn += draws.length;
      const columns = shape[1] ?? 1;
      for (let unit = 0; unit < columns; unit++) {
        const norm = (all: ArrayLike<number>): number => {
          const squares: number[] = [];
          for (let i = unit; i < all.length; i += columns) squares.push((all[i] ?? 0) ** 2);
          return Math.sqrt(sum(squares));
        };
        const factor = norm(values) / norm(draws);
        for (let i = unit; i < values.length; i += columns) direction[i] = factor * (draws[i] ?? 0);
      }
      return [name, direction];
    }),
  );
}

/** w + a·u + b·v; a plain loop, because it runs over every weight of 1,681 networks. */
function along(w: Float32Array, u: Float32Array, a: number, v: Float32Array, b: number): Float32Array {
  const out = new Float32Array(w.length);
  for (let i = 0; i < out.length; i++) out[i] = (w[i] ?? 0) + a * (u[i] ?? 0) + b * (v[i] ?? 0);
  return out;
}

function meanSquaredError(output: Float32Array, targets: Float32Array): number {
  const squares = new Float32Array(output.length);
  for (let i = 0; i < squares.length; i++) squares[i] = ((output[i] ?? 0) - (targets[i] ?? 0)) ** 2;
  return mean(squares);
}

/** The weights moved by a along one direction and by b along another. */
function moved(
  weights: NetworkWeights,
  [first, a]: [Record<string, Float32Array>, number],
  [second, b]: [Record<string, Float32Array>, number],
): NetworkWeights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => {
      const none = new Float32Array(values.length);
      return [name, { shape, values: along(values, first[name] ?? none, a, second[name] ?? none, b) }];
    }),
  );
}

/** Weights of moved networks that are held at once. */
const mostValues = 16_000_000;

/**
 * The mean squared error at the given samples on the plane through the trained weights (0, 0) that two filter-normalised directions
 * span, `points` × `points` values on [−1, 1]².
 */
export async function lossLandscapePlot(
  trained: TrainedNetwork,
  { inputs, targets }: { inputs: Float32Array; targets: Float32Array },
  points = 41,
): Promise<PlotDataInput> {
  const { weights, seed } = trained;
  const directions = [0, 1].map((index) => filterNormalizedDirection(weights, seed, index));
  const [first = {}, second = {}] = directions;
  const values = Object.values(weights).reduce((sum, one) => sum + one.values.length, 0);
  const atOnce = Math.max(1, Math.floor(mostValues / values));
  const places = Array.from({ length: points }, (_, i) => (2 * i) / (points - 1) - 1);
  const z: number[][] = [];
  for (const b of places) {
    const row: number[] = [];
    for (let start = 0; start < points; start += atOnce) {
      const networks = places.slice(start, start + atOnce).map((a) => moved(weights, [first, a], [second, b]));
      const outputs = await trained.predictWithEach(networks, inputs);
      row.push(...outputs.map((output) => meanSquaredError(output, targets)));
    }
    z.push(row);
  }
  return {
    kind: "surface",
    title: "Slice of the loss landscape",
    caption: "Mean squared error around the trained weights along two random filter-normalised directions.",
    x: places,
    y: places,
    xAxis: { label: "First direction" },
    yAxis: { label: "Second direction" },
    zAxis: { label: "Mean squared error", scale: "log" },
    layers: [{ name: "loss", z }],
  };
}
