import type { Configuration, Issue } from "@basin/contracts";
import type { SupervisedData } from "../kinds/supervised";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";

/** How the companion's gradient is taken at its weights. */
export type GradientAt = (weights: NetworkWeights, data: SupervisedData) => Promise<NetworkWeights>;

/** One step of gradient descent, w − η·g in single precision; arrays without a gradient stay. */
export function descended(weights: NetworkWeights, gradients: NetworkWeights, rate: number): NetworkWeights {
  const step = Math.fround(rate);
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => {
      const gradient = gradients[name]?.values;
      return [
        name,
        gradient
          ? { shape, values: values.map((w, i) => w - Math.fround(step * (gradient[i] ?? Number.NaN))) }
          : { shape, values },
      ];
    }),
  );
}

/** A network of the same initialization as a run's that was trained otherwise. */
export interface Companion {
  /** Weights after the steps asked for that were reached. */
  kept: { step: number; weights: NetworkWeights }[];
  /** Norm of the gradient before each step that was made; the last may not be finite. */
  norms: number[];
  /** Steps after which every weight was still finite; all that were asked for unless it diverged. */
  finiteSteps: number;
}

/** Trains the companion of a run by full-batch gradient descent from the run's initial weights, until a weight is not finite. */
export async function trainCompanion(
  trained: TrainedNetwork,
  data: SupervisedData,
  { gradientAt, rate, steps, keep }: { gradientAt: GradientAt; rate: number; steps: number; keep: readonly number[] },
): Promise<Companion> {
  let weights = trained.initialWeights;
  const companion: Companion = { kept: keep.includes(0) ? [{ step: 0, weights }] : [], norms: [], finiteSteps: 0 };
  for (let step = 1; step <= steps; step++) {
    const gradients = await gradientAt(weights, data);
    companion.norms.push(gradientNorm(gradients));
    weights = descended(weights, gradients, rate);
    if (!Object.values(weights).every(({ values }) => values.every(Number.isFinite))) return companion;
    companion.finiteSteps = step;
    if (keep.includes(step)) companion.kept.push({ step, weights });
  }
  return companion;
}

/** Euclidean norm of all gradients together, in double precision. */
export function gradientNorm(gradients: NetworkWeights): number {
  let total = 0;
  for (const { values } of Object.values(gradients)) for (const value of values) total += value * value;
  return Math.sqrt(total);
}

/** Greatest magnitude of a component. */
export function greatestComponent(gradients: NetworkWeights): number {
  return Object.values(gradients).reduce((most, { values }) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
}

/** What a configuration must be for a companion to differ from its run by one thing alone. */
export function checkCompanion(parameters: Configuration): Issue[] {
  const wanted: [name: string, value: unknown, hint: string][] = [
    ["optimizer", "sgd", "use sgd"],
    ["batchSize", 0, "use 0, the full batch"],
    ["schedule", "constant", "use a constant rate"],
    ["batchNormalization", false, "leave it off"],
    ["validationFraction", 0, "use 0"],
    ["folds", 0, "use 0"],
  ];
  return wanted.flatMap(([path, value, hint]) =>
    parameters[path] === value
      ? []
      : [{ path, message: "the network that a run is held against is trained by plain full-batch gradient descent", hint }],
  );
}
