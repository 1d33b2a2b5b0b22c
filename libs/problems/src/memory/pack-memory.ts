import type { Configuration } from "@basin/contracts";
import type { ExperimentDefinition } from "../experiment";
import { memoryEstimateOf } from "../families";
import type { DatasetShapes } from "./data-sizes";

/** Bytes that a pack's tensors take at most on the wasm backend: `sharedBytes` once and `runBytes` for each of its runs. */
export interface PackMemory {
  sharedBytes: number;
  runBytes: number;
}

/** Before any pack: the backend's own constants and tables. */
const backendBytes = 8 * 1024 ** 2;
/** What is asked for in pieces leaves gaps, and the heap grows in steps. */
const slack = 1.05;

/**
 * What a configuration needs, before it is trained: weights with their optimizer's state, what a step keeps of a batch, the data. Null
 * where nothing is known: a family without tensors or from outside, an experiment that does not tell its `sizes`, a dataset that is not
 * there. `memory-estimate.int.spec.ts` of the trainer holds it against what was taken.
 */
export function estimatePackMemory(
  definition: ExperimentDefinition,
  parameters: Configuration,
  datasets: DatasetShapes,
): PackMemory | null {
  const estimate = memoryEstimateOf(definition.family);
  const sizes = definition.sizes?.(parameters, datasets) ?? null;
  if (!estimate || !sizes) return null;
  const { shared, run } = estimate(parameters, sizes);
  return { sharedBytes: Math.ceil(backendBytes + slack * 4 * shared), runBytes: Math.ceil(slack * 4 * run) };
}

/** What a pack of so many runs needs. */
export function packBytes({ sharedBytes, runBytes }: PackMemory, width: number): number {
  return sharedBytes + width * runBytes;
}
