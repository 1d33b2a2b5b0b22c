import { requireSameShape, type ModelFamily } from "../family";
import { SampleProgram } from "../training/sample-program";
import { AutoencoderNetwork } from "./autoencoder-network";

/**
 * Autoencoders, dense or convolutional, of any latent width, trained to reconstruct their inputs; see `AutoencoderParameters` for
 * what can be chosen. A step is an epoch.
 */
export const autoencoderFamily: ModelFamily = {
  id: "autoencoder",
  create: async (definition, runs, sink, resources) => {
    requireSameShape(definition, runs);
    const [first] = runs;
    if (!first) throw new RangeError("A pack needs at least one run.");
    const problem = definition.problemOf?.(first.parameters, resources) ?? definition.problem;
    if (problem.kind !== "reconstruction")
      throw new TypeError(`The experiment "${definition.id}" has no samples to reconstruct.`);
    const network = new AutoencoderNetwork(definition, problem, first, resources);
    return Promise.resolve(new SampleProgram(definition, network, runs, sink));
  },
};
