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
import type { ExperimentDefinition } from "../experiment";
import { vectorSizes } from "../memory/data-sizes";
import type { LatentDynamicsProblem } from "../kinds/latent-dynamics";
import { judgeLifted, liftedOutcomes } from "./judge-lifted";
import { liftedFields, liftedStates } from "./lifted-lorenz";
import { withDefault } from "../with-default";
import { weightCount } from "../weight-count";
import { finalMetric } from "../final-metric";

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
  hiddenLayers: withDefault(own.hiddenLayers, [64, 32], { description: "Widths of the encoder, as the source has them." }),
  initializationGain: withDefault(own.initializationGain, 1, { ...advanced, description: undefined }),
  polynomialDegree: withDefault(own.polynomialDegree, 2, { description: "The source has 3." }),
  constantTerm: z
    .boolean()
    .default(true)
    .meta({ title: "Constant term", ...advanced }),
  sine: z
    .boolean()
    .default(false)
    .meta({ title: "Sine", ...advanced }),
  initialCoefficient: withDefault(own.initialCoefficient, 0, { description: undefined }),
  derivativeWeight: withDefault(own.derivativeWeight, 3e-3, { description: undefined }),
  lawWeight: withDefault(own.lawWeight, 3e-3, { description: undefined, "x-suggest": undefined }),
  lateLawWeight: withDefault(own.lateLawWeight, 3e-2, { ...advanced, description: undefined }),
  coefficientLearningRate: withDefault(own.coefficientLearningRate, 2e-2, {
    description: "Lorenz' coefficients reach 40 in the scaled states.",
  }),
  sparsityWeight: withDefault(own.sparsityWeight, 0, {
    description: "Weight of Σ|Ξ|. The gauge search needs none; the source has 1e-5.",
  }),
  sparsityFrom: withDefault(own.sparsityFrom, 0.2, { description: undefined }),
  sparsityTo: withDefault(own.sparsityTo, 0.8, { description: undefined }),
  blocks: withDefault(own.blocks, 200, { description: undefined }),
  pruneEvery: withDefault(own.pruneEvery, 10, { description: undefined }),
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
type LorenzLiftedParameters = z.infer<typeof LorenzLiftedParameters>;

const problem: LatentDynamicsProblem<LorenzLiftedParameters> = {
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
  metrics: [
    ...latentMetrics,
    finalMetric("outcomeClass", "Outcome", "The first class that applies; the description of the experiment defines them.", {
      categories: [...liftedOutcomes],
    }),
    finalMetric("lawRecovered", "Law recovered (1 or 0)", "1 for the outcome law.", { share: true }),
    finalMetric(
      "activeTerms",
      "Active coefficients",
      "Coefficients of the final law that are not pruned and at or above the threshold.",
    ),
    finalMetric(
      "affineR2",
      "Least R² of a true state by the affine map",
      "Least R² of x, y and z by the affine map of the latent variables with least squares, over the validation orbits.",
    ),
    finalMetric(
      "fuvLaw",
      "Unexplained share of the true rates",
      "Σ(found − true)²/Σtrue² of the true rates, found by the law through the linear part of that map.",
      { scale: "log" },
    ),
    finalMetric(
      "coefficientError",
      "‖Ξ − Ξ*‖ / ‖Ξ*‖ in the true states",
      "‖Ξ − Ξ*‖/‖Ξ*‖ of the law in the true states, refitted there, against Lorenz' own.",
      { scale: "log" },
    ),
    finalMetric(
      "worstCoefficient",
      "Greatest relative error of a known coefficient in the true states",
      "Greatest |ξ/ξ* − 1| of the seven known terms in the true states.",
      { scale: "log" },
    ),
    finalMetric("fuvX", "Unexplained share of x", "Σ(found − true)²/Σtrue² over the validation orbits, of the decoded fields.", {
      scale: "log",
    }),
    finalMetric("fuvXDot", "Unexplained share of ẋ", "The same of their time derivative, decoded from the rates of the law.", {
      scale: "log",
    }),
    finalMetric("fuvZDot", "Unexplained share of ż", "The same of ż: the law against the encoder.", { scale: "log" }),
    weightCount,
  ],
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
