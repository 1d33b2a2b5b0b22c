import type { Configuration } from "@basin/contracts";
import type { Library, Variable } from "../dynamics/library";
import type { LawSnapshot } from "../dynamics/equation";
import type { LatentJudgement } from "./latent-dynamics";
import type { ProblemResources } from "./resources";
import type { TableRows } from "./table-rows";

/** States at equal intervals, row-major [samples, variables]. */
export interface MeasuredStates {
  /** Between two samples. */
  interval: number;
  samples: number;
  states: Float64Array;
}

/** A law ẏ = Θ(y)Ξ found from measured states. */
export interface MeasuredLaw {
  library: Library;
  /** [terms, variables], row-major; 0 where a term was pruned. */
  coefficients: Float64Array;
  /** After each iteration of the regression. */
  history: readonly LawSnapshot[];
  /** The share of the estimated rates' mean square that the law leaves unexplained after each iteration, at the smoothed states. */
  residuals: readonly number[];
}

/** For the family `sindy`: measured states whose law of motion is sought. */
export interface MeasuredDynamicsProblem<P = Configuration> {
  kind: "measured-dynamics";
  variables: readonly Variable[];
  /** Of a problem on a table; every run then stores which rows it held out. */
  rows?: TableRows;
  /** What a run is given. The run's seed draws the measurement noise. */
  measure(parameters: P, seed: number, resources: ProblemResources): MeasuredStates;
  /** Final figures, words and plots. Here alone the truth may be looked at. */
  judge(parameters: P, law: MeasuredLaw): LatentJudgement;
}
