import { MlpParameters, type ActivationName } from "@basin/contracts";
import type { FusedLoss, PackRun } from "@basin/engine";
import type { SupervisedProblem } from "@basin/problems";

/** The family's own parameters out of a run's configuration, which may also hold the problem's. Throws ZodError. */
export function mlpParametersOf(run: PackRun): MlpParameters {
  const own = Object.entries(run.parameters).filter(([name]) => name in MlpParameters.shape);
  return MlpParameters.parse(Object.fromEntries(own));
}

/** The last layer's activation while training (softmax and sigmoid are part of their loss) and when predicting. */
export interface OutputStage {
  loss: FusedLoss;
  training: ActivationName;
  predicting: ActivationName;
  softmax: boolean;
}

/** Throws for a pair of loss and output activation that has no sensible meaning. */
export function outputStageOf(problem: SupervisedProblem): OutputStage {
  const { loss, outputActivation } = problem;
  switch (loss) {
    case "mse":
    case "mae":
      if (outputActivation === "softmax") break;
      return { loss, training: outputActivation, predicting: outputActivation, softmax: false };
    case "bce":
      if (outputActivation !== "sigmoid") break;
      return { loss: "bce-of-logits", training: "linear", predicting: "sigmoid", softmax: false };
    case "cce":
      if (outputActivation !== "softmax") break;
      return { loss: "cce-of-logits", training: "linear", predicting: "linear", softmax: true };
  }
  throw new RangeError(
    `The loss "${loss}" does not go with the output activation "${outputActivation}": mse and mae take any but softmax, bce takes sigmoid, cce takes softmax.`,
  );
}

/** Width of every layer from the inputs to the outputs. */
export function layerWidths(problem: SupervisedProblem, parameters: MlpParameters): number[] {
  return [problem.inputWidth, ...parameters.hiddenLayers, problem.outputWidth];
}
