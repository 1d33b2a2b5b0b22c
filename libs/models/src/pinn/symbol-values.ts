import { meanPerRun } from "@basin/engine";
import { entryOf, symbolKey, type EquationSymbol } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { Values } from "./expression-tensors";
import type { PointPass } from "./passes";

/** What symbols stand for in one step, at all points of all grids. */
export interface SymbolSources {
  passes: readonly PointPass[];
  /** Of every pass, the points of each run, [runs, points, coordinates]. */
  points: readonly tf.Tensor3D[];
  /** Of every pass, the entries of its plan. */
  outputs: readonly (readonly (tf.Tensor3D | null)[])[];
  /** [runs, 1, 1] each, by name. */
  unknowns: ReadonlyMap<string, tf.Tensor3D>;
  /** [runs, 1, 1] */
  progress: tf.Tensor3D;
}

/** Looks up symbols at the points of one grid; each is cut out once. Call within tf.tidy. */
export function symbolValues(
  { passes, points, outputs, unknowns, progress }: SymbolSources,
  grid: number,
  measured: tf.Tensor3D | null,
): (symbol: EquationSymbol) => Values {
  const placeOf = (own: number) => {
    const p = passes.findIndex(({ spans }) => spans.has(own));
    const pass = need(passes[p]);
    return { p, pass, ...need(pass.spans.get(own)) };
  };
  const { p, start, count } = placeOf(grid);
  const runs = progress.shape[0];
  const known = new Map<string, Values>();
  const find = (symbol: EquationSymbol): Values => {
    const key = symbolKey(symbol);
    const found = known.get(key) ?? look(symbol);
    known.set(key, found);
    return found;
  };
  const look = (symbol: EquationSymbol): Values => {
    switch (symbol.kind) {
      case "coordinate":
        return tf.slice3d(need(points[p]), [0, start, symbol.index], [runs, count, 1]);
      case "measured":
        return need(measured);
      case "unknown":
        return need(unknowns.get(symbol.name));
      case "progress":
        return progress;
      case "solution": {
        const at = placeOf(symbol.grid ?? grid);
        const entry = need(outputs[at.p]?.[entryOf(at.pass.plan, symbol.derivative)]);
        return tf.slice3d(entry, [0, at.start, symbol.component], [runs, count, 1]);
      }
      case "mean": {
        const values = find({ ...symbol, kind: "solution", derivative: [] });
        return tf.reshape<tf.Rank.R3>(meanPerRun(tensorOf(values)), [runs, 1, 1]);
      }
    }
  };
  return find;
}

/** Throws for a number: what is learned is a tensor. */
export function tensorOf(values: Values): tf.Tensor3D {
  return need(typeof values === "number" ? null : values);
}

export function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("A loss term lacks a value that its residual names.");
  return value;
}
