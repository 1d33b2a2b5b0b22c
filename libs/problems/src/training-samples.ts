import type { Configuration, Issue } from "@basin/contracts";
import type { ExperimentDefinition, Problem } from "./experiment";
import type { ProblemResources } from "./kinds/resources";
import type { DatasetShapes } from "./memory/data-sizes";

/** Whether a rule of this configuration depends on how many samples there are to train on. */
export function asksForSamples({ folds, bootstrapSamples, validationFraction, batchNormalization }: Configuration): boolean {
  const positive = (value: unknown): boolean => typeof value === "number" && value > 0;
  return positive(folds) || positive(bootstrapSamples) || positive(validationFraction) || batchNormalization === true;
}

/** How many samples a configuration's runs train on, the held-out ones included; null for problems without samples. Makes the data. */
export function trainingSamples(problem: Problem, parameters: Configuration, resources: ProblemResources): number | null {
  switch (problem.kind) {
    case "supervised":
      return problem.data(parameters, resources).samples;
    case "custom-loss":
      return problem.data(parameters).samples;
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

/** How many of the samples a fraction holds out for validation: ⌊fraction·samples⌋, at least one where it is positive, never all. */
function heldOut(fraction: number, samples: number): number {
  return fraction > 0 ? Math.min(samples - 1, Math.max(1, Math.floor(fraction * samples))) : 0;
}

/** How many samples the runs of a configuration train on, at most; null where that is not known without making the data. */
export type TrainedSamples = (configuration: Configuration) => number | null;

/** The same of an experiment, by what it tells of its sizes; each shape of its data is asked for once. Of datasets that are not known: null. */
export function trainedSamples(definition: ExperimentDefinition, datasets: DatasetShapes = () => undefined): TrainedSamples {
  const known = new Map<string, number | null>();
  const others = new Set([...definition.perRunParameters, "batchSize"]);
  return (configuration) => {
    if (!definition.sizes) return null;
    const key = JSON.stringify(Object.entries(configuration).filter(([name]) => !others.has(name)));
    let samples = known.get(key);
    if (samples === undefined) {
      // A stored configuration may be one that the catalogue of today does not read.
      const readable = definition.parameters.safeParse(configuration).success;
      samples = (readable ? definition.sizes(configuration, datasets)?.samples : null) ?? null;
      const { folds, validationFraction } = configuration;
      if (samples !== null && typeof validationFraction === "number" && !(typeof folds === "number" && folds > 0))
        samples -= heldOut(validationFraction, samples);
      known.set(key, samples);
    }
    return samples;
  };
}

/** Rules between a configuration and the number of its samples. Paths from the configuration's root. */
export function checkSamples(parameters: Configuration, samples: number): Issue[] {
  const { folds, bootstrapSamples, validationFraction, batchNormalization } = parameters;
  const issues: Issue[] = [];
  const are = samples === 1 ? "there is 1 training sample" : `there are ${samples} training samples`;
  if (typeof folds === "number" && folds > samples)
    issues.push({ path: "folds", message: `${are}, which cannot be cut into ${folds} folds`, hint: `use at most ${samples}` });
  if (typeof bootstrapSamples === "number" && bootstrapSamples > 0 && samples === 1)
    issues.push({
      path: "bootstrapSamples",
      message: `${are}, of which a bootstrap sample leaves none out`,
      hint: "set it to 0",
    });
  if (typeof validationFraction !== "number" || samples === 0) return issues;
  if (validationFraction > 0 && samples < 2)
    issues.push({ path: "validationFraction", message: `${are}: none can be held out for validation`, hint: "set it to 0" });
  const trained =
    typeof folds === "number" && folds > 1
      ? samples - Math.ceil(samples / folds)
      : samples - heldOut(validationFraction, samples);
  if (batchNormalization === true && trained === 1)
    issues.push({
      path: "batchNormalization",
      message: `${are}, of which one is trained on: batch normalization needs more than one sample per batch`,
      hint: "give it more samples, or set batchNormalization to false",
    });
  return issues;
}
