import type {
  ActivationName,
  Configuration,
  ExperimentId,
  Issue,
  LossName,
  MetricDescriptor,
  Objective,
  PlotDescriptor,
  SuccessCriterion,
} from "@basin/contracts";
import type { z } from "zod";

/** Samples in row-major order: `inputs[i * inputWidth + j]`. */
export interface SupervisedData {
  samples: number;
  inputs: Float32Array;
  targets: Float32Array;
}

/** Data, truth and judgement for families that learn a mapping from labelled samples (`mlp`). Pure functions of the configuration. */
export interface SupervisedProblem<P = Configuration> {
  kind: "supervised";
  inputWidth: number;
  outputWidth: number;
  outputActivation: ActivationName | "softmax";
  loss: LossName;
  /** The training samples. Reads no per-run parameter, so the runs of a pack share it. */
  data(parameters: P): SupervisedData;
  /** Where the trained network is evaluated, row-major [points, inputWidth]. */
  evaluationInputs(parameters: P): Float32Array;
  /** Final figures from predictions [points, outputWidth] at the evaluation inputs. */
  evaluate(parameters: P, predictions: Float32Array): Record<string, number>;
}

/** Exercises the platform: no tensors, steps that take as long as told, failures on demand. */
export interface DiagnosticProblem {
  kind: "diagnostic";
}

export type Problem = SupervisedProblem | DiagnosticProblem;

/** A catalogue entry: a problem, the model family trained on it, and their typed parameters. Loads without TensorFlow. */
export interface ExperimentDefinition {
  id: ExperimentId;
  /** Raised when the same configuration and seed would give other numbers than before. */
  version: number;
  title: string;
  summary: string;
  description: string;
  source: string;
  family: "mlp" | "diagnostic";
  diagnostic: boolean;
  parameters: z.ZodObject;
  perRunParameters: readonly string[];
  /** Rules across parameters, with paths from the configuration's root. */
  check?(parameters: Configuration): Issue[];
  objective: Objective;
  metrics: readonly MetricDescriptor[];
  success: SuccessCriterion | null;
  plots: readonly PlotDescriptor[];
  maxPackWidth: number;
  stepUnit: string;
  problem: Problem;
}
