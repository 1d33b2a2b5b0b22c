import type { Configuration, Issue } from "@basin/contracts";

/** Rules of one-neuron experiments whose parameter `start` may be the source's weights. `weights`: how many these are, in words. */
export function checkSourceStart({ start, hiddenLayers }: Configuration, weights: string): Issue[] {
  if (start !== "source" || !Array.isArray(hiddenLayers) || hiddenLayers.length === 0) return [];
  return [{ path: "start", message: `the source's start is ${weights}`, hint: 'use "drawn" with hidden layers' }];
}

/** What changes nothing from the source's weights: how others are drawn, and the seed where nothing else is. */
export function unusedFromSourceStart(parameters: Configuration): string[] {
  const { start, shuffle, validationFraction, folds, bootstrapSamples, inputDropout } = parameters;
  if (start !== "source") return [];
  const drawn = shuffle !== false || [validationFraction, folds, bootstrapSamples, inputDropout].some((x) => x !== 0);
  return ["initialization", "initializationGain", ...(drawn ? [] : ["seed"])];
}
