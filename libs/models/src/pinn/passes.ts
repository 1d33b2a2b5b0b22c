import type { PinnActivationName } from "@basin/contracts";
import {
  derivativeOf,
  entryOf,
  jetPlan,
  networkPasses,
  type Derivative,
  type DifferentialEquationSystem,
  type JetPlan,
  type NetworkPass,
} from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { JetTensors } from "../derivative-propagation/jet";
import { mapJet } from "../derivative-propagation/map-jet";

/** Grids that go through the network together, with their points. */
export interface PointPass extends NetworkPass {
  /** [1, points, coordinates], one grid behind the other; belongs to the pass. */
  points: tf.Tensor3D;
  /** Of every grid of the pass, where it starts among the points and how many it has. */
  spans: ReadonlyMap<number, { start: number; count: number }>;
}

export function pointPasses(system: DifferentialEquationSystem): PointPass[] {
  const { coordinates, grids } = system;
  return networkPasses(system).map((pass) => {
    const values = Float32Array.from(pass.grids.flatMap((grid) => Array.from(grids[grid]?.points ?? [])));
    const spans = new Map<number, { start: number; count: number }>();
    let start = 0;
    for (const grid of pass.grids) {
      const count = (grids[grid]?.points.length ?? 0) / coordinates;
      spans.set(grid, { start, count });
      start += count;
    }
    return { ...pass, spans, points: tf.tensor3d(values, [1, start, coordinates]) };
  });
}

/** What one run has in place of the points of some grids, row-major [points, coordinates], as many as there were. */
export type DrawnPoints = ReadonlyMap<number, Float32Array>;

/** The jet of a pass' points for that many runs: the points, unit vectors along its directions, zeros. The caller owns it. */
export function inputJet(pass: PointPass, runs: number, drawn: readonly DrawnPoints[]): JetTensors {
  const { points, plan } = pass;
  const [, count, width] = points.shape;
  return tf.tidy(() => {
    const value = ownPoints(pass, runs, drawn);
    const firsts = plan.directions.map((direction) => {
      const unit = Float32Array.from({ length: width }, (_, c) => Number(c === direction));
      return tf.tile<tf.Tensor3D>(tf.tensor3d(unit, [1, 1, width]), [runs, count, 1]);
    });
    return [value, ...firsts, ...[...plan.pairs, ...plan.triples].map(() => tf.zerosLike(value))];
  });
}

function ownPoints({ points, spans }: PointPass, runs: number, drawn: readonly DrawnPoints[]): tf.Tensor3D {
  const value = tf.tile<tf.Tensor3D>(points, [runs, 1, 1]);
  if (!drawn.some((one) => [...one.keys()].some((grid) => spans.has(grid)))) return value;
  const [, count, width] = points.shape;
  const all = value.dataSync<"float32">().slice();
  drawn.forEach((one, run) => {
    for (const [grid, own] of one) {
      const span = spans.get(grid);
      if (span) all.set(own, (run * count + span.start) * width);
    }
  });
  return tf.tensor3d(all, value.shape);
}

/** Derivatives of one run's network ([1, …] tensors) at points, row-major [points, coordinates] → [points, components] each. */
export function derivativesAt(
  activation: PinnActivationName,
  network: readonly tf.Tensor[],
  coordinates: number,
  points: Float32Array,
  derivatives: readonly Derivative[],
): Float32Array[] {
  const orders = derivatives.map(derivativeOf);
  const plan = jetPlan(orders);
  const count = points.length / coordinates;
  if (!Number.isInteger(count)) throw new RangeError(`${points.length} numbers are no points of ${coordinates} coordinates.`);
  const output = mapJet(activation, network, hostJet(plan, coordinates, points), count, plan.pairs, plan.triples);
  return orders.map((order) => {
    const found = output[entryOf(plan, order)];
    if (!found || order.length > coordinates)
      throw new RangeError(`There is no derivative of orders (${order.join(", ")}) in ${coordinates} coordinates.`);
    return found;
  });
}

function hostJet({ directions, pairs, triples }: JetPlan, coordinates: number, points: Float32Array): Float32Array[] {
  return [
    points,
    ...directions.map((direction) => points.map((_, i) => Number(i % coordinates === direction))),
    ...[...pairs, ...triples].map(() => new Float32Array(points.length)),
  ];
}
