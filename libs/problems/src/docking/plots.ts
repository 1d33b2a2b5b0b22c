import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import type { JudgedPose } from "./judgement";
import { atoms, chain, pairEnergy } from "./potential";
import { mirrored } from "./poses";

export const dockingPlots: readonly PlotDescriptor[] = [
  { id: "poses", title: "Poses in the pocket", kind: "contour" },
  { id: "least-distances", title: "Least distance of two atoms", kind: "bars" },
  { id: "energies", title: "Energies of the poses", kind: "bars" },
];

/** The drawn part of the plane, in σ. */
const drawnRange = { x: [-2.8, 2.8], y: [-2.1, 0.7], points: [113, 57] } as const;
/** Energies above it are drawn as it. */
const greatestDrawn = 1;
const drawnPoses = 3;

/** Energy of an atom without charge at a place of the pocket. */
function probeEnergy(x: number, y: number): number {
  const energy = chain.fixed.reduce((sum, one) => sum + pairEnergy(Math.hypot(x - one.x, y - one.y), 0, chain)[0], 0);
  return Math.min(greatestDrawn, energy);
}

const pathOf = (name: string, pose: ArrayLike<number>) => ({
  name,
  x: Array.from({ length: atoms }, (_, i) => pose[2 * i] ?? null),
  y: Array.from({ length: atoms }, (_, i) => pose[2 * i + 1] ?? null),
});

/** How many values lie in each bin: below the first bound, between two, at or above the last. */
function binned(values: readonly number[], bounds: readonly number[]): number[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const value of values) {
    const at = bounds.filter((bound) => value >= bound).length;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function binNames(bounds: readonly number[]): string[] {
  const [first = "", ...others] = bounds.map((bound) => String(bound).replace("-", "−"));
  const between = others.map((bound, i) => `${[first, ...others][i] ?? ""} to ${bound}`);
  return [`< ${first}`, ...between, `≥ ${others.at(-1) ?? first}`];
}

const distanceBounds = [0.2, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.2];
const energyBounds = [-12, -10, -8, -6, -4, -2, 0, 10, 100];

/** `best`: the best pose of the first of the judged poses. */
export function plotsOf(poses: readonly JudgedPose[], best: ArrayLike<number>, weight: number): PlotsById {
  const [columns, rows] = drawnRange.points;
  const spaced = ([low, high]: readonly [number, number], points: number): number[] =>
    Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  const [x, y] = [spaced(drawnRange.x, columns), spaced(drawnRange.y, rows)];
  const name = `network, λ = ${weight}`;
  return {
    poses: {
      kind: "contour",
      title: "Poses in the pocket",
      caption:
        "Energy of an atom without charge, and the poses of the first test inputs, turned back with their pocket. The mean of the two best lies on the axis.",
      x,
      y,
      xAxis: { label: "x", unit: "σ" },
      yAxis: { label: "y", unit: "σ" },
      zAxis: { label: "energy", unit: "ε" },
      layers: [{ name: "energy", z: y.map((height) => x.map((place) => probeEnergy(place, height))) }],
      paths: [
        pathOf("best pose", best),
        pathOf("its mirror image", mirrored(best)),
        ...poses.slice(0, drawnPoses).map(({ pose }, i) => pathOf(`network ${i + 1}`, pose)),
      ],
    },
    "least-distances": {
      kind: "bars",
      title: "Least distance of two atoms",
      caption: "Of each test pose, bonded neighbours left out. Below 0.8 σ atoms lie in one another.",
      categories: binNames(distanceBounds),
      categoryTitle: "least distance in σ",
      y: { label: "poses" },
      series: [
        {
          name,
          values: binned(
            poses.map(({ leastDistance }) => leastDistance),
            distanceBounds,
          ),
        },
      ],
    },
    energies: {
      kind: "bars",
      title: "Energies of the poses",
      caption: "The best poses have −9.4 to −11.4 ε.",
      categories: binNames(energyBounds),
      categoryTitle: "energy in ε",
      y: { label: "poses" },
      series: [
        {
          name,
          values: binned(
            poses.map(({ energy }) => energy),
            energyBounds,
          ),
        },
      ],
    },
  };
}
