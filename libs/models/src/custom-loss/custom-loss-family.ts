import { requireSameShape, type ModelFamily } from "../family";
import { SampleProgram } from "../training/sample-program";
import { CustomLossNetwork } from "./custom-loss-network";

/**
 * Dense networks whose loss is a function in plain code, in double precision: for losses without a kernel, as those of alignments are. Outputs are
 * read and gradients written in every step, which WebGPU cannot do without waiting. A step is an epoch.
 */
export const customLossFamily: ModelFamily = {
  id: "custom-loss",
  create(definition, runs, sink, resources) {
    requireSameShape(definition, runs);
    const [first] = runs;
    const { problem } = definition;
    if (problem.kind !== "custom-loss") throw new TypeError(`The experiment "${definition.id}" has no loss of its own.`);
    if (!first) throw new RangeError("A pack needs at least one run.");
    return Promise.resolve(
      new SampleProgram(definition, new CustomLossNetwork(definition, problem, first, resources), runs, sink),
    );
  },
};
