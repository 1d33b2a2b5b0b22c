import type { PlotDataInput } from "@basin/contracts";
import type { TrainedNetwork } from "../kinds/trained-network";
import { halfWidth, targetDerivatives, type TargetDerivatives } from "./target-function";

const written: Readonly<Record<keyof TargetDerivatives, string>> = {
  x: "∂f/∂x",
  y: "∂f/∂y",
  xx: "∂²f/∂x²",
  xy: "∂²f/∂x∂y",
  yy: "∂²f/∂y²",
};
/** The figures are taken on a grid of so many points per side. */
const judgedSide = 31;
const shownSide = 41;

function placesOf(side: number): number[] {
  return Array.from({ length: side }, (_, i) => halfWidth * ((2 * i) / (side - 1) - 1));
}

/**
 * The network's exact derivatives at points [n, 2]. Along the diagonal (1, 1) the second derivative is f_xx + 2f_xy + f_yy, from which the
 * mixed one follows.
 */
async function derivativesAt(
  trained: TrainedNetwork,
  points: Float32Array,
): Promise<Record<keyof TargetDerivatives, Float32Array>> {
  const none = new Float32Array(0);
  const [x = none, xx = none] = await trained.derivatives(points, [1, 0], 2);
  const [y = none, yy = none] = await trained.derivatives(points, [0, 1], 2);
  const [, along = none] = await trained.derivatives(points, [1, 1], 2);
  const xy = along.map((value, i) => (value - (xx[i] ?? Number.NaN) - (yy[i] ?? Number.NaN)) / 2);
  return { x, y, xx, xy, yy };
}

async function compared(trained: TrainedNetwork, side: number) {
  const places = placesOf(side);
  const points = places.flatMap((y) => places.map((x) => [x, y] as const));
  const network = await derivativesAt(trained, Float32Array.from(points.flat()));
  return { places, network, truth: points.map(([x, y]) => targetDerivatives(x, y)) };
}

/** Errors of the gradient, the Hessian and the mixed derivative alone, each relative to the size of the true one over the grid. */
export async function derivativeFigures(trained: TrainedNetwork): Promise<Record<string, number>> {
  const { network, truth } = await compared(trained, judgedSide);
  const error = (parts: readonly (readonly [keyof TargetDerivatives, number])[]): number => {
    let [off, size] = [0, 0];
    for (const [name, weight] of parts)
      truth.forEach((one, i) => {
        off += weight * ((network[name][i] ?? Number.NaN) - one[name]) ** 2;
        size += weight * one[name] ** 2;
      });
    return Math.sqrt(off / size);
  };
  return {
    jacobianError: error([
      ["x", 1],
      ["y", 1],
    ]),
    // The mixed derivative stands in the matrix twice.
    hessianError: error([
      ["xx", 1],
      ["xy", 2],
      ["yy", 1],
    ]),
    mixedDerivativeError: error([["xy", 1]]),
  };
}

/** The gradient and the Hessian of the network, each derivative beside the true one; in plots of their own, as orders differ in size. */
export async function derivativePlots(trained: TrainedNetwork): Promise<Record<"gradient" | "hessian", PlotDataInput>> {
  const { places, network, truth } = await compared(trained, shownSide);
  const rows = (values: readonly number[]): number[][] =>
    places.map((_, row) => values.slice(row * places.length, (row + 1) * places.length));
  const plot = (title: string, caption: string, chosen: readonly (keyof TargetDerivatives)[]): PlotDataInput => ({
    kind: "contour",
    title,
    caption,
    x: places,
    y: places,
    xAxis: { label: "x" },
    yAxis: { label: "y" },
    zAxis: { label: "derivative" },
    layers: chosen.flatMap((name) => [
      { name: `${written[name]}, true`, z: rows(truth.map((one) => one[name])) },
      { name: `${written[name]}, network`, z: rows(Array.from(network[name])) },
    ]),
  });
  return {
    gradient: plot("Gradient", "The Jacobian of the network, exactly; it was trained on values alone.", ["x", "y"]),
    hessian: plot("Second derivatives", "The Hessian of the network, exactly: each order amplifies what the network missed.", [
      "xx",
      "xy",
      "yy",
    ]),
  };
}
