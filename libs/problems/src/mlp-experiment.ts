import { mlpPerRunParameters, type RegressionLoss } from "@basin/contracts";
import type { ExperimentDefinition } from "./experiment";
import { checkMlpParameters, mlpMetrics } from "./mlp-metrics";
import { penaltyWeightName } from "./penalty-weight";

/** A curve y(x) as a problem: one number in, one out, by the loss that the parameters choose. */
export const curveFit = {
  kind: "supervised",
  inputWidth: 1,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mse",
  lossOf: ({ loss, huberDelta }: RegressionLoss) => ({ loss, huberDelta }),
} as const;

/** What an experiment says of itself; the rest follows from the family. */
type OwnPart = Omit<ExperimentDefinition, "family" | "diagnostic" | "perRunParameters" | "stepUnit">;

/**
 * An experiment of the family `mlp` with what all of them have: the family's metrics before its own, rules across the family's parameters
 * after its own, per-run parameters (the weight of an output penalty among them), and epochs as steps.
 */
export function mlpExperiment(own: OwnPart): ExperimentDefinition {
  const penalized = own.problem.kind === "supervised" && own.problem.outputPenalty !== undefined;
  return {
    ...own,
    family: "mlp",
    diagnostic: false,
    perRunParameters: penalized ? [...mlpPerRunParameters, penaltyWeightName] : mlpPerRunParameters,
    check: (parameters) => [...(own.check?.(parameters) ?? []), ...checkMlpParameters(parameters)],
    metrics: [...mlpMetrics, ...own.metrics],
    stepUnit: "epoch",
  };
}
