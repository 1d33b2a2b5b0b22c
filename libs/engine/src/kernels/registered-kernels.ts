import { batchProduct } from "./batch-product";
import { denseBackward } from "./dense-backward";
import { denseForward } from "./dense-forward";
import { gatherRows } from "./gather-rows";
import { lossGradient } from "./loss-gradient";
import { optimizerStep } from "./optimizer-step";
import type { RegisteredKernel } from "./wasm-kernels";

/** Every kernel of ours on the wasm backend. One line adds one. */
export const registeredKernels: readonly RegisteredKernel[] = [
  batchProduct,
  denseForward,
  denseBackward,
  lossGradient,
  optimizerStep,
  gatherRows,
];
