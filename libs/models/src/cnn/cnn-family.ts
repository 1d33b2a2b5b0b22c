import { requireSameShape, type ModelFamily } from "../family";
import { SampleProgram } from "../training/sample-program";
import { CnnNetwork } from "./cnn-network";

/**
 * Convolutional classifiers: convolutions and pools, hidden dense layers, a softmax over the classes; see `CnnParameters` for what can
 * be chosen. A step is an epoch.
 */
export const cnnFamily: ModelFamily = {
  id: "cnn",
  create: async (definition, runs, sink, resources) => {
    requireSameShape(definition, runs);
    const [first] = runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    const problem = definition.problemOf?.(first.parameters, resources) ?? definition.problem;
    if (problem.kind !== "labelled-images") throw new TypeError(`The experiment "${definition.id}" has no labelled images.`);
    const network = new CnnNetwork(definition, problem, first, resources);
    return Promise.resolve(new SampleProgram(definition, network, runs, sink));
  },
};
