import { asha } from "./asha";
import { divergence } from "./divergence";
import { patience } from "./patience";
import { percentile } from "./percentile";
import type { StoppingRule } from "./stopping-rule";
import { threshold } from "./threshold";

/** Every stopping rule, in the order of the catalogue. A new one is a file and a line here. */
export const stoppingRules: readonly StoppingRule[] = [percentile, asha, patience, threshold, divergence];

/** Null when there is no rule of that id. */
export function findStoppingRule(id: string): StoppingRule | null {
  return stoppingRules.find((rule) => rule.id === id) ?? null;
}
