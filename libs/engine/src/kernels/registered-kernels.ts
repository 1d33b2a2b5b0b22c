import { activationDerivatives } from "./activation-derivatives";
import { batchProduct } from "./batch-product";
import { convBackward } from "./conv-backward";
import { convForward } from "./conv-forward";
import { denseEpoch } from "./dense-epoch";
import { denseBackward } from "./dense-backward";
import { denseForward } from "./dense-forward";
import { gatherRows } from "./gather-rows";
import { jetBackward } from "./jet-backward";
import { jetForward } from "./jet-forward";
import { libraryBackward, libraryForward } from "./library";
import { lossGradient } from "./loss-gradient";
import { optimizerStep } from "./optimizer-step";
import { averagePoolBackward, averagePoolForward, maxPoolBackward, maxPoolForward } from "./pooling";
import { copyFloats, peakRate, productTiles } from "./measuring";
import { sumRuns } from "./sum-runs";
import { transposedConvBackward } from "./transposed-conv-backward";
import { transposedConvForward } from "./transposed-conv-forward";
import type { RegisteredKernel } from "./wasm-kernels";

/** Every kernel of ours on the wasm backend. One line adds one. */
export const registeredKernels: readonly RegisteredKernel[] = [
  batchProduct,
  denseForward,
  denseBackward,
  denseEpoch,
  jetForward,
  jetBackward,
  libraryForward,
  libraryBackward,
  lossGradient,
  optimizerStep,
  gatherRows,
  activationDerivatives,
  convForward,
  convBackward,
  transposedConvForward,
  transposedConvBackward,
  maxPoolForward,
  maxPoolBackward,
  averagePoolForward,
  averagePoolBackward,
  sumRuns,
  peakRate,
  productTiles,
  copyFloats,
];
