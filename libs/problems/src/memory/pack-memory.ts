import type { Configuration } from "@basin/contracts";
import type { ExperimentDefinition } from "../experiment";
import type { ExtensionFamilyId, FamilyId } from "../families";
import type { DataSizes, DatasetShapes } from "./data-sizes";
import { autoencoderMemory, cnnMemory } from "./image-memory";
import { pinnMemory, sindyAutoencoderMemory } from "./jet-memory";
import { mlpMemory } from "./mlp-memory";

/** Bytes that a pack's tensors take at most on the wasm backend: `sharedBytes` once and `runBytes` for each of its runs. */
export interface PackMemory {
  sharedBytes: number;
  runBytes: number;
}

/** Before any pack: the backend's own constants and tables. */
const backendBytes = 8 * 1024 ** 2;
/** What is asked for in pieces leaves gaps, and the heap grows in steps. */
const slack = 1.05;

/** In 4-byte values, from a configuration and the sizes of its data. */
type Estimate = (parameters: Configuration, sizes: DataSizes) => { shared: number; run: number };

/** A family that is not listed holds no tensors to speak of, or comes from outside and is not known. */
const estimates: Partial<Record<FamilyId | ExtensionFamilyId, Estimate>> = {
  mlp: mlpMemory,
  cnn: cnnMemory,
  autoencoder: autoencoderMemory,
  "sindy-autoencoder": sindyAutoencoderMemory,
  pinn: pinnMemory,
};

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
  const estimate = estimates[definition.family];
  const sizes = definition.sizes?.(parameters, datasets) ?? null;
  if (!estimate || !sizes) return null;
  const { shared, run } = estimate(parameters, sizes);
  return { sharedBytes: Math.ceil(backendBytes + slack * 4 * shared), runBytes: Math.ceil(slack * 4 * run) };
}

/** What a pack of so many runs needs. */
export function packBytes({ sharedBytes, runBytes }: PackMemory, width: number): number {
  return sharedBytes + width * runBytes;
}
