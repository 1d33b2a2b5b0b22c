import type { Configuration, Issue, MetricDescriptor } from "@basin/contracts";

/**
 * Metrics that the `mlp` family reports of its own accord, whatever the problem. As a series: once per epoch (step = epoch,
 * from 1). As a final figure: the value of the epoch whose weights are kept (the last, or the best when those are restored).
 * Wall-clock figures are no metrics: they differ between two runs of the same configuration.
 */
export const mlpMetrics: readonly MetricDescriptor[] = [
  { name: "loss", title: "Training loss (mean over the epoch's batches)", unit: "", series: true, final: true, scale: "log" },
  {
    name: "validationLoss",
    title: "Validation loss (only with a validation fraction)",
    unit: "",
    series: true,
    final: true,
    scale: "log",
  },
];

/** Rules across the parameters that all experiments of the `mlp` family share. Paths from the configuration's root. */
export function checkMlpParameters(parameters: Configuration): Issue[] {
  if (parameters.validationFraction !== 0) return [];
  const issues: Issue[] = [];
  const hint = "set validationFraction, e.g. to 0.2";
  if (typeof parameters.earlyStoppingPatience === "number" && parameters.earlyStoppingPatience > 0) {
    issues.push({
      path: "earlyStoppingPatience",
      message: "early stopping needs a validation loss, but validationFraction is 0",
      hint,
    });
  }
  if (parameters.restoreBestWeights === true) {
    issues.push({
      path: "restoreBestWeights",
      message: "the best weights are those with the lowest validation loss, but validationFraction is 0",
      hint,
    });
  }
  return issues;
}
