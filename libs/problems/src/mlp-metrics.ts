import { layerActivationsOf, type Configuration, type Issue, type MetricDescriptor } from "@basin/contracts";
import { finalMetric } from "./final-metric";
import { penaltyWeightName } from "./penalty-weight";
import { weightCount } from "./weight-count";

/**
 * Metrics of every family that trains on samples, epoch by epoch, whatever the problem. As a series: once per epoch (step = epoch, from 1).
 * As a final figure: of the weights that are saved (the last, or the best when those are restored). Wall-clock figures are no metrics:
 * they differ between two runs of the same configuration.
 */
export const sampleTrainingMetrics: readonly MetricDescriptor[] = [
  finalMetric(
    "loss",
    "Training loss",
    "Over the training samples, without penalties. Curve: mean over the epoch's batches of what each had before its step, dropout and noise included. Final figure: of the saved weights, without either.",
    { scale: "log", series: true },
  ),
  finalMetric(
    "validationLoss",
    "Validation loss (only with a validation fraction)",
    "The same over the held-out samples, after the epoch's last step. Final figure: of the saved weights.",
    { scale: "log", series: true, where: [{ parameter: "validationFraction", isNot: 0 }] },
  ),
  weightCount,
];

/** Those, and what the `mlp` family adds of its own accord. */
export const mlpMetrics: readonly MetricDescriptor[] = [
  ...sampleTrainingMetrics,
  finalMetric(
    "initialWeightMean",
    "Mean of the initial weights",
    "Σw/n over the weight matrices of all layers, biases left out.",
  ),
  finalMetric(
    "initialWeightRms",
    "Root mean square of the initial weights",
    "√(Σw²/n) over the weight matrices of all layers, biases left out.",
  ),
];

/** Figures of an experiment that can be cross-validated (`folds`); `what` names the score, e.g. "accuracy". */
export function crossValidationMetrics(what: string, scale: "linear" | "log"): readonly MetricDescriptor[] {
  const common = { unit: "", series: false, final: true, scale, where: [{ parameter: "folds", isNot: 0 }] };
  return [
    {
      name: "crossValidationScore",
      title: `Mean ${what} over the folds (only with folds)`,
      description: `Mean over the k folds of the ${what} on the fold of a network that was trained without it.`,
      ...common,
    },
    {
      name: "crossValidationStd",
      title: `Standard deviation of the ${what} over the folds`,
      description: "√(Σ(s − s̄)²/(k − 1)) of the scores s on the k folds.",
      ...common,
      scale: "linear",
    },
    {
      name: "bootstrapScore",
      title: `Mean ${what} over the bootstrap samples (only with bootstrap samples)`,
      description: `Mean over the bootstrap samples of the ${what} of the network trained on each, on the training samples that were not drawn.`,
      ...common,
      where: bootstrapped,
    },
    {
      name: "bootstrapStd",
      title: `Standard deviation of the ${what} over the bootstrap samples`,
      description: "√(Σ(s − s̄)²/(b − 1)) of the scores s on the b bootstrap samples.",
      ...common,
      scale: "linear",
      where: bootstrapped,
    },
  ];
}

const bootstrapped = [{ parameter: "bootstrapSamples", isNot: 0 }];

/** What L-BFGS cannot be used with, and why; each counts where it is more than 0. */
const besideMinimization: Readonly<Record<string, string>> = {
  batchSize: "L-BFGS minimizes the loss of all samples at once",
  dropout: "L-BFGS needs the same loss in every evaluation, and dropout draws another",
  inputDropout: "L-BFGS needs the same loss in every evaluation, and dropout draws another",
  l1: "L-BFGS needs a loss with a gradient everywhere, and |w| has none at 0",
  proximalL1: "L-BFGS takes no proximal steps",
  clipNorm: "L-BFGS needs the loss's own gradient, and a limit cuts it",
  clipValue: "L-BFGS needs the loss's own gradient, and a limit cuts it",
  earlyStoppingPatience: "an evaluation of L-BFGS may be anywhere, so that nothing is to be stopped by it",
  plateauPatience: "an evaluation of L-BFGS may be anywhere, so that nothing is to be stopped by it",
  [penaltyWeightName]: "L-BFGS needs the value of what it minimizes, and of the domain term only the gradient is known",
};

/** What stands in the way of `lbfgsSteps` > 0 in the `mlp` family. */
export function checkMinimization(parameters: Configuration): Issue[] {
  const issues: Issue[] = Object.entries(besideMinimization).flatMap(([path, message]) =>
    Number(parameters[path] ?? 0) > 0 ? [{ path, message, hint: "use 0, or set lbfgsSteps to 0" }] : [],
  );
  if (parameters.batchNormalization === true)
    issues.push({
      path: "batchNormalization",
      message: "running averages follow steps, and L-BFGS goes back from some of its evaluations",
      hint: "use false, or set lbfgsSteps to 0",
    });
  return issues;
}

/** Rules across the parameters that all experiments of the `mlp` family share. Paths from the configuration's root. */
export function checkMlpParameters(parameters: Configuration): Issue[] {
  const issues: Issue[] = [];
  const { hiddenLayers, layerActivations, folds, bootstrapSamples } = parameters;
  const named = typeof layerActivations === "string" ? layerActivationsOf(layerActivations).length : 0;
  const hidden = Array.isArray(hiddenLayers) ? hiddenLayers.length : 0;
  if (named > 0 && named !== hidden) {
    const message = `names ${named} activations for ${hidden} hidden layers`;
    issues.push({
      path: "layerActivations",
      message,
      hint: "give one for each hidden layer, or none to use `activation` in all",
    });
  }
  if (parameters.batchNormalization === true && parameters.batchSize === 1 && hidden > 0)
    issues.push({
      path: "batchSize",
      message:
        "batch normalization needs more than one sample per batch: of one sample the variance is 0 and nothing of it is left",
      hint: "use 0 (all samples) or at least 2, or set batchNormalization to false",
    });
  if (Number(parameters.lbfgsSteps ?? 0) > 0) {
    if (Number(parameters.lbfgsSteps) > Number(parameters.epochs))
      issues.push({ path: "lbfgsSteps", message: `is more than the ${Number(parameters.epochs)} epochs`, hint: "e.g. 0" });
    issues.push(...checkMinimization(parameters));
  }
  const resampled = ["folds", "bootstrapSamples"].find((name) => Number(parameters[name] ?? 0) > 0);
  if (resampled !== undefined && parameters.startFrom !== undefined && parameters.startFrom !== "")
    issues.push({
      path: "startFrom",
      message: `weights of another run may have seen the samples on which ${resampled} scores the networks`,
      hint: `set ${resampled} to 0, or leave startFrom empty`,
    });
  if (folds === 1)
    issues.push({ path: "folds", message: "one fold leaves nothing to train on", hint: "use 0 for none, or at least 2" });
  if (bootstrapSamples === 1)
    issues.push({
      path: "bootstrapSamples",
      message: "one bootstrap sample has no spread",
      hint: "use 0 for none, or at least 2",
    });
  if (parameters.validationFraction !== 0) {
    if (typeof bootstrapSamples === "number" && bootstrapSamples > 0)
      issues.push({
        path: "bootstrapSamples",
        message: "bootstrap samples take the place of a validation fraction",
        hint: "set validationFraction to 0",
      });
    if (typeof folds === "number" && folds > 0)
      issues.push({
        path: "folds",
        message: "folds take the place of a validation fraction",
        hint: "set validationFraction to 0",
      });
    return issues;
  }
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
