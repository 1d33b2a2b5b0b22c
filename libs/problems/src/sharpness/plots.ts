import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import type { SupervisedData } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { along, direction, distances, dot, type Curvature, type LossOfWeights } from "./curvature";
import { inputNoises } from "./two-moons";

export const sharpnessPlots: readonly PlotDescriptor[] = [
  { id: "spectrum", title: "Eigenvalues of the Hessian", kind: "curve" },
  { id: "slices", title: "The loss along two directions, with its parabolas", kind: "curve" },
  { id: "quadratic", title: "Deviation from the parabola against the distance", kind: "curve" },
  { id: "noise", title: "Loss against the noise of the inputs", kind: "curve" },
  { id: "boundary", title: "Probability of the second moon", kind: "decision-map" },
];

const pointsPerSlice = 61;
const pointsPerSide = 61;

/** `losses` belong to `inputNoises`. */
export async function plotsOf(
  trained: TrainedNetwork,
  data: SupervisedData,
  loss: LossOfWeights,
  curvature: Curvature,
  losses: readonly number[],
): Promise<PlotsById> {
  return {
    spectrum: spectrum(curvature),
    slices: slices(trained.seed, loss, curvature),
    quadratic: quadratic(curvature),
    noise: {
      kind: "curve",
      title: "Loss against the noise of the inputs",
      caption: "Cross-entropy on test points whose coordinates are moved by normal numbers of that standard deviation.",
      x: { label: "Standard deviation of the noise" },
      y: { label: "Test loss" },
      series: [
        { name: "test loss", x: [...inputNoises], y: [...losses] },
        { name: "measured", x: [...inputNoises], y: [...losses], style: "points" },
      ],
    },
    boundary: await boundary(trained, data),
  };
}

function spectrum({ eigen: { values } }: Curvature): PlotsById[string] {
  const sizes = Array.from(values).toSorted((a, b) => Math.abs(b) - Math.abs(a));
  const series = (name: string, sign: number) => {
    const ranks = sizes.flatMap((value, i) => (Math.sign(value) === sign ? [i + 1] : []));
    return { name, x: ranks, y: ranks.map((rank) => Math.abs(sizes[rank - 1] ?? Number.NaN)), style: "points" as const };
  };
  return {
    kind: "curve",
    title: "Eigenvalues of the Hessian",
    caption: "A few directions are steep, most are flat over many decades; where one is negative the loss still falls along it.",
    x: { label: "Rank by size" },
    y: { label: "|λ|", scale: "log" },
    series: [series("positive", 1), series("negative", -1)].filter(({ x }) => x.length > 0),
  };
}

/** Along the steepest eigenvector and a random direction, as far as the parabola of the former rises by 1. */
function slices(seed: number, { weights, value, gradient }: LossOfWeights, { eigen, power }: Curvature): PlotsById[string] {
  const n = weights.length;
  const reach = Math.sqrt(2 / Math.max(power.value, 1e-3));
  const x = Array.from({ length: pointsPerSlice }, (_, i) => reach * ((2 * i) / (pointsPerSlice - 1) - 1));
  const [here, slope] = [value(weights), gradient(weights)];
  const lines = [
    { name: "steepest eigenvector", d: eigen.vectors.slice((n - 1) * n) },
    { name: "random direction", d: direction(seed, n, 0) },
  ];
  const bend = (d: Float64Array): number =>
    eigen.values.reduce((sum, lambda, i) => sum + lambda * dot(eigen.vectors.subarray(i * n, (i + 1) * n), d) ** 2, 0);
  return {
    kind: "curve",
    title: "The loss along two directions, with its parabolas",
    caption: "Dashed: L + s·g·d + ½s²·dᵀHd. Along the steepest direction the loss rises soonest.",
    x: { label: "Distance s in the space of weights" },
    y: { label: "Training loss" },
    series: lines.flatMap(({ name, d }) => {
      const [first, second] = [dot(slope, d), bend(d)];
      return [
        { name, x, y: x.map((s) => value(along(weights, d, s))) },
        { name: `parabola, ${name}`, x, y: x.map((s) => here + s * first + (s * s * second) / 2), style: "dashed" as const },
      ];
    }),
  };
}

function quadratic({ deviations, order }: Curvature): PlotsById[string] {
  const [last = Number.NaN, at = Number.NaN] = [deviations.at(-1), distances.at(-1)];
  return {
    kind: "curve",
    title: "Deviation from the parabola against the distance",
    caption: `The slope is ${order.toPrecision(4)}: what the gradient and the Hessian leave out begins with the third power.`,
    x: { label: "Distance s", scale: "log" },
    y: { label: "|L(θ + s d) − parabola|", scale: "log" },
    series: [
      { name: "root mean square over 16 directions", x: [...distances], y: [...deviations], style: "points" },
      { name: "s³", x: [...distances], y: distances.map((s) => last * (s / at) ** 3), style: "dashed" },
    ],
  };
}

async function boundary(trained: TrainedNetwork, { inputs, targets }: SupervisedData): Promise<PlotsById[string]> {
  const across = (from: number, to: number) =>
    Array.from({ length: pointsPerSide }, (_, i) => from + ((to - from) * i) / (pointsPerSide - 1));
  const [x, y] = [across(-2, 3), across(-1.5, 2)];
  const values = await trained.predict(Float32Array.from(y.flatMap((b) => x.flatMap((a) => [a, b]))));
  return {
    kind: "decision-map",
    title: "Probability of the second moon",
    caption: "The noise makes the moons overlap: who learns every point draws a border that new points do not keep.",
    classes: ["first moon", "second moon"],
    maps: [
      {
        name: "trained network",
        xAxis: { label: "x" },
        yAxis: { label: "y" },
        x,
        y,
        z: y.map((_, row) => [...values.subarray(row * pointsPerSide, (row + 1) * pointsPerSide)]),
        samples: {
          x: Array.from(targets, (_, i) => inputs[2 * i] ?? Number.NaN),
          y: Array.from(targets, (_, i) => inputs[2 * i + 1] ?? Number.NaN),
          class: Array.from(targets),
        },
      },
    ],
  };
}
