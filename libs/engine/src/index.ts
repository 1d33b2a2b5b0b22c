/**
 * @basin/engine owns what model families compute with: the choice of a TensorFlow.js backend, our SIMD kernels on the wasm
 * backend and the operations that use them (with a composed form for other backends), the interface of a pack program, and the
 * safetensors format. Every operation has a leading run axis and gives a run the same bits whatever stands beside it.
 * It refuses to know any model, problem, message or file system. A main thread calls `chooseBackend` and never
 * `openBackend`: TensorFlow.js belongs to worker threads.
 */
export {
  backendWishes,
  defaultSlots,
  describeBackend,
  parseBackendWish,
  type BackendDescription,
  type BackendFindings,
  type BackendWish,
  type Finding,
  type FoundAdapter,
  type FoundTensorflow,
  type TensorflowPackage,
} from "./describe-backend";
export { chooseBackend } from "./backend/find-backends";
export { allowWideVectors, canWidenVectors } from "./backend/wide-vectors";
export { openBackend } from "./backend/open-backend";
export { wasmMemoryBytes } from "./backend/open-wasm";
export { MachineFault } from "./backend/machine-fault";
export { limitWasmHeap, OutOfMemory, tensorCount, tensorFault } from "./backend/wasm-heap";
export type {
  CreatePackProgram,
  PackProgram,
  PackResources,
  PackRun,
  PackSink,
  ProgramArtifact,
  ProgramResult,
} from "./pack-program";
export { activationDerivatives, type DerivativeOrder } from "./ops/activation-derivatives";
export { joinColumns, takeColumns } from "./ops/columns";
export { convBackward, convForward } from "./ops/conv";
export { denseBackward, denseForward } from "./ops/dense";
export { trainDenseEpoch, type DenseArrays, type DenseTraining } from "./ops/dense-epoch";
export type { FormulaInstruction, FormulaOp, Formulas } from "./ops/formula-program";
export { evaluateFormulas, formulaGradients } from "./ops/formulas";
export { gatherRows, selectRuns } from "./ops/gather";
export type { ConvGradients } from "./ops/image-patches";
export { jetBackward, jetForward, type JetActivation, type JetPass } from "./ops/jet";
export { libraryGradient, libraryTerms, type LibraryPlace } from "./ops/library";
export { fusedLosses, lossAndGradient, type FusedLoss } from "./ops/loss";
export { copyPlainly, hasWideVectors, runAtPeak, useWideTiles } from "./ops/measuring";
export { hyperWidth, optimizerStep, writeHyper, type StepHyper } from "./ops/optimizer";
export { averagePoolBackward, averagePoolForward, maxPoolBackward, maxPoolForward, type PoolWindow } from "./ops/pool";
export { hasKernels } from "./ops/native-kernel";
export { meanPerRun, sumPerRun, sumRows } from "./ops/reduce";
export { slidingBy, slidOutput, spreadOutput, type Sliding } from "./ops/sliding";
export { transposedConvBackward, transposedConvForward } from "./ops/transposed-conv";
export { compileStep, renewGpu, stepsOnGpu, takeStepsOnGpu } from "./compile-step";
export { scheduleWishes } from "./gpu/gpu-step";
export { openGpu, useSoftwareGpu } from "./gpu/open-gpu";
export { roundings, type Rounding } from "./gpu/rounding";
export type { CompiledStep, PlannedStep, Step, StepInput } from "./step";
export {
  readSafetensors,
  writeSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  type SafetensorsValues,
} from "./safetensors";
