import { criterion, median, success, type Plan, type Reading } from "./plan";
import { glance, seeds, withAndWithout } from "./with-and-without";

/** So many are correlated. */
const manySeeds = 20;
/** From so many samples; the experiment's default is the side that the one without is held against. */
const sampleCounts = [
  { samples: 200, name: "200" },
  { samples: 1000, name: "with" },
  { samples: 5000, name: "5000" },
];

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
        median("sharpness", { figure: `E16.sharpness.${side}` }),
        median("sharpnessDeviation", { want: "criterion", figure: `E16.deviation.${side}` }),
        {
          metric: "quadraticOrder",
          read: "median",
          remark: "E22: the error of the quadratic model grows as s³",
          figure: `E22.order.${side}`,
        },
        median("quadraticOrderError", { want: "criterion", figure: `E22.orderError.${side}` }),
        median("testLoss", { figure: `E16.testLoss.${side}` }),
        median("testAccuracy", { figure: `E16.testAccuracy.${side}` }),
        median("loss", { figure: `E16.loss.${side}` }),
        median("epochsTrained"),
        {
          metric: "testLoss",
          read: "rank-correlation",
          against: "sharpness",
          remark: "reported, nothing is claimed",
          figure: `E16.spearman.${side}`,
        },
        { metric: "noisyLoss20", read: "rank-correlation", against: "sharpness", figure: `E16.spearmanNoise.${side}` },
        success({ want: { op: ">=", value: 0.8 }, figure: `E16.success.${side}` }),
      ],
    };
  }),
  {
    id: "boltzmann",
    experiment: "boltzmann",
    setting: "eight spins, exact gradient",
    swept: { samples: sampleCounts.map(({ samples }) => samples) },
    seeds,
    quick: { seeds: 1, judged: true },
    readings: [
      ...sampleCounts.flatMap(({ samples, name }): Reading[] => [
        {
          metric: "divergence",
          read: "median",
          where: { samples },
          remark: `28/2N = ${14 / samples}`,
          ...(samples >= 1000 ? { want: "criterion" } : {}),
          figure: `E18.divergence.${name}`,
        },
        {
          metric: "couplingError",
          read: "median",
          where: { samples },
          ...(samples >= 1000 ? { want: "criterion" } : {}),
          figure: `E18.couplingError.${name}`,
        },
        median("leastCouplingError", { where: { samples }, figure: `E18.leastCouplingError.${name}` }),
        {
          metric: "success",
          read: "success",
          where: { samples },
          ...(samples >= 1000 ? { want: { op: ">=", value: 0.8 } } : {}),
          figure: `E18.success.${name}`,
        },
      ]),
      median("identityError", { where: { samples: 1000 }, want: "criterion", figure: "E18.identityError" }),
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
      median("divergence", { where: { sweeps }, want: "criterion", figure: `E18.divergence.cd${sweeps}` }),
      median("couplingError", { where: { sweeps }, want: "criterion", figure: `E18.couplingError.cd${sweeps}` }),
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
      median("divergence", { figure: "E18.divergence.without" }),
      median("couplingError", { figure: "E18.couplingError.without" }),
      success({ want: { op: "<=", value: 0 }, figure: "E18.success.without" }),
    ],
  },
  ...withAndWithout({
    section: "E17",
    experiment: "spelling",
    setting: "72-512-72, two epochs place by place and four on soft alignments, γ = 0.1",
    without: { setting: "the same, six epochs place by place", fixed: { loss: "places" } },
    quick: glance({ trainingSamples: 600, epochs: 3 }),
    figures: [
      { metric: "testDistance", figure: "distance", with: criterion },
      { metric: "shiftDistance", figure: "shiftDistance" },
      { metric: "substitutionDistance", figure: "substitutionDistance" },
      { metric: "rightWords", figure: "rightWords" },
    ],
  }),
  {
    id: "spelling/reinforce",
    experiment: "spelling",
    setting: "the same by REINFORCE with 16 words drawn for each sample",
    fixed: { loss: "reinforce" },
    seeds,
    quick: null,
    readings: [
      median("testDistance", { figure: "E17.distance.reinforce" }),
      median("shiftDistance", { figure: "E17.shiftDistance.reinforce" }),
    ],
  },
];
