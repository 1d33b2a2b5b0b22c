import { openBackend, type CreatePackProgram } from "@basin/engine";
import { findExperiment } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { ModelFamily } from "./family";
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
  await chooseBackend(family);
  const [first] = runs;
  const concrete =
    definition.problemOf && first ? { ...definition, problem: definition.problemOf(first.parameters, resources) } : definition;
  return family.create(concrete, runs, sink, resources);
};

let opened: string | null = null;

/** Where the trainer opened webgpu, families that cannot use it train on wasm. A thread trains one pack at a time. */
async function chooseBackend(family: ModelFamily): Promise<void> {
  opened ??= tf.getBackend();
  if (opened === "webgpu") await openBackend(family.avoidsWebgpu ? "wasm" : "webgpu");
}
