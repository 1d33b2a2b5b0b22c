import type { PlotDataInput, PlotKind } from "@basin/contracts";
import type { ComponentType } from "react";
import type { Scheme } from "../palette";
import type { Drawing, PlotOf, Canvas } from "./drawing";

/** The parts of a plot that can be shown alone. */
export interface Layers<P> {
  names(plot: P): string[];
  /** The plot with the part of this number alone. */
  only(plot: P, index: number): P;
}

export interface KindViewProps<K extends PlotKind> {
  plot: PlotOf<K>;
  scheme: Scheme;
  /** False: the title stands above already. */
  titled?: boolean;
}

interface Shown<K extends PlotKind> {
  /** What stands for an experiment whose most telling plot is of this kind: SVG of `pictureWidth` by `pictureHeight`; null: the kind says too little. */
  picture: ComponentType | null;
  /** Plots with values like those that experiments write: what the gallery shows and what the spec of all kinds draws. At least one. */
  samples: () => Omit<Extract<PlotDataInput, { kind: K }>, "kind">[];
}

/** A kind that Plotly draws. */
export interface DrawnKind<K extends PlotKind> extends Shown<K> {
  drawing: (plot: PlotOf<K>, canvas: Canvas) => Drawing;
  /** Left out: a plot of it has no parts. */
  layers?: Layers<PlotOf<K>>;
}

/** A kind that is images, formulas or numbers to be read. */
export interface ViewedKind<K extends PlotKind> extends Shown<K> {
  View: ComponentType<KindViewProps<K>>;
}

/** The parts in the list `key` of a plot. */
export const layersIn = <Key extends string, P extends Record<Key, { name: string }[]>>(key: Key): Layers<P> => ({
  names: (plot) => plot[key].map(({ name }) => name),
  only: (plot, index) => ({ ...plot, [key]: plot[key].slice(index, index + 1) }),
});
