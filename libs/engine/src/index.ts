/**
 * @basin/engine owns what model families compute with: the choice of a TensorFlow.js backend, our SIMD kernels on the wasm
 * backend and the operations that use them (with a composed form for other backends), the interface of a pack program, and the
 * safetensors format. Every operation has a leading run axis and gives a run the same bits whatever stands beside it.
 * It refuses to know any model, problem, message or file system. A main thread imports `describe-backend` only.
 */
export {
  backendWishes,
  describeBackend,
  parseBackendWish,
  type BackendDescription,
  type BackendWish,
  type TensorflowPackage,
} from "./describe-backend";
export { openBackend } from "./backend/open-backend";
export type { CreatePackProgram, PackProgram, PackRun, PackSink, ProgramArtifact, ProgramResult } from "./pack-program";
export { denseBackward, denseForward } from "./ops/dense";
export { gatherRows, selectRuns } from "./ops/gather";
export { fusedLosses, lossAndGradient, type FusedLoss } from "./ops/loss";
export { hyperWidth, optimizerSlots, optimizerStep, writeHyper, type StepHyper } from "./ops/optimizer";
export {
  readSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  type SafetensorsValues,
} from "./safetensors";
