/**
 * @basin/models owns the model families: how the runs of a pack are set up, trained, checkpointed and judged as one batched
 * program. It takes experiments from @basin/problems and operations from @basin/engine. It refuses NATS, files, clocks and
 * any random number that does not come from @basin/numerics. Loads TensorFlow.js: worker threads only.
 */
export { createPackProgram } from "./create-pack-program";
export type { ModelFamily } from "./family";
export { addExtensionFamilies, type FamilyKit } from "./extension-families";
export { addFamilies, modelFamilies } from "./registry";
