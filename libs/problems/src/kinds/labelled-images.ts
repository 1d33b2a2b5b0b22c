import type { Configuration, ImageShape } from "@basin/contracts";
import type { ProblemResources } from "./resources";
import type { PlotsById } from "./plots-by-id";

/** Labelled images: images[i] row by row, channels last; labels are indices of classes. */
export interface LabelledImages {
  samples: number;
  images: Float32Array;
  labels: Int32Array;
}

/** What a trained classifier says about the evaluation images. */
export interface ClassifierOutcome {
  /** [images, classes], each row adding up to 1. */
  probabilities: Float32Array;
  /** Filters of the first convolution, [rows, columns, channels, filters] row-major; null when there is none. */
  firstFilters: { shape: readonly [number, number, number, number]; values: Float32Array } | null;
}

/**
 * For the family `cnn`: labelled images, trained on the cross-entropy of a softmax. Pure functions of the configuration that read
 * no per-run parameter, so the runs of a pack share what they return.
 */
export interface LabelledImagesProblem<P = Configuration> {
  kind: "labelled-images";
  classes: readonly string[];
  shape(parameters: P, resources: ProblemResources): ImageShape;
  training(parameters: P, resources: ProblemResources): LabelledImages;
  /** What the trained network is shown to be judged, e.g. the training part and then the test part; [images, size]. */
  evaluationImages(parameters: P, resources: ProblemResources): Float32Array;
  /** Final figures from what the network says about the evaluation images. */
  evaluate(parameters: P, outcome: ClassifierOutcome, resources: ProblemResources): Record<string, number>;
  /** Plots by the ids that the descriptor declares, unless the parameter `plots` is false. */
  plots?(parameters: P, outcome: ClassifierOutcome, resources: ProblemResources): PlotsById;
}
