import type { SindyAutoencoderParameters } from "@basin/contracts";
import { exponential, logarithm } from "@basin/numerics";

/** Optimizer steps of a whole run. */
function totalSteps({ blocks, stepsPerBlock }: Pick<SindyAutoencoderParameters, "blocks" | "stepsPerBlock">): number {
  return blocks * stepsPerBlock;
}

/** λ₁, λ₂, λ₃ and the factor on both learning rates for the step after `steps` steps. */
export function scheduleAt(
  parameters: SindyAutoencoderParameters,
  steps: number,
): { derivative: number; law: number; sparsity: number; decay: number } {
  const done = steps / totalSteps(parameters);
  const { derivativeWeight, lawWeight, lateLawWeight, lateFrom, sparsityWeight, finalDecay, decayFrom } = parameters;
  const decaying = finalDecay < 1 && done > decayFrom;
  const decay = decaying ? exponential((logarithm(finalDecay) * (done - decayFrom)) / (1 - decayFrom)) : 1;
  if (parameters.procedure === "two-stage") return { derivative: 0, law: 0, sparsity: 0, decay };
  return {
    derivative: derivativeWeight,
    law: done < lateFrom ? lawWeight : lateLawWeight,
    sparsity: sparsityIsOn(parameters, done) ? sparsityWeight : 0,
    decay,
  };
}

const warmUpSteps = 300;

/**
 * Factor on both learning rates for the step after `steps` steps, a law having been chosen after the block `chosen`: it rises from 0 to 1 over
 * 300 steps. A new law changes the gradients' size at once and Adam's second moments follow within 1000 steps; without this the
 * next few hundred steps are several times too long, and some runs lose what their networks learned. Not in the recipe `gauge-scan`.
 */
export function warmUp(
  { procedure, stepsPerBlock }: Pick<SindyAutoencoderParameters, "procedure" | "stepsPerBlock">,
  steps: number,
  chosen: number | null,
): number {
  if (chosen === null || (procedure !== "gauge-scan-polished" && procedure !== "gauge-search")) return 1;
  return Math.min(1, (steps - chosen * stepsPerBlock + 1) / warmUpSteps);
}

function sparsityIsOn({ sparsityFrom, sparsityTo }: SindyAutoencoderParameters, share: number): boolean {
  return share >= sparsityFrom && share < sparsityTo;
}

/** What is done to the law between two blocks. */
export type LawEvent = "none" | "prune" | "scan" | "fit";

const scanShares: Readonly<Record<SindyAutoencoderParameters["procedure"], readonly number[]>> = {
  "source-threshold": [],
  "gauge-scan": [0.35, 0.5, 0.65],
  "gauge-scan-polished": [0.35, 0.5, 0.65, 0.8, 0.9, 1],
  "gauge-search": [0.35, 0.5, 0.65, 1],
  "two-stage": [],
};

/** What follows on the `block`-th block (from 1): a scan after the block that first reaches its share of the run, a pruning every so many blocks. */
export function eventAfter(parameters: SindyAutoencoderParameters, block: number): LawEvent {
  const { procedure, blocks, pruneEvery } = parameters;
  if (scanShares[procedure].some((share) => Math.ceil(share * blocks) === block)) return "scan";
  if (procedure === "two-stage") return block === blocks ? "fit" : "none";
  if (procedure !== "source-threshold" || pruneEvery === 0 || block % pruneEvery !== 0) return "none";
  return sparsityIsOn(parameters, block / blocks) ? "prune" : "none";
}
