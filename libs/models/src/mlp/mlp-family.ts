import type { PackResources, PackRun, PackSink } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { CrossValidatedProgram, type CreateUnit } from "./cross-validation";
import { MlpProgram } from "./mlp-program";
import { mlpParametersOf } from "./settings";

/**
 * Multilayer perceptrons of any depth and width, trained on labelled samples by gradient descent; see `MlpParameters` for what
 * can be chosen. A step is an epoch.
 */
export const mlpFamily: ModelFamily = {
  id: "mlp",
  create(definition: ExperimentDefinition, runs: readonly PackRun[], sink: PackSink, resources: PackResources) {
    requireSameShape(definition, runs);
    const create: CreateUnit = (own, ownSink, fold) => new MlpProgram(definition, own, ownSink, resources, fold);
    const [first] = runs;
    const folds = first ? mlpParametersOf(first).folds : 0;
    return Promise.resolve(folds > 0 ? new CrossValidatedProgram(runs, folds, sink, create) : create(runs, sink, null));
  },
};
