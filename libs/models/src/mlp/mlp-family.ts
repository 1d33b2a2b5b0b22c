import type { PackRun, PackSink } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { MlpProgram } from "./mlp-program";

/**
 * Multilayer perceptrons of any depth and width, trained on labelled samples by gradient descent; see `MlpParameters` for what
 * can be chosen. A step is an epoch.
 */
export const mlpFamily: ModelFamily = {
  id: "mlp",
  create(definition: ExperimentDefinition, runs: readonly PackRun[], sink: PackSink) {
    requireSameShape(definition, runs);
    return Promise.resolve(new MlpProgram(definition, runs, sink));
  },
};
