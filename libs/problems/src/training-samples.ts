import type { Configuration, Issue } from "@basin/contracts";
import type { Problem } from "./experiment";
import type { ProblemResources } from "./kinds/resources";

/** Whether a rule of this configuration depends on how many samples there are to train on. */
export function asksForSamples({ folds, validationFraction, batchNormalization }: Configuration): boolean {
  const positive = (value: unknown): boolean => typeof value === "number" && value > 0;
  return positive(folds) || positive(validationFraction) || batchNormalization === true;
}

/** How many samples a configuration's runs train on, the held-out ones included; null for problems without samples. Makes the data. */
export function trainingSamples(problem: Problem, parameters: Configuration, resources: ProblemResources): number | null {
  switch (problem.kind) {
    case "supervised":
      return problem.data(parameters, resources).samples;
    case "labelled-images":
      return problem.training(parameters, resources).samples;
    case "reconstruction": {
      const { rows, columns, channels } = problem.shape(parameters, resources);
      return problem.training(parameters, resources).length / (rows * columns * channels);
    }
    default:
      return null;
  }
}

/** Rules between a configuration and the number of its samples. Paths from the configuration's root. */
export function checkSamples(parameters: Configuration, samples: number): Issue[] {
  const { folds, validationFraction, batchNormalization } = parameters;
  const issues: Issue[] = [];
  const are = samples === 1 ? "there is 1 training sample" : `there are ${samples} training samples`;
  if (typeof folds === "number" && folds > samples)
    issues.push({ path: "folds", message: `${are}, which cannot be cut into ${folds} folds`, hint: `use at most ${samples}` });
  if (typeof validationFraction !== "number" || samples === 0) return issues;
  if (validationFraction > 0 && samples < 2)
    issues.push({ path: "validationFraction", message: `${are}: none can be held out for validation`, hint: "set it to 0" });
  const held = validationFraction > 0 ? Math.min(samples - 1, Math.max(1, Math.floor(validationFraction * samples))) : 0;
  const trained = typeof folds === "number" && folds > 1 ? samples - Math.ceil(samples / folds) : samples - held;
  if (batchNormalization === true && trained === 1)
    issues.push({
      path: "batchNormalization",
      message: `${are}, of which one is trained on: batch normalization needs more than one sample per batch`,
      hint: "give it more samples, or set batchNormalization to false",
    });
  return issues;
}
