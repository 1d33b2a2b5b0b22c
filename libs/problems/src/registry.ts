import { diagnostic } from "./diagnostic/diagnostic";
import type { ExperimentDefinition } from "./experiment";
import { logicGates } from "./logic-gates/logic-gates";
import { lossMinimization } from "./loss-minimization/loss-minimization";

/** Every experiment, in the order of the catalogue. A new one is a folder and a line here. */
export const experiments: readonly ExperimentDefinition[] = [lossMinimization, logicGates, diagnostic];

/** Null when there is no experiment of that id. */
export function findExperiment(id: string): ExperimentDefinition | null {
  return experiments.find((experiment) => experiment.id === id) ?? null;
}
