import type { Configuration, PlotDataInput } from "@basin/contracts";
import type { Derivative } from "../differential-equations/derivative";
import type { Expression } from "../differential-equations/expression";
import type { ProblemResources } from "./resources";

/**
 * What the residuals r of a term's points become: the mean of r², the mean of |r|, the square of the mean of r (for an integral: the mean over
 * points that fill a region evenly), or the mean of max(r, 0) to a power from 1 to 4 (for r ≤ 0).
 */
export type Measure = "mean-square" | "mean-absolute" | "square-of-mean" | { positivePart: 1 | 2 | 3 | 4 };

/** A step of a run, from 0 on: the number itself, or a share of all its steps. */
export type Moment = { step: number } | { share: number };

/** What every part of the loss has. */
interface Weighed<P> {
  /** Name of its metric, without the weight, e.g. "residualLoss". */
  metric: string;
  /** The run's weight. */
  weight(parameters: P): number;
  /** The steps in which it counts: from the first moment (default: the start) until just before the second (default: the end). */
  window?(parameters: P): { from?: Moment; until?: Moment };
  /** Index into the system's grids. */
  grid: number;
}

/** One part of the loss: the measure of r over the points of a grid, times the run's weight. */
export interface LossTerm<P = Configuration> extends Weighed<P> {
  /** A value per point, for expressions with `measured`. */
  measured: Float32Array | null;
  /** r; must contain the solution, its mean, or an unknown. */
  residual: Expression;
  measure: Measure;
}

/**
 * Unknowns c_j of which few are to stay, as coefficients of candidate terms f_j of a law: their loss is Σ|c_j|·rms(f_j), rms over the points of
 * the grid, held fixed in the gradient.
 */
export interface SparsityTerm<P = Configuration> extends Weighed<P> {
  /** Each unknown with what it multiplies; null: 1. */
  of: readonly { unknown: string; factor: Expression | null }[];
  /** At that moment every unknown with |c_j|·rms(f_j) below `threshold` · rms(`relativeTo`) becomes 0 for good. */
  prune: { at(parameters: P): Moment; threshold(parameters: P): number; relativeTo: Expression } | null;
}

/** A trainable physical parameter. */
export interface PhysicalParameter<P = Configuration> {
  name: string;
  /** Where a run starts. */
  initial(seed: number): number;
  /** Its own learning rate, which follows the run's schedule. Default: the run's. */
  learningRate?(parameters: P): number;
}

/** Points at which terms are taken. */
export interface PointSet {
  /** Row-major [points, coordinates]. */
  points: Float32Array;
  /**
   * More points of the same region, at least as many, among which a redraw (counted from 1) chooses those where the residuals are large; other
   * ones for every redraw. Terms with measured values cannot be on such a grid. Default: the points stay.
   */
  candidates?: (redraw: number) => Float32Array;
}

/** Equations for u: coordinates → components, given by what is to vanish and where. */
export interface DifferentialEquationSystem<P = Configuration> {
  /** From 1 to 4. They are given to the network as they are, so they should be of the size of 1. */
  coordinates: number;
  components: number;
  unknowns: readonly PhysicalParameter<P>[];
  /** Each grid is shared by the terms that name it. */
  grids: readonly PointSet[];
  terms: readonly LossTerm<P>[];
  /** Default: none. */
  sparsity?: SparsityTerm<P>;
}

/** The physical parameters after so many steps. */
export interface UnknownsAtStep {
  step: number;
  unknowns: Readonly<Record<string, number>>;
}

/** What a run learned. */
export interface LearnedSolution {
  /**
   * The derivatives that are asked for (0 or [] is u itself) at points, row-major [points, coordinates] → [points, components] each.
   * Throws RangeError for an order above 3.
   */
  at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) => { [K in keyof D]: Float32Array };
  /** Value by the name of the physical parameter. */
  unknowns: Readonly<Record<string, number>>;
  /** The same while it trained, at up to 400 evenly spaced epochs. */
  history: readonly UnknownsAtStep[];
  /** Final value of every part of the loss by its metric, without weights. */
  terms: Readonly<Record<string, number>>;
  /** Σ weight · term, with the weights of the last step. */
  loss: number;
}

interface SolutionJudgement {
  metrics: Record<string, number>;
  labels: Record<string, string>;
  /** By plot id. */
  plots: Record<string, PlotDataInput>;
}

/** For the family `pinn`: a differential equation with its conditions and data. */
export interface DifferentialEquationProblem<P = Configuration> {
  kind: "differential-equation";
  /** Only weights, windows, learning rates and pruning read per-run parameters; the runs of a pack share all else. */
  system(parameters: P, resources: ProblemResources): DifferentialEquationSystem<P>;
  /** Final figures beside the losses, words and plots. Here alone the truth may be looked at. */
  judge(parameters: P, learned: LearnedSolution, resources: ProblemResources): SolutionJudgement;
  /** Figures of a run whose loss became infinite. */
  diverged(): Record<string, number>;
}
