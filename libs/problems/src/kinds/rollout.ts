import type { ActivationName, Configuration, PlotDataInput } from "@basin/contracts";
import type { Expression } from "../differential-equations/expression";
import type { ProblemResources } from "./resources";

/** What the formulas of a loop are made of, in one step of one trajectory. */
export type LoopSymbol =
  /** A component of the plant's state before the step. */
  | { kind: "state"; index: number }
  /** A signal from outside at the step. */
  | { kind: "signal"; index: number }
  /** An output of the network in the step. */
  | { kind: "output"; index: number };
export type LoopExpression = Expression<LoopSymbol>;

/** Courses of the loop, each from its own start under its own signals. */
export interface Trajectories {
  count: number;
  steps: number;
  /** States before the first step, row-major [count, states]. */
  starts: Float32Array;
  /** Row-major [steps, count, signals]. */
  signals: Float32Array;
}

/** One part of the loss: the mean of `value` over all trajectories and the steps that count, times the run's weight. */
export interface LoopTerm<P = Configuration> {
  /** Name of its metric, without the weight. */
  metric: string;
  weight(parameters: P): number;
  value: LoopExpression;
  /** The first step that counts, from 0. Default: 0. */
  from?: number;
}

/** A network in closed loop with a plant, or alone on a sequence where there is no plant. */
export interface ClosedLoop<P = Configuration> {
  /** Components of the plant's state; 0 without a plant. */
  states: number;
  signals: number;
  outputs: number;
  outputActivation: ActivationName;
  /** What the network sees in a step, of state and signals. */
  inputs: readonly LoopExpression[];
  /** The plant: each component of the state after the step. A sub-expression that several share, the same object, is computed once. */
  next: readonly LoopExpression[];
  terms: readonly LoopTerm<P>[];
  /** What it is trained on, over at least as many steps as the horizon. */
  training: Trajectories;
}

/** What trajectories did, in single precision. */
export interface RolledOut {
  /** Row-major [steps + 1, count, states]: before the first step and after every one. */
  states: Float32Array;
  /** Row-major [steps, count, outputs]. */
  outputs: Float32Array;
}

/** What a run learned. */
export interface LearnedLoop {
  roll: (trajectories: Trajectories) => RolledOut;
  /** Value of every term over the whole horizon by its metric, without weights. */
  terms: Readonly<Record<string, number>>;
  loss: number;
}

interface LoopJudgement {
  metrics: Record<string, number>;
  labels: Record<string, string>;
  /** By plot id; read only when plots are wanted. */
  plots: () => Record<string, PlotDataInput>;
}

/** For the family `rollout`: a plant with what is to be achieved, as formulas. */
export interface RolloutProblem<P = Configuration> {
  kind: "rollout";
  /** Only weights read per-run parameters; the runs of a pack share all else. */
  loop(parameters: P, resources: ProblemResources): ClosedLoop<P>;
  /** Final figures beside the losses, words and plots. */
  judge(parameters: P, learned: LearnedLoop, resources: ProblemResources): LoopJudgement;
  /** Figures of a run whose loss became infinite. */
  diverged(): Record<string, number>;
}

export const state = (index = 0): LoopExpression => ({ op: "symbol", symbol: { kind: "state", index } });
export const signal = (index = 0): LoopExpression => ({ op: "symbol", symbol: { kind: "signal", index } });
export const output = (index = 0): LoopExpression => ({ op: "symbol", symbol: { kind: "output", index } });
