import { MlpParameters, type Configuration, type Issue } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { oneHot } from "../digits/classification";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { penaltyWeight } from "../penalty-weight";
import { withDefault } from "../with-default";
import { drawChain, residues, states, windowFeatures, windowWidth } from "./chain";
import { judge } from "./judgement";
import { plotsOf, proteinPlots } from "./plots";

const mlp = MlpParameters.shape;
const weights = [0, 0.3, 1, 3, 10];

const ProteinParameters = MlpParameters.extend({
  penaltyWeight: penaltyWeight(3, "Of the mean Jensen–Shannon divergence of neighbouring residues.", weights),
  window: z
    .int()
    .min(0)
    .max(12)
    .default(3)
    .meta({
      title: "Window",
      unit: "residue",
      description: "Neighbours on either side whose letters the network sees.",
      "x-suggest": { type: "choice", values: [0, 1, 3, 6] },
    }),
  dataSeed: dataSeed("Of the letters' probabilities and of both chains."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [32]),
  initialization: withDefault(mlp.initialization, "glorot-uniform"),
  learningRate: withDefault(mlp.learningRate, 0.01),
  epochs: withDefault(mlp.epochs, 60),
  batchSize: withDefault(mlp.batchSize, 0, {
    description: "0: the whole chain at once. Smaller batches are pieces of the chain, and need `shuffle` false.",
  }),
  shuffle: withDefault(mlp.shuffle, false, {
    description: "The term is told of neighbours in the chain, so its order must stay.",
  }),
});
type ProteinParameters = z.infer<typeof ProteinParameters>;

const problem: SupervisedProblem<ProteinParameters> = {
  kind: "supervised",
  inputWidth: windowWidth(3),
  outputWidth: states.length,
  widths: ({ window }) => ({ inputWidth: windowWidth(window), outputWidth: states.length }),
  outputActivation: "softmax",
  loss: "cce",
  outputPenalty: { id: "jsd-neighbours" },

  data(parameters) {
    const chain = drawChain("training", parameters.dataSeed);
    return {
      samples: residues,
      inputs: windowFeatures(chain, parameters.window),
      targets: oneHot(chain.states, states.length),
    };
  },
  evaluationInputs: (parameters) => windowFeatures(drawChain("test", parameters.dataSeed), parameters.window),

  evaluate: (parameters, predictions) => judge(drawChain("test", parameters.dataSeed).states, predictions),

  async plots(parameters, trained) {
    const chain = drawChain("test", parameters.dataSeed);
    const probabilities = await trained.predict(windowFeatures(chain, parameters.window));
    return plotsOf(chain.states, probabilities, parameters.penaltyWeight);
  },
};

/** What takes samples out of their order leaves no neighbours. */
function check({ shuffle, batchSize, validationFraction, folds, bootstrapSamples }: Configuration): Issue[] {
  const issues: Issue[] = [];
  const because = "the term compares residues that follow one another in the chain";
  if (shuffle === true && batchSize !== 0)
    issues.push({ path: "shuffle", message: `${because}, and shuffled ones do not`, hint: "use false, or batchSize 0" });
  if (typeof validationFraction === "number" && validationFraction > 0)
    issues.push({
      path: "validationFraction",
      message: `${because}, and those held out are taken from anywhere in it`,
      hint: "use 0; the test chain is a chain of its own",
    });
  if (typeof folds === "number" && folds > 0)
    issues.push({
      path: "folds",
      message: `${because}, and a fold leaves holes in it`,
      hint: "use 0; the test chain is a chain of its own",
    });
  if (typeof bootstrapSamples === "number" && bootstrapSamples > 0)
    issues.push({
      path: "bootstrapSamples",
      message: `${because}, and drawn ones do not`,
      hint: "use 0; the test chain is a chain of its own",
    });
  return issues;
}

/** Objective: the share of residues told right, which is what such a network is for; how smooth they are is the criterion. */
export const proteinSmoothness = mlpExperiment({
  id: "protein-smoothness",
  version: 1,
  title: "Neighbours in a protein are alike",
  summary: "A term that draws neighbouring residues together takes away states that stand alone.",
  description: `**The data are synthetic.** The secondary structure of a chain of 3,000 residues, helix (H), strand (E) or coil (C), is a Markov chain with

$$P = \\begin{pmatrix} 0.90 & 0.02 & 0.08 \\\\ 0.02 & 0.85 & 0.13 \\\\ 0.08 & 0.10 & 0.82 \\end{pmatrix},$$

and each state draws one of 20 letters from probabilities of its own: a common base, uniform over all distributions, times $e^{0.6\\,N(0,1)}$. A network 141-32-3 (tanh, softmax) sees the letters of a residue and of three neighbours on
either side, and is trained on the whole chain at once, in its order, by

$$-\\overline{\\ln p_y} + \\lambda\\,\\overline{\\mathrm{JSD}(p_i, p_{i+1})}, \\qquad \\mathrm{JSD}(p, q) = H(\\tfrac12 p + \\tfrac12 q) - \\tfrac12 H(p) - \\tfrac12 H(q) \\in [0, \\ln 2].$$

It is judged on a second chain of the same length.

**What to look for.** With λ = 3 half of the isolated residues are gone, the number of segments is that of the truth within a quarter, and the accuracy is no lower: the term says what the letters alone do not. With λ = 10 it goes on
falling. A network that sees one letter only (\`window: 0\`) cannot be smooth, whatever the weight: the control.

Sixty epochs were chosen on seeds 101 and 102. After 100 the network has begun to follow the noise of the training chain, has twice as many isolated residues, and the term takes away half of those as well.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: smoothness of a predicted sequence",
  defaultSweep: {
    lesson: "How much smoother does the chain become, and from which weight on does that cost accuracy?",
    space: { penaltyWeight: { type: "choice", values: weights } },
    seeds: 10,
  },
  parameters: ProteinParameters,
  check,
  sizes: (parameters) => vectorSizes(residues, windowWidth(ProteinParameters.parse(parameters).window), states.length),
  objective: { metric: "accuracy", direction: "maximize" },
  metrics: [
    finalMetric(
      "accuracy",
      "Accuracy on the test chain",
      "Share of its 3,000 residues whose most probable state is the true one.",
    ),
    finalMetric(
      "isolated",
      "Isolated residues",
      "Residues of the test chain whose most probable state is that of neither neighbour.",
      { unit: "residue" },
    ),
    finalMetric(
      "meanDivergence",
      "Mean divergence of neighbours",
      "Mean over neighbouring residues of the test chain of H(½p + ½q) − ½H(p) − ½H(q), at most ln 2 = 0.693.",
    ),
    finalMetric(
      "segmentRatio",
      "Segments over true segments",
      "Runs of one state in the predicted test chain over those in truth.",
    ),
    finalMetric("segmentError", "Relative error of the number of segments", "|segments/true segments − 1|."),
  ],
  success: {
    text: "as many segments as in truth, within a quarter, and a mean divergence of at most ln 2",
    all: [
      { metric: "segmentError", op: "<=", value: 0.25 },
      { metric: "meanDivergence", op: "<=", value: 0.6932 },
    ],
  },
  plots: proteinPlots,
  maxPackWidth: 32,
  problem,
});
