import type {
  Configuration,
  Dataset,
  ExperimentId,
  ExperimentPicture,
  FinalMetrics,
  Issue,
  MetricDescriptor,
  Objective,
  PlotDescriptor,
  RunBound,
  Space,
  StartingPoint,
  SuccessCriterion,
} from "@basin/contracts";
import type { z } from "zod";
import type { ExtensionFamilyId, FamilyId } from "./families";
import type { CustomLossProblem } from "./kinds/custom-loss";
import type { DescentProblem } from "./kinds/descent";
import type { DifferentialEquationProblem } from "./kinds/differential-equation";
import type { ExternalProblem } from "./kinds/external";
import type { LabelledImagesProblem } from "./kinds/labelled-images";
import type { LatentDynamicsProblem } from "./kinds/latent-dynamics";
import type { MeasuredDynamicsProblem } from "./kinds/measured-dynamics";
import type { ReconstructionProblem } from "./kinds/reconstruction";
import type { ProblemResources } from "./kinds/resources";
import type { RolloutProblem } from "./kinds/rollout";
import type { SupervisedProblem } from "./kinds/supervised";
import type { DataSizes, DatasetShapes } from "./memory/data-sizes";

/** Exercises the platform: no tensors, steps that take as long as told, failures on demand. */
export interface DiagnosticProblem {
  kind: "diagnostic";
}

export type Problem =
  | SupervisedProblem
  | LabelledImagesProblem
  | ReconstructionProblem
  | LatentDynamicsProblem
  | MeasuredDynamicsProblem
  | DifferentialEquationProblem
  | RolloutProblem
  | DescentProblem
  | CustomLossProblem
  | DiagnosticProblem
  | ExternalProblem;

/** A catalogue entry: a problem, the model family trained on it, and their typed parameters. Loads without TensorFlow. */
export interface ExperimentDefinition {
  id: ExperimentId;
  /** Raised when the same configuration and seed would give other numbers than before. */
  version: number;
  title: string;
  summary: string;
  description: string;
  source: string;
  family: FamilyId | ExtensionFamilyId;
  /** Of a family from outside: what heads its experiments where they are listed by family. Left out: its id. */
  familyTitle?: string;
  diagnostic: boolean;
  /** The sweep that shows what the experiment teaches; a form opens with it. Every configuration of it trains differently. */
  defaultSweep?: { lesson: string; space: z.input<typeof Space>; seeds: number };
  parameters: z.ZodObject;
  perRunParameters: readonly string[];
  /** Rules across parameters, with paths from the configuration's root. */
  check?(parameters: Configuration): Issue[];
  /** What a person should know of a configuration though nothing forbids it, told without its data. Paths from the configuration's root. */
  warnings?(parameters: Configuration): Issue[];
  /** Named values to start from beside the defaults. None when left out. */
  startingPoints?: readonly StartingPoint[];
  /**
   * Parameters (or `seed`) whose value changes nothing of a run, given the others; besides what `withoutEffect` knows of all. None when left out.
   */
  withoutEffect?(parameters: Configuration): string[];
  /** Ids of the datasets that a configuration needs; the trainer brings them along. None when left out. */
  datasets?(parameters: Configuration): string[];
  /** Whether a configuration without a dataset trains on data that the experiment brings along. */
  hasOwnData?: boolean;
  /** What a configuration asks of one of its datasets that is not there: columns, types. Paths from the configuration's root. */
  checkDataset?(parameters: Configuration, dataset: Dataset): Issue[];
  /**
   * What a person should know of a configuration on a dataset before it is trained, though nothing forbids it. Called for configurations
   * of which `problemOf` did not throw. Paths from the configuration's root.
   */
  dataWarnings?(parameters: Configuration, resources: ProblemResources): Issue[];
  /**
   * How much data a configuration trains on, told without making it, for an estimate of its memory; null when it names a dataset that is not
   * known. Left out: nothing is estimated.
   */
  sizes?(parameters: Configuration, datasets: DatasetShapes): DataSizes | null;
  objective: Objective;
  metrics: readonly MetricDescriptor[];
  success: SuccessCriterion | null;
  /**
   * Where `success` asks for a figure that is yes or no: the bounds behind it, of a finished run's final metrics. All are met exactly where the
   * criterion is. Left out: those of `success` themselves.
   */
  bounds?(metrics: FinalMetrics): RunBound[];
  plots: readonly PlotDescriptor[];
  /** What its card shows; left out: the picture of the most telling of its plots. */
  picture?: ExperimentPicture;
  maxPackWidth: number;
  stepUnit: string;
  problem: Problem;
  /**
   * The problem of one configuration, for experiments whose shape depends on a dataset; it reads no per-run parameter. `problem` then only
   * stands for its kind. Throws UntrainableError, or another RangeError, for what cannot be trained on.
   */
  problemOf?(parameters: Configuration, resources: ProblemResources): Problem;
}
