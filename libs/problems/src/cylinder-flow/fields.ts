import type { TrainedNetwork } from "../kinds/trained-network";
import { minMaxScale, type MinMaxScale } from "../min-max-scale";
import { flowSamples } from "./potential-flow";

/** Samples and the scales of x, y (inputs) and u, v (outputs), each to [0, 1] by its least and greatest sample. */
export function scaledSamples(setting: { points: number; noise: number; dataSeed: number }): ReturnType<typeof flowSamples> & {
  inputs: [MinMaxScale, MinMaxScale];
  outputs: [MinMaxScale, MinMaxScale];
} {
  const samples = flowSamples(setting);
  const scalesOf = (rows: readonly [number, number][]): [MinMaxScale, MinMaxScale] => [
    minMaxScale(rows.map(([first]) => first)),
    minMaxScale(rows.map(([, second]) => second)),
  ];
  return { ...samples, inputs: scalesOf(samples.places), outputs: scalesOf(samples.velocities) };
}

/** Rows [n, 2] as the network sees them. */
export function scaleRows([first, second]: [MinMaxScale, MinMaxScale], rows: readonly [number, number][]): Float32Array {
  return Float32Array.from(rows.flatMap(([a, b]) => [first.scale(a), second.scale(b)]));
}

/** Outputs [n, 2] of the network as velocities. */
export function velocitiesOf([first, second]: [MinMaxScale, MinMaxScale], outputs: Float32Array): [number, number][] {
  return Array.from({ length: outputs.length / 2 }, (_, i) => [
    first.restore(outputs[2 * i] ?? Number.NaN),
    second.restore(outputs[2 * i + 1] ?? Number.NaN),
  ]);
}

/** Derivatives of the velocity at a place. */
export interface VelocityGradient {
  ux: number;
  uy: number;
  vx: number;
  vy: number;
}

/** The Jacobian of the network's velocity at the places, exactly. */
export async function velocityGradients(
  trained: TrainedNetwork,
  { inputs, outputs }: { inputs: [MinMaxScale, MinMaxScale]; outputs: [MinMaxScale, MinMaxScale] },
  places: readonly [number, number][],
): Promise<VelocityGradient[]> {
  const scaled = scaleRows(inputs, places);
  const [[alongX], [alongY]] = [await trained.derivatives(scaled, [1, 0], 1), await trained.derivatives(scaled, [0, 1], 1)];
  const [x, y] = inputs;
  const [u, v] = outputs;
  const slope = (values: Float32Array | undefined, at: number, input: MinMaxScale, output: MinMaxScale): number =>
    ((values?.[at] ?? Number.NaN) * input.factor) / output.factor;
  return places.map((_, i) => ({
    ux: slope(alongX, 2 * i, x, u),
    uy: slope(alongY, 2 * i, y, u),
    vx: slope(alongX, 2 * i + 1, x, v),
    vy: slope(alongY, 2 * i + 1, y, v),
  }));
}

/** v_x − u_y, u_x + v_y, and the rate of strain √(S : S), S the symmetric part of the velocity gradient. */
export const vorticityOf = ({ uy, vx }: VelocityGradient): number => vx - uy;
export const divergenceOf = ({ ux, vy }: VelocityGradient): number => ux + vy;
export const strainOf = ({ ux, uy, vx, vy }: VelocityGradient): number => Math.sqrt(ux * ux + vy * vy + (uy + vx) ** 2 / 2);
