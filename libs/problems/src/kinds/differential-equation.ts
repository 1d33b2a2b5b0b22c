import type { Configuration, PlotDataInput } from "@basin/contracts";
import type { Derivative } from "../differential-equations/derivative";
import type { Expression } from "../differential-equations/expression";
import type { ProblemResources } from "./resources";

/** One part of the loss: the mean of r² or of |r| over the points of a grid, times the run's weight. */
export interface LossTerm<P = Configuration> {
  /** Name of its metric, without the weight, e.g. "residualLoss". */
  metric: string;
  /** The run's weight. */
  weight(parameters: P): number;
  /** Index into the system's grids. */
  grid: number;
  /** A value per point, for expressions with `measured`. */
  measured: Float32Array | null;
  /** r; must contain the solution, its mean, or an unknown. */
  residual: Expression;
  measure: "mean-square" | "mean-absolute";
}

/** A trainable physical parameter. */
export interface PhysicalParameter {
  name: string;
  /** Where a run starts. */
  initial(seed: number): number;
}

/** Points at which terms are taken. */
export interface PointSet {
  /** Row-major [points, coordinates]. */
  points: Float32Array;
}

/** Equations for u: coordinates → components, given by what is to vanish and where. */
export interface DifferentialEquationSystem<P = Configuration> {
  /** From 1 to 4. They are given to the network as they are, so they should be of the size of 1. */
  coordinates: number;
  components: number;
  unknowns: readonly PhysicalParameter[];
  /** Each grid is shared by the terms that name it. */
  grids: readonly PointSet[];
  terms: readonly LossTerm<P>[];
}

/** What a run learned. */
export interface LearnedSolution {
  /**
   * The derivatives that are asked for (0 or [] is u itself) at points, row-major [points, coordinates] → [points, components] each.
   * Throws RangeError for an order above 2.
   */
  at: <const D extends readonly Derivative[]>(points: Float32Array, derivatives: D) => { [K in keyof D]: Float32Array };
  /** Value by the name of the physical parameter. */
  unknowns: Readonly<Record<string, number>>;
  /** Final value of every loss term by its metric, without weights. */
  terms: Readonly<Record<string, number>>;
  /** Σ weight · term. */
  loss: number;
}

export interface SolutionJudgement {
  metrics: Record<string, number>;
  labels: Record<string, string>;
  /** By plot id. */
  plots: Record<string, PlotDataInput>;
}

/** For the family `pinn`: a differential equation with its conditions and data. */
export interface DifferentialEquationProblem<P = Configuration> {
  kind: "differential-equation";
  /** Only the weights of its terms read per-run parameters, so the runs of a pack share all else. */
  system(parameters: P, resources: ProblemResources): DifferentialEquationSystem<P>;
  /** Final figures beside the losses, words and plots. Here alone the truth may be looked at. */
  judge(parameters: P, learned: LearnedSolution, resources: ProblemResources): SolutionJudgement;
  /** Figures of a run whose loss became infinite. */
  diverged(): Record<string, number>;
}
