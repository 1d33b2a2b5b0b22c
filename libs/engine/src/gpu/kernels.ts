import type { TracedKernel } from "./trace-backend";
import { activationDerivatives } from "./wgsl/activation-derivatives";
import { arrangingKernels } from "./wgsl/arrange";
import { batchProduct } from "./wgsl/batch-product";
import { convKernels } from "./wgsl/conv";
import { denseBackward, denseForward } from "./wgsl/dense";
import { elementwiseKernels } from "./wgsl/elementwise";
import { formulas, formulasBackward } from "./wgsl/formulas";
import { gatherRows } from "./wgsl/gather-rows";
import { jetBackward, jetForward } from "./wgsl/jet";
import { libraryBackward, libraryForward } from "./wgsl/library";
import { lossGradient } from "./wgsl/loss-gradient";
import { optimizerStep } from "./wgsl/optimizer-step";
import { poolKernels } from "./wgsl/pool";
import { sumRuns } from "./wgsl/sum-runs";

/** Every kernel of the GPU. */
export const tracedKernels: readonly TracedKernel[] = [
  ...elementwiseKernels,
  ...arrangingKernels,
  ...convKernels,
  ...poolKernels,
  activationDerivatives,
  batchProduct,
  denseForward,
  denseBackward,
  formulas,
  formulasBackward,
  gatherRows,
  libraryForward,
  libraryBackward,
  jetForward,
  jetBackward,
  lossGradient,
  optimizerStep,
  sumRuns,
];
