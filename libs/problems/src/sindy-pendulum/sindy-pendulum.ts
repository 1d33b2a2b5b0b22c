import { SindyAutoencoderParameters, sindyAutoencoderPerRunParameters, type Configuration, type Issue } from "@basin/contracts";
import { z } from "zod";
import { checkLawSearch } from "../dynamics/check-law-search";
import { latentMetrics } from "../dynamics/latent-metrics";
import type { ExperimentDefinition } from "../experiment";
import { vectorSizes } from "../memory/data-sizes";
import type { LatentDynamicsProblem } from "../kinds/latent-dynamics";
import { judgePendulum } from "./judge-pendulum";
import { pendulumBounds, pendulumOutcomes } from "./outcome";
import { orbitStates, pendulumImages } from "./pendulum-images";
import { dataSeed } from "../data-seed";
import { withDefault } from "../with-default";
import { pendulumStartingPoints } from "./starting-points";
import { weightCount } from "../weight-count";
import { finalMetric } from "../final-metric";

const family = SindyAutoencoderParameters.shape;
const advanced = { "x-advanced": true };
const orbits = z.int().min(1).max(10_000);

export const SindyPendulumParameters = SindyAutoencoderParameters.omit({ order: true, latentWidth: true }).extend({
  pixels: z
    .int()
    .min(4)
    .max(101)
    .default(16)
    .meta({ title: "Pixels per side", unit: "pixel", description: "The source has 51." }),
  blobVariance: z.number().min(0.005).max(10).default(0.1).meta({
    title: "Blob variance",
    description: "v of the bob's image exp(−r²/v). The source has 0.05.",
  }),
  orbits: orbits.default(40).meta({ title: "Training orbits", description: "The source has 100.", ...advanced }),
  validationOrbits: orbits.default(10).meta({ title: "Validation orbits", ...advanced }),
  frames: z
    .int()
    .min(2)
    .max(100_000)
    .default(50)
    .meta({ title: "Frames per orbit", unit: "frame", description: "The source has 500.", ...advanced }),
  frameInterval: z
    .number()
    .positive()
    .max(10)
    .default(0.2)
    .meta({
      title: "Time between frames",
      unit: "√(ℓ/g)",
      description: "The source has 0.02.",
      ...advanced,
    }),
  dataSeed: dataSeed("Which orbits are drawn; independent of the run's seed."),
  procedure: withDefault(family.procedure, "gauge-scan-polished", {
    "x-suggest": { type: "choice", values: ["source-threshold", "gauge-scan", "gauge-scan-polished"] },
  }),
  blocks: withDefault(family.blocks, 200),
});
type SindyPendulumParameters = z.infer<typeof SindyPendulumParameters>;

/** What only a training of networks and law together reads. */
const ofJointTraining = [
  "derivativeWeight",
  "lawWeight",
  "lateLawWeight",
  "lateFrom",
  "sparsityWeight",
  "sparsityFrom",
  "sparsityTo",
  "coefficientLearningRate",
  "initialCoefficient",
  "initialSineCoefficient",
  "pruneEvery",
];
/** Values of x that fit into the memory of a 32-bit backend, three times over. */
const mostValues = 100_000_000;

const problem: LatentDynamicsProblem<SindyPendulumParameters> = {
  kind: "latent-dynamics",

  data(parameters) {
    const training = orbitStates(parameters, "training", parameters.orbits);
    const validation = orbitStates(parameters, "validation", parameters.validationOrbits);
    return {
      width: parameters.pixels * parameters.pixels,
      trainingSamples: training.length,
      training: pendulumImages(parameters, training),
      validationSamples: validation.length,
      validation: pendulumImages(parameters, validation),
    };
  },

  judge: judgePendulum,

  diverged() {
    return { outcomeClass: pendulumOutcomes.indexOf("diverged"), supportRecovered: 0, lawRecovered: 0 };
  },
};

function check(parameters: Configuration): Issue[] {
  const { orbits: count, frames, pixels } = SindyPendulumParameters.parse(parameters);
  const values = count * frames * pixels * pixels;
  if (values <= mostValues) return checkLawSearch(parameters);
  return [
    {
      path: "pixels",
      message: `${count} orbits of ${frames} frames with ${pixels}² pixels are ${values} values; at most ${mostValues} fit into memory`,
      hint: "take fewer frames or orbits: 75 orbits of 500 frames fit with 51 pixels",
    },
  ];
}

export const sindyPendulum: ExperimentDefinition = {
  id: "sindy-pendulum",
  version: 3,
  title: "SINDy autoencoder: the pendulum's law from images",
  summary: "An autoencoder finds a coordinate in images of a swinging pendulum, and the sparse law that it obeys.",
  description: `Images of a pendulum's bob, with their time derivatives, are all that is given. An encoder $z = \\varphi(x)$ and a decoder are trained
together with a law $\\ddot z = \\Theta(z)\\,\\Xi$ on

$$L = \\mathrm{MSE}(x, \\tilde x) + \\lambda_1\\,\\mathrm{MSE}(\\ddot x, \\tilde{\\ddot x}) + \\lambda_2\\,\\mathrm{MSE}(\\ddot z, \\Theta\\Xi) + \\lambda_3 \\lVert\\Xi\\rVert_1 ,$$

derivatives passing through the networks by the chain rule. The truth is $\\ddot\\theta = -\\sin\\theta$; it is used for judging only.

**Gauge.** Any $z = a\\theta + c$ is as good a coordinate, with the law $\\ddot z = -a\\sin((z-c)/a)$. It is a multiple of $\\sin z$ only for $|a| = 1$ and $c = k\\pi$.
Away from there $\\{z\\}$, $\\{z, \\sin z\\}$ and $\\{z, z^3\\}$ fit nearly as well, and the law's loss, being proportional to $a^2$, rewards a small $a$. "Linear" and "mixed" laws
are such gauges, not other physics.

**Outcome of a run**, the first that applies. *diverged*: the loss became infinite. *trivial*: FUV(x) ≥ 0.5. *none*: no term is left. *law*: only $\\sin z$ is active,
its coefficient within 0.05 of ±1 with the sign that $c$ demands, affine $R^2(z|\\theta) \\ge 0.999$, $|a|$ within 0.05 of 1, $c$ within 0.05 of a multiple of π,
FUV($\\ddot z$) ≤ 0.02, FUV(x) ≤ 0.02, FUV($\\ddot x$) ≤ 0.10, and the found law's periods for releases at 60°, 120° and 150° within 2 % of 6.743, 8.626 and 11.07. *support*:
only $\\sin z$ is active. *linear* {z}, *mixed* {z, sin z}, *Duffing* {z, z³}, *dense*: any other set. A term is active when it was not pruned and its coefficient reaches the threshold.
FUV is the mean squared error over the mean square, on validation orbits.

The source reads "recovered" off the printed equation, which is *support* or *law* here (\`supportRecovered\`); coefficient and gauge are not looked at. Both readings are reported.

**Procedures.** \`source-threshold\` prunes coefficients below the threshold every so many blocks. \`gauge-scan\` fits, after 35, 50 and 65 % of the run, every single term over a grid of
affine gauges $z' = cz + s$ to the measured $\\ddot z'$, keeps the best and writes $c$ and $s$ into the networks exactly. It searches one-term laws only. \`gauge-scan-polished\`
improves on it in four ways. Both learning rates rise from 0 over 300 steps after each scan, because the new law and the larger $\\lambda_2$ otherwise throw the networks far back, and now and then for
good. Slow samples weigh more in the scan, and terms $\\dot z^2 (1, z, z^2)$ are fitted along and dropped, because a slightly bent coordinate $z = h(\\theta)$ disturbs $\\ddot z$ by
$h''\\dot\\theta^2$. The gauge leaves the grid. Further scans follow after 80, 90 and 100 %. \`two-stage\` is what joint training is held against: an autoencoder of the images alone, and after it sparse regression on the coordinate that it happened to
find. None of the procedures looks at $\\theta$.

**Defaults** are those of \`gauge-scan-polished\` over 20,000 steps, which recovered the law from 20 of 20 initializations that nothing had been chosen by; before they were those of \`gauge-scan\` over 14,000. The
source's own procedure and weights are the starting point \`source\`, for comparison; \`fifteen-percent\` has 15 % of the orbits.

**Differences from the source.** The source's ReLU has no second derivative, its code adds biases to derivatives, makes a new Adam for every batch and leaves dropout out of the derivatives;
none of that is copied. Defaults are a small setting (16 × 16 pixels, wider blob, 2,000 frames, gain 3); the source's 51 × 51 pixels and 50,000 frames are parameters.`,
  source:
    "An introduction to Neural Networks for Physicists, example 4; K. Champion, B. Lusch, J. N. Kutz, S. L. Brunton, PNAS 116 (2019) 22445",
  family: "sindy-autoencoder",
  diagnostic: false,
  defaultSweep: {
    lesson: "How often does each procedure recover the pendulum's law?",
    space: { procedure: { type: "choice", values: ["source-threshold", "gauge-scan", "gauge-scan-polished"] } },
    seeds: 5,
  },
  startingPoints: pendulumStartingPoints,
  parameters: SindyPendulumParameters,
  perRunParameters: sindyAutoencoderPerRunParameters,
  check,
  withoutEffect: ({ procedure }) => (procedure === "two-stage" ? ofJointTraining : []),
  sizes(parameters) {
    const { orbits: count, validationOrbits, frames, pixels } = SindyPendulumParameters.parse(parameters);
    return { ...vectorSizes(count * frames, pixels ** 2, 0), heldOut: validationOrbits * frames };
  },
  objective: { metric: "fuvZDDot", direction: "minimize" },
  metrics: [
    ...latentMetrics,
    finalMetric("outcomeClass", "Outcome", "The first class that applies; the description of the experiment defines them.", {
      categories: [...pendulumOutcomes],
    }),
    finalMetric("lawRecovered", "Law recovered (1 or 0)", "1 for the outcome law.", { share: true }),
    finalMetric(
      "supportRecovered",
      "Support recovered (only sin z is active, the source's reading; 1 or 0)",
      "1 for the outcomes law and support.",
      { share: true },
    ),
    finalMetric("coefficient", "Coefficient of sin z", "Of sin z in the final law; 0 when it is not part of it."),
    finalMetric(
      "activeTerms",
      "Active terms",
      "Terms of the final law: not pruned, and with a coefficient at or above the threshold.",
    ),
    finalMetric(
      "affineR2",
      "R² of z = aθ + c",
      "1 − Σ(aθ + c − z)²/Σ(z − z̄)² of the least-squares line over the validation orbits.",
    ),
    finalMetric("gaugeScale", "Gauge scale a", "a of that line."),
    finalMetric("gaugeOffset", "Gauge offset c", "c of that line."),
    finalMetric("fuvX", "Unexplained share of x", "Σ(found − true)²/Σtrue² over the validation orbits, of the decoded images.", {
      scale: "log",
    }),
    finalMetric("fuvXDot", "Unexplained share of ẋ", "The same of their first time derivative.", { scale: "log" }),
    finalMetric(
      "fuvXDDot",
      "Unexplained share of ẍ",
      "The same of their second time derivative, decoded from the z̈ of the law.",
      { scale: "log" },
    ),
    finalMetric("fuvZDDot", "Unexplained share of z̈", "The same of z̈: the law against the encoder.", { scale: "log" }),
    finalMetric(
      "periodError",
      "Greatest relative error of the periods at 60°, 120°, 150°",
      "Greatest |T̂/T − 1| of the law's periods at amplitudes of 60°, 120° and 150°; none when an orbit does not come back.",
      { scale: "log" },
    ),
    weightCount,
  ],
  success: { text: "The law itself: every bound in the description", all: [{ metric: "lawRecovered", op: ">=", value: 1 }] },
  bounds: pendulumBounds,
  plots: [
    { id: "equation", title: "Discovered law", kind: "equation" },
    { id: "losses", title: "Losses", kind: "curve" },
    { id: "coefficients", title: "Coefficients", kind: "curve" },
    { id: "latent", title: "Latent variable against the angle", kind: "scatter" },
    { id: "portrait", title: "Phase portrait", kind: "scatter" },
    { id: "images", title: "Measured and decoded", kind: "image-grid" },
  ],
  maxPackWidth: 16,
  stepUnit: "block",
  problem,
};
