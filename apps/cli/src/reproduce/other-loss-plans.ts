import type { Plan, Reading } from "./plan";
import { seeds } from "./with-and-without";

/** So many are correlated. */
const manySeeds = 20;

/** Curvature of a network's loss, losses that are energies, losses over alignments. */
export const otherLossPlans: readonly Plan[] = [
  ...([8, 0] as const).map((batchSize): Plan => {
    const side = batchSize === 0 ? "full" : "batches";
    return {
      id: batchSize === 0 ? "sharpness/full-batch" : "sharpness",
      experiment: "sharpness",
      setting: `two moons, 2-16-1 tanh, ${batchSize === 0 ? "all points at once" : "batches of 8"}, stopped at a training loss of 0.1`,
      fixed: { batchSize },
      seeds: manySeeds,
      quick: { seeds: 1, fixed: { epochs: 300 }, judged: true },
      readings: [
        { metric: "sharpness", read: "median", figure: `E16.sharpness.${side}` },
        { metric: "sharpnessDeviation", read: "median", want: "criterion", figure: `E16.deviation.${side}` },
        {
          metric: "quadraticOrder",
          read: "median",
          remark: "E22: the error of the quadratic model grows as s³",
          figure: `E22.order.${side}`,
        },
        { metric: "quadraticOrderError", read: "median", want: "criterion", figure: `E22.orderError.${side}` },
        { metric: "testLoss", read: "median", figure: `E16.testLoss.${side}` },
        { metric: "testAccuracy", read: "median", figure: `E16.testAccuracy.${side}` },
        { metric: "loss", read: "median", figure: `E16.loss.${side}` },
        { metric: "epochsTrained", read: "median" },
        {
          metric: "testLoss",
          read: "rank-correlation",
          against: "sharpness",
          remark: "reported, nothing is claimed",
          figure: `E16.spearman.${side}`,
        },
        { metric: "noisyLoss20", read: "rank-correlation", against: "sharpness", figure: `E16.spearmanNoise.${side}` },
        { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: `E16.success.${side}` },
      ],
    };
  }),
  {
    id: "boltzmann",
    experiment: "boltzmann",
    setting: "eight spins, exact gradient",
    swept: { samples: [200, 1000, 5000] },
    seeds,
    quick: { seeds: 1, judged: true },
    readings: [
      ...[200, 1000, 5000].flatMap((samples): Reading[] => [
        {
          metric: "divergence",
          read: "median",
          where: { samples },
          remark: `28/2N = ${14 / samples}`,
          ...(samples >= 1000 ? { want: "criterion" } : {}),
          figure: `E18.divergence.${samples}`,
        },
        {
          metric: "couplingError",
          read: "median",
          where: { samples },
          ...(samples >= 1000 ? { want: "criterion" } : {}),
          figure: `E18.couplingError.${samples}`,
        },
        { metric: "leastCouplingError", read: "median", where: { samples }, figure: `E18.leastCouplingError.${samples}` },
        {
          metric: "success",
          read: "success",
          where: { samples },
          ...(samples >= 1000 ? { want: { op: ">=", value: 0.8 } } : {}),
          figure: `E18.success.${samples}`,
        },
      ]),
      { metric: "identityError", read: "median", where: { samples: 1000 }, want: "criterion", figure: "E18.identityError" },
    ],
  },
  {
    id: "boltzmann/contrastive-divergence",
    experiment: "boltzmann",
    setting: "the same from 1,000 samples by contrastive divergence, η = 0.03, 1,000 steps",
    fixed: { learning: "contrastive-divergence", learningRate: 0.03, maxSteps: 1000 },
    swept: { sweeps: [1, 10] },
    seeds,
    quick: { seeds: 1, judged: true },
    readings: [1, 10].flatMap((sweeps): Reading[] => [
      { metric: "divergence", read: "median", where: { sweeps }, want: "criterion", figure: `E18.divergence.cd${sweeps}` },
      { metric: "couplingError", read: "median", where: { sweeps }, want: "criterion", figure: `E18.couplingError.cd${sweeps}` },
      {
        metric: "success",
        read: "success",
        where: { sweeps },
        want: { op: ">=", value: 0.8 },
        figure: `E18.success.cd${sweeps}`,
      },
    ]),
  },
  {
    id: "boltzmann/without",
    experiment: "boltzmann",
    setting: "the same with w = 0",
    fixed: { learning: "none", maxSteps: 3 },
    seeds,
    quick: { seeds: 1, judged: true },
    readings: [
      { metric: "divergence", read: "median", figure: "E18.divergence.without" },
      { metric: "success", read: "success", want: { op: "<=", value: 0 }, figure: "E18.success.without" },
    ],
  },
];
