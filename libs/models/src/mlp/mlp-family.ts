import { MlpParameters } from "@basin/contracts";
import type { PackResources, PackRun, PackSink } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import { requireSameShape, type ModelFamily } from "../family";
import { ownParameters } from "../training/own-parameters";
import { SampleProgram } from "../training/sample-program";
import { CrossValidatedProgram, resamplings, type CreateUnit } from "./cross-validation";
import { MlpNetwork } from "./mlp-network";

/**
 * Multilayer perceptrons of any depth and width, trained on labelled samples by gradient descent; see `MlpParameters` for what
 * can be chosen. A step is an epoch.
 */
export const mlpFamily: ModelFamily = {
  id: "mlp",
  create(definition: ExperimentDefinition, runs: readonly PackRun[], sink: PackSink, resources: PackResources) {
    requireSameShape(definition, runs);
    const [first] = runs;
    const { problem } = definition;
    if (problem.kind !== "supervised")
      throw new TypeError(`The experiment "${definition.id}" has no labelled samples to train an mlp on.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    const create: CreateUnit = (own, ownSink, fold) =>
      new SampleProgram(definition, new MlpNetwork(definition, problem, first, resources, fold), own, ownSink);
    const { folds, bootstrapSamples } = ownParameters(MlpParameters, first);
    const held = resamplings(folds, bootstrapSamples);
    return Promise.resolve(held.length > 0 ? new CrossValidatedProgram(runs, held, sink, create) : create(runs, sink, null));
  },
};
