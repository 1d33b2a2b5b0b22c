import {
  choiceOf,
  SindyAutoencoderParameters,
  sindyAutoencoderPerRunParameters,
  type Configuration,
  type Issue,
} from "@basin/contracts";
import { z } from "zod";
import { checkLawSearch } from "../dynamics/check-law-search";
import { latentMetrics } from "../dynamics/latent-metrics";
import { described } from "../described-metrics";
import type { ExperimentDefinition } from "../experiment";
import { vectorSizes } from "../memory/data-sizes";
import type { LatentDynamicsProblem } from "../kinds/latent-dynamics";
import { judgeLifted, liftedOutcomes } from "./judge-lifted";
import { liftedFields, liftedStates } from "./lifted-lorenz";

const advanced = { "x-advanced": true };
const own = SindyAutoencoderParameters.omit({ order: true, velocityTerms: true }).shape;

export const LorenzLiftedParameters = SindyAutoencoderParameters.omit({ velocityTerms: true }).extend({
  order: z
    .literal(1)
    .default(1)
    .meta({ title: "Order", description: "Lorenz' equations are of first order.", ...advanced }),
  procedure: choiceOf(["gauge-search", "source-threshold"], {
    "gauge-search": "the affine map of the latent variables with the sparsest law is sought and written into the networks",
    "source-threshold": "coefficients below the threshold are pruned on a schedule",
  })
    .default("gauge-search")
    .meta({ title: "Procedure", description: "How the law is found while the networks are trained." }),
  latentWidth: z
    .int()
    .min(2)
    .max(3)
    .default(3)
    .meta({ title: "Latent width", "x-suggest": { type: "choice", values: [2, 3] } }),
  hiddenLayers: own.hiddenLayers
    .unwrap()
    .default([64, 32])
    .meta({ title: "Hidden layers", description: "Widths of the encoder, as the source has them." }),
  initializationGain: own.initializationGain
    .unwrap()
    .default(1)
    .meta({ title: "Gain of the outer layers", ...advanced }),
  polynomialDegree: own.polynomialDegree
    .unwrap()
    .default(2)
    .meta({ title: "Polynomial degree", description: "The source has 3." }),
  constantTerm: z
    .boolean()
    .default(true)
    .meta({ title: "Constant term", ...advanced }),
  sine: z
    .boolean()
    .default(false)
    .meta({ title: "Sine", ...advanced }),
  initialCoefficient: own.initialCoefficient
    .unwrap()
    .default(0)
    .meta({ title: "Initial coefficient", ...advanced }),
  derivativeWeight: own.derivativeWeight.unwrap().default(3e-3).meta({ title: "λ₁ (derivatives of x)" }),
  lawWeight: own.lawWeight.unwrap().default(3e-3).meta({ title: "λ₂ (law)" }),
  lateLawWeight: own.lateLawWeight
    .unwrap()
    .default(3e-2)
    .meta({ title: "Late λ₂", ...advanced }),
  coefficientLearningRate: own.coefficientLearningRate
    .unwrap()
    .default(2e-2)
    .meta({ title: "Learning rate of coefficients", description: "Lorenz' coefficients reach 40 in the scaled states." }),
  sparsityWeight: own.sparsityWeight
    .unwrap()
    .default(0)
    .meta({ title: "λ₃ (sparsity)", description: "Weight of Σ|Ξ|. The gauge search needs none; the source has 1e-5." }),
  sparsityFrom: own.sparsityFrom
    .unwrap()
    .default(0.2)
    .meta({ title: "λ₃ from", ...advanced }),
  sparsityTo: own.sparsityTo
    .unwrap()
    .default(0.8)
    .meta({ title: "λ₃ to", ...advanced }),
  blocks: own.blocks.unwrap().default(200).meta({ title: "Blocks", unit: "block" }),
  pruneEvery: own.pruneEvery.unwrap().default(10).meta({ title: "Prune every", unit: "block" }),
  gridPoints: z
    .int()
    .min(8)
    .max(1024)
    .default(64)
    .meta({ title: "Grid points", unit: "point", description: "The source has 128.", ...advanced }),
  orbits: z
    .int()
    .min(1)
    .max(10_000)
    .default(40)
    .meta({ title: "Training orbits", description: "The source has 2,048.", ...advanced }),
  validationOrbits: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .meta({ title: "Validation orbits", ...advanced }),
  frames: z
    .int()
    .min(2)
    .max(100_000)
    .default(250)
    .meta({ title: "Frames per orbit", unit: "frame", ...advanced }),
  frameInterval: z
    .number()
    .positive()
    .max(1)
    .default(0.02)
    .meta({ title: "Time between frames", ...advanced }),
  dataSeed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({ title: "Data seed", ...advanced }),
});
type Parameters = z.infer<typeof LorenzLiftedParameters>;

const problem: LatentDynamicsProblem<Parameters> = {
  kind: "latent-dynamics",

  data(parameters) {
    const training = liftedStates(parameters, "training", parameters.orbits);
    const validation = liftedStates(parameters, "validation", parameters.validationOrbits);
    return {
      width: parameters.gridPoints,
      trainingSamples: training.length / 3,
      training: liftedFields(parameters.gridPoints, training),
      validationSamples: validation.length / 3,
      validation: liftedFields(parameters.gridPoints, validation),
    };
  },

  judge: judgeLifted,

  diverged() {
    return { outcomeClass: liftedOutcomes.indexOf("diverged"), lawRecovered: 0 };
  },
};

function check(parameters: Configuration): Issue[] {
  const { orbits, frames, gridPoints } = LorenzLiftedParameters.parse(parameters);
  const values = orbits * frames * gridPoints;
  if (values <= 100_000_000) return checkLawSearch(parameters);
  return [
    {
      path: "orbits",
      message: `${values} values do not fit into memory; at most 100000000 do`,
      hint: "take fewer orbits, frames or grid points",
    },
  ];
}

const figure = (name: string, title: string, scale: "linear" | "log" = "linear") =>
  ({ name, title, unit: "", series: false, final: true, scale }) as const;

export const lorenzLifted: ExperimentDefinition = {
  id: "sindy-autoencoder-lorenz",
  version: 2,
  title: "SINDy autoencoder: Lorenz' equations from fields",
  summary: "An autoencoder finds three coordinates with a sparse law in fields that hide a Lorenz system.",
  description: `Fields on a grid,

$$x(s, t) = \\sum_{j=1}^{3} \\left[ P_{j-1}(s)\\,z_j(t) + P_{j+2}(s)\\,z_j(t)^3 \\right],$$

with Legendre polynomials $P$ and the states $z$ of Lorenz' equations divided by 40, and their time derivatives are all that is given. A law $\\dot z = \\Theta(z)\\,\\Xi$ of
monomials to degree 2 is sought. Any affine map of the states is as good a coordinate system, but only some have a law as sparse as Lorenz' seven terms.

**Procedures.** \`gauge-search\` trains with all terms first. After 35, 50 and 65 % of the run and at its end it fits the law by least squares, seeks the affine map $z' = Mz + s$
under which that law has the fewest factors, writes it into the networks exactly, and keeps those terms. It looks at latent variables and their rates only. It does
not always end in Lorenz' own variables: with $u = y - x$ in the place of $y$ and a shifted third variable, the law has seven terms, too. \`source-threshold\` prunes small coefficients on a
schedule, as the source does.

**Outcome**, the first that applies: *diverged*; *trivial*: FUV(x) ≥ 0.5; *none*: no term left. If every true state is an affine function of the latent variables with $R^2 \\ge 0.99$:
*law* when the found law explains the true rates to 2 % with seven terms, *equivalent* when it does so with another number, *coordinates* when it does not. Otherwise *other*. That is
how the source judges: its law has Lorenz' seven terms after an affine map. The label \`inTrueStates\` is the found law in Lorenz' own variables, and the coefficient errors are those of that
law; the map with least squares is used for judging only. With two latent variables the three states cannot be recovered; that is the control.

**Smaller than the source**: 64 instead of 128 grid points, 40 instead of 2,048 orbits, degree 2 instead of 3, tanh instead of sigmoid, and 20,000 optimizer steps of 128 samples. So the
unexplained shares are larger than the source's (x 3e-5, ẋ 2e-4, ż 7e-4).`,
  source: "K. Champion, B. Lusch, J. N. Kutz, S. L. Brunton, PNAS 116 (2019) 22445, example 1",
  family: "sindy-autoencoder",
  diagnostic: false,
  defaultSweep: {
    lesson: "Two coordinates cannot carry a Lorenz system; three can.",
    space: { latentWidth: { type: "choice", values: [2, 3] } },
    seeds: 3,
  },
  parameters: LorenzLiftedParameters,
  perRunParameters: sindyAutoencoderPerRunParameters,
  check,
  sizes(parameters) {
    const { orbits: count, validationOrbits, frames, gridPoints } = LorenzLiftedParameters.parse(parameters);
    return { ...vectorSizes(count * frames, gridPoints, 0), heldOut: validationOrbits * frames };
  },
  objective: { metric: "fuvLaw", direction: "minimize" },
  metrics: described(
    [
      ...latentMetrics,
      { ...figure("outcomeClass", "Outcome"), categories: [...liftedOutcomes] },
      { ...figure("lawRecovered", "Law recovered (1 or 0)"), share: true },
      figure("activeTerms", "Active coefficients"),
      figure("affineR2", "Least R² of a true state by the affine map"),
      figure("fuvLaw", "Unexplained share of the true rates", "log"),
      figure("coefficientError", "‖Ξ − Ξ*‖ / ‖Ξ*‖ in the true states", "log"),
      figure("worstCoefficient", "Greatest relative error of a known coefficient in the true states", "log"),
      figure("fuvX", "Unexplained share of x", "log"),
      figure("fuvXDot", "Unexplained share of ẋ", "log"),
      figure("fuvZDot", "Unexplained share of ż", "log"),
    ],
    {
      outcomeClass: "The first class that applies; the description of the experiment defines them.",
      lawRecovered: "1 for the outcome law.",
      activeTerms: "Coefficients of the final law that are not pruned and at or above the threshold.",
      affineR2:
        "Least R² of x, y and z by the affine map of the latent variables with least squares, over the validation orbits.",
      fuvLaw: "Σ(found − true)²/Σtrue² of the true rates, found by the law through the linear part of that map.",
      coefficientError: "‖Ξ − Ξ*‖/‖Ξ*‖ of the law in the true states, refitted there, against Lorenz' own.",
      worstCoefficient: "Greatest |ξ/ξ* − 1| of the seven known terms in the true states.",
      fuvX: "Σ(found − true)²/Σtrue² over the validation orbits, of the decoded fields.",
      fuvXDot: "The same of their time derivative, decoded from the rates of the law.",
      fuvZDot: "The same of ż: the law against the encoder.",
    },
  ),
  success: {
    text: "Coordinates and law: R² at least 0.99 of every state, and the law explains the true rates to 2 %",
    all: [
      { metric: "affineR2", op: ">=", value: 0.99 },
      { metric: "fuvLaw", op: "<=", value: 0.02 },
    ],
  },
  plots: [
    { id: "equation", title: "Discovered law", kind: "equation" },
    { id: "losses", title: "Losses", kind: "curve" },
    { id: "coefficients", title: "Coefficients", kind: "curve" },
    { id: "attractor", title: "Attractor", kind: "scatter" },
  ],
  picture: "orbit",
  maxPackWidth: 16,
  stepUnit: "block",
  problem,
};
