import { renewGpu, type CreatePackProgram } from "@basin/engine";
import { findExperiment } from "@basin/problems";
import { modelFamilies } from "./registry";

/** The program that trains runs of a catalogue entry. The backend must be open (`openBackend`). Rejects when there is no such experiment. */
export const createPackProgram: CreatePackProgram = async (experimentId, runs, sink, resources) => {
  const definition = findExperiment(experimentId);
  if (!definition)
    throw new RangeError(
      `There is no experiment "${experimentId}" in this trainer's catalogue; is the trainer older than the API?`,
    );
  const family = modelFamilies.find(({ id }) => id === definition.family);
  if (!family) throw new RangeError(`No model family "${definition.family}" is registered.`);
  await renewGpu();
  const [first] = runs;
  const concrete =
    definition.problemOf && first ? { ...definition, problem: definition.problemOf(first.parameters, resources) } : definition;
  return family.create(concrete, runs, sink, resources);
};
