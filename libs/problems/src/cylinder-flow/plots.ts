import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import { divergenceOf, strainOf, vorticityOf, type VelocityGradient } from "./fields";
import { flowAt } from "./potential-flow";

export const cylinderFlowPlots: readonly PlotDescriptor[] = [
  { id: "velocity", title: "Velocity: truth, prediction, samples", kind: "quiver" },
  { id: "speed-error", title: "Error of the velocity", kind: "contour" },
  { id: "vorticity", title: "Vorticity and divergence of the prediction", kind: "contour" },
  { id: "strain", title: "Rate of strain", kind: "contour" },
];

/** Every so many of the grid's points carry an arrow. */
const arrowStride = 3;

/** What the network says on the grid, row by row over `places`, of which those in the disc are missing. */
export interface NetworkFlow {
  velocities: readonly [number, number][];
  gradients: readonly VelocityGradient[];
}

export function plotsOf(
  axis: readonly number[],
  places: readonly [number, number][],
  samples: { places: readonly [number, number][]; velocities: readonly [number, number][] },
  network: NetworkFlow,
): PlotsById {
  const truth = places.map(([x, y]): [number, number] => {
    const { u, v } = flowAt(x, y);
    return [u, v];
  });
  const errors = network.velocities.map(([u, v], i) => {
    const [trueU, trueV] = truth[i] ?? [Number.NaN, Number.NaN];
    return Math.sqrt((u - trueU) ** 2 + (v - trueV) ** 2);
  });
  const field = (
    name: string,
    at: readonly [number, number][],
    velocities: readonly [number, number][],
    chosen: readonly number[],
  ) => ({
    name,
    x: chosen.map((i) => at[i]?.[0] ?? Number.NaN),
    y: chosen.map((i) => at[i]?.[1] ?? Number.NaN),
    u: chosen.map((i) => velocities[i]?.[0] ?? Number.NaN),
    v: chosen.map((i) => velocities[i]?.[1] ?? Number.NaN),
    color: chosen.map((i) => {
      const [u, v] = velocities[i] ?? [Number.NaN, Number.NaN];
      return Math.sqrt(u * u + v * v);
    }),
  });
  const index = new Map(axis.map((value, i) => [value, i]));
  const arrows = places.flatMap(([x, y], i) =>
    (index.get(x) ?? 1) % arrowStride === 0 && (index.get(y) ?? 1) % arrowStride === 0 ? [i] : [],
  );
  const grid = (values: readonly number[]): number[][] => {
    const rows = axis.map(() => axis.map(() => Number.NaN));
    places.forEach(([x, y], i) => {
      const row = rows[index.get(y) ?? -1];
      if (row) row[index.get(x) ?? 0] = values[i] ?? Number.NaN;
    });
    return rows;
  };
  const strain = places.map(([x, y]) => strainOf(flowAt(x, y)));
  const axes = { x: [...axis], y: [...axis], xAxis: { label: "x" }, yAxis: { label: "y" } };
  return {
    velocity: {
      kind: "quiver",
      title: "Velocity: truth, prediction, samples",
      caption: "The stream divides before the cylinder and is fastest beside it.",
      xAxis: { label: "x" },
      yAxis: { label: "y" },
      color: { label: "speed" },
      fields: [
        field("truth", places, truth, arrows),
        field("prediction", places, network.velocities, arrows),
        field(
          "samples",
          samples.places,
          samples.velocities,
          samples.places.map((_, i) => i),
        ),
      ],
    },
    "speed-error": {
      kind: "contour",
      title: "Error of the velocity",
      caption:
        "Magnitude of the difference of the two vectors; greatest near the cylinder and at the border, where samples are few.",
      ...axes,
      zAxis: { label: "|error|" },
      layers: [{ name: "error", z: grid(errors) }],
    },
    vorticity: {
      kind: "contour",
      title: "Vorticity and divergence of the prediction",
      caption: "Both vanish in the true flow; what is seen is noise that was learned.",
      ...axes,
      zAxis: { label: "ω, ∇·u" },
      layers: [
        { name: "vorticity", z: grid(network.gradients.map(vorticityOf)) },
        { name: "divergence", z: grid(network.gradients.map(divergenceOf)) },
      ],
    },
    strain: {
      kind: "contour",
      title: "Rate of strain",
      caption: "√(S : S), S the symmetric part of the velocity's gradient: where the fluid is deformed, close to the cylinder.",
      ...axes,
      zAxis: { label: "√(S:S)" },
      layers: [
        { name: "truth", z: grid(strain) },
        { name: "prediction", z: grid(network.gradients.map(strainOf)) },
        { name: "error", z: grid(network.gradients.map((one, i) => strainOf(one) - (strain[i] ?? Number.NaN))) },
      ],
    },
  };
}
