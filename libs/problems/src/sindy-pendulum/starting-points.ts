import type { StartingPoint } from "@basin/contracts";

/** The source's procedure with its weights, and less data. */
export const pendulumStartingPoints: readonly StartingPoint[] = [
  {
    id: "source",
    title: "The source's procedure",
    summary:
      "Pruning on a schedule with the source's weights, rates and initial coefficients; no law was found so in 20 initializations.",
    parameters: {
      procedure: "source-threshold",
      blocks: 140,
      initializationGain: 1,
      initialCoefficient: 1,
      initialSineCoefficient: -1,
      learningRate: 1e-3,
      coefficientLearningRate: 1e-3,
      finalDecay: 1,
      lawWeight: 5e-5,
      lateLawWeight: 5e-5,
      sparsityFrom: 0,
      sparsityTo: 1,
      pruneEvery: 17,
    },
  },
  {
    id: "fifteen-percent",
    title: "15 % of the data",
    summary: "Six training orbits in place of forty.",
    parameters: { orbits: 6 },
  },
];
