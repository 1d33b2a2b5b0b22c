import { rolloutPerRunParameters, type Configuration, type Issue } from "@basin/contracts";
import type { ExperimentDefinition } from "../experiment";
import { finalMetric } from "../final-metric";

/** What an experiment says of itself; the rest follows from the family. */
type OwnPart = Omit<ExperimentDefinition, "family" | "diagnostic" | "stepUnit" | "maxPackWidth">;

/** The rules across parameters of the family `rollout`. */
function checkRolloutParameters({ epochs, reportEvery, horizon, firstHorizon, cell, hiddenLayers }: Configuration): Issue[] {
  const issues: Issue[] = [];
  if (Number(epochs) % Number(reportEvery) !== 0)
    issues.push({ path: "reportEvery", message: `does not divide the ${Number(epochs)} epochs`, hint: "e.g. 1" });
  if (Number(firstHorizon) > Number(horizon))
    issues.push({
      path: "firstHorizon",
      message: `is more than the horizon of ${Number(horizon)} steps`,
      hint: `at most ${Number(horizon)}`,
    });
  if (cell === "elman" && Array.isArray(hiddenLayers) && hiddenLayers.length === 0)
    issues.push({ path: "hiddenLayers", message: "has no layer that an elman cell could remember", hint: "e.g. [32]" });
  return issues;
}

/** An experiment of the family `rollout` with what all of them have: the family's metrics, rules and per-run parameters, and epochs as steps. */
export function rolloutExperiment(own: OwnPart): ExperimentDefinition {
  return {
    ...own,
    family: "rollout",
    diagnostic: false,
    perRunParameters: [...rolloutPerRunParameters, ...own.perRunParameters],
    check: (parameters) => [...(own.check?.(parameters) ?? []), ...checkRolloutParameters(parameters)],
    withoutEffect: (parameters) => [
      ...(own.withoutEffect?.(parameters) ?? []),
      ...(parameters.firstHorizon === parameters.horizon ? ["horizonGrowth"] : []),
      ...(parameters.horizonGrowth === 0 ? ["firstHorizon"] : []),
      ...(Array.isArray(parameters.hiddenLayers) && parameters.hiddenLayers.length === 0 ? ["activation"] : []),
    ],
    metrics: [
      finalMetric(
        "loss",
        "Loss",
        "Sum of the parts below times their weights. Curve: before the step of that epoch, over the horizon at that time. Final figure: of the saved weights, over the whole horizon.",
        { series: true, scale: "log" },
      ),
      ...own.metrics,
      finalMetric(
        "gradientNorm",
        "Norm of the gradient",
        "Euclidean norm of all gradients of the epoch together, before they are limited. Final figure: in the last epoch.",
        { series: true, scale: "log" },
      ),
      finalMetric(
        "largestGradientNorm",
        "Largest norm of the gradient",
        "The greatest norm of the gradient in any epoch, before it was limited.",
        { scale: "log" },
      ),
    ],
    stepUnit: "epoch",
    maxPackWidth: 32,
  };
}
