import { diagnosticFamily } from "./diagnostic/diagnostic-family";
import type { ModelFamily } from "./family";
import { mlpFamily } from "./mlp/mlp-family";

/** Every model family. One folder and one line add one; the conformance suite runs over each. */
export const modelFamilies: readonly ModelFamily[] = [mlpFamily, diagnosticFamily];
