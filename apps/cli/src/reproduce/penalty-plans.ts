import { atLeast, atMost, criterion, median, success, type Plan, type Reading } from "./plan";
import { seeds, withAndWithout } from "./with-and-without";

/** For `--quick`: the whole training, of one initialization. */
const once: Plan["quick"] = { seeds: 1 };

const smoothness = [0, 0.3, 1, 3, 10];
const windows = [0, 1, 3, 6];
const costs = [0, 0.03, 0.1, 0.3, 1];
const energies = [0, 1e-3, 1e-2, 1e-1];
const draws = Array.from({ length: 10 }, (_, dataSeed) => dataSeed);

/** Medians of some figures for each value of one swept parameter, under "E14.isolated.0.3" and the like. */
function along(section: string, parameter: string, values: readonly number[], metrics: readonly string[]): Reading[] {
  return values.flatMap((value) =>
    metrics.map((metric) => median(metric, { where: { [parameter]: value }, figure: `${section}.${metric}.${value}` })),
  );
}

/** Runs over the weight of the term, with medians of some figures for each of its values. */
function overWeights(
  section: string,
  weights: readonly number[],
  metrics: readonly string[],
  plan: Omit<Plan, "swept" | "seeds" | "quick" | "readings">,
): Plan {
  return {
    ...plan,
    swept: { penaltyWeight: [...weights] },
    seeds,
    quick: null,
    readings: along(section, "penaltyWeight", weights, metrics),
  };
}

/** Knowledge about the outputs of a network: each experiment with its term, without, and over its weight. */
export const penaltyPlans: readonly Plan[] = [
  ...withAndWithout({
    section: "E14",
    experiment: "protein-smoothness",
    setting: "141-32-3, a window of ±3, λ = 3",
    without: { setting: "the same without the divergence of neighbours", fixed: { penaltyWeight: 0 } },
    quick: once,
    figures: [
      { metric: "isolated", figure: "isolated", ratio: { ...atLeast(2), remark: "half of the isolated residues are gone" } },
      { metric: "accuracy", figure: "accuracy", difference: { ...atMost(0.01), remark: "at most one point is lost" } },
      { metric: "segmentError", figure: "segments", with: criterion },
      { metric: "meanDivergence", figure: "divergence", with: criterion },
    ],
  }),
  overWeights("E14", smoothness, ["isolated", "accuracy", "segmentRatio"], {
    id: "protein-smoothness/weights",
    experiment: "protein-smoothness",
    setting: "the same over λ",
  }),
  ...windows.map((window) =>
    overWeights(`E14.window-${window}`, [0, 3], ["isolated", "accuracy"], {
      id: `protein-smoothness/window-${window}`,
      experiment: "protein-smoothness",
      setting: `a window of ±${window}${window === 0 ? ", the control" : ""}`,
      fixed: { window },
    }),
  ),
  ...withAndWithout({
    section: "E15",
    experiment: "hierarchical-cost",
    setting: "2-32-32-8, look-alikes across the root, λ = 0.3",
    without: { setting: "the same without the costs", fixed: { penaltyWeight: 0 } },
    quick: once,
    figures: [
      { metric: "errorDistance", figure: "errorDistance", ratio: { ...atLeast(1.136), remark: "errors 12 % nearer" } },
      { metric: "expectedDistance", figure: "expectedDistance", ratio: { ...atLeast(1.111), remark: "10 % less" } },
      { metric: "accuracy", figure: "accuracy", difference: { ...atMost(0.015), remark: "at most 1.5 points are lost" } },
      { metric: "distanceFall", with: criterion, without: null },
      { metric: "bayesErrorDistance", figure: "bound" },
      { metric: "bayesFall", figure: "bayesFall", without: null },
      { metric: "bayesAccuracyLoss", figure: "bayesAccuracyLoss", without: null },
    ],
  }),
  overWeights("E15", costs, ["errorDistance", "accuracy", "bayesFall"], {
    id: "hierarchical-cost/weights",
    experiment: "hierarchical-cost",
    setting: "the same over λ",
  }),
  {
    id: "hierarchical-cost/draws",
    experiment: "hierarchical-cost",
    setting: "ten draws of the data",
    swept: { dataSeed: draws },
    seeds: 5,
    quick: null,
    readings: [success({ ...atLeast(0.8), figure: "E15.draws" })],
  },
  overWeights("E15.few", [0, 0.3], ["errorDistance", "accuracy"], {
    id: "hierarchical-cost/few",
    experiment: "hierarchical-cost",
    setting: "2,000 training samples, 200 epochs at once",
    fixed: { samples: 2000, epochs: 200, batchSize: 0 },
  }),
  {
    id: "hierarchical-cost/random",
    experiment: "hierarchical-cost",
    setting: "the control: leaves anywhere",
    fixed: { layout: "random" },
    swept: { penaltyWeight: [0, 0.3] },
    seeds,
    quick: null,
    readings: [
      ...along("E15.random", "penaltyWeight", [0, 0.3], ["errorDistance", "accuracy"]),
      median("bayesFall", { where: { penaltyWeight: 0.3 }, ...atMost(0.02), figure: "E15.random.bayesFall" }),
    ],
  },
  ...withAndWithout({
    section: "E11",
    experiment: "docking",
    setting: "6-64-64-8, a chain of four atoms, λ = 0.1",
    without: { setting: "the same without the energy", fixed: { penaltyWeight: 0 } },
    quick: once,
    figures: [
      { metric: "possibleShare", figure: "possible", with: criterion },
      { metric: "nearShare", figure: "near", with: criterion },
      { metric: "overlapShare", figure: "overlap", without: atLeast(0.8) },
      { metric: "poseError", figure: "poseError" },
      { metric: "medianEnergy", figure: "energy" },
      { metric: "medianLeastDistance", figure: "leastDistance" },
    ],
  }),
  overWeights("E11", energies, ["possibleShare", "nearShare", "overlapShare"], {
    id: "docking/weights",
    experiment: "docking",
    setting: "the same over λ",
  }),
];
