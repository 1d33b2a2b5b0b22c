import { choiceOf, DescentParameters } from "@basin/contracts";
import { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { boltzmannPlots, plotsOf } from "./plots";
import {
  boltzmannOf,
  contrastiveDivergence,
  divergence,
  drawStates,
  energies,
  fit,
  leastCouplingError,
  mostLikely,
  networkEnergies,
  pairs,
  sharesOf,
  trueCouplings,
} from "./spin-model";

const descent = DescentParameters.shape;
const learningNames = ["exact", "contrastive-divergence", "none"] as const;

const BoltzmannParameters = DescentParameters.extend({
  learning: choiceOf(learningNames, {
    exact: "the gradient of the likelihood, ⟨s s⟩ of the samples minus ⟨s s⟩ of the model over all 256 states",
    "contrastive-divergence": "the model's ⟨s s⟩ after a few sweeps of Gibbs sampling from the samples (CD-k)",
    none: "the weights stay 0, so that every state is as likely as any other: what learning is worth",
  })
    .default("exact")
    .meta({ title: "Learning", "x-suggest": { type: "choice", values: [...learningNames] } }),
  samples: z
    .int()
    .min(50)
    .max(100_000)
    .default(1000)
    .meta({
      title: "Samples N",
      description: "States of the true system that are learned from.",
      "x-suggest": { type: "choice", values: [200, 1000, 5000] },
    }),
  sweeps: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({
      title: "Sweeps k",
      description: "Of contrastive divergence: how often each spin of a chain is drawn anew in a step.",
      "x-suggest": { type: "choice", values: [1, 10] },
    }),
  chains: z.int().min(1).max(100_000).default(200).meta({
    title: "Chains",
    description: "Of contrastive divergence: each starts from a sample that is drawn anew in every step.",
    "x-advanced": true,
  }),
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.2, { "x-suggest": { type: "choice", values: [0.03, 0.1, 0.2] } }),
  tolerance: withDefault(descent.tolerance, 1e-9),
  maxSteps: withDefault(descent.maxSteps, 3000),
});
type BoltzmannParameters = z.infer<typeof BoltzmannParameters>;

interface Seen {
  samples: Uint8Array;
  shares: Float64Array;
  evaluate: ReturnType<typeof fit>;
}

/** More than the widest pack has runs, each with data of its own. */
const mostKept = 300;
const kept = new Map<string, Seen>();

/** What a run learns from. Runs of a pack take turns, so theirs are kept; the answer does not depend on that. */
function seenBy({ samples: count }: BoltzmannParameters, seed: number): Seen {
  const key = `${seed}/${count}`;
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= mostKept) kept.clear();
  const samples = drawStates(seed, count);
  const shares = sharesOf(samples);
  const seen = { samples, shares, evaluate: fit(shares) };
  kept.set(key, seen);
  return seen;
}

const rootMeanSquare = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

const problem: DescentProblem<BoltzmannParameters> = {
  kind: "descent",
  minimum: (parameters, seed) => mostLikely(seenBy(parameters, seed).shares).value,
  start: () => new Float64Array(pairs.length),
  value: (parameters, point, seed) => seenBy(parameters, seed).evaluate(point).value,

  gradient(parameters, point, seed, step) {
    const { learning, sweeps, chains } = parameters;
    if (learning === "none") return new Float64Array(pairs.length);
    const { samples, evaluate } = seenBy(parameters, seed);
    if (learning === "exact") return evaluate(point).gradient;
    return contrastiveDivergence(point, samples, { sweeps, chains, seed, index: step });
  },

  evaluate({ samples }, { seed, points }) {
    const learned = points.at(-1) ?? new Float64Array(0);
    const truth = trueCouplings(seed);
    const { probabilities } = boltzmannOf(truth);
    const other = networkEnergies(truth);
    return {
      divergence: divergence(probabilities, boltzmannOf(learned).probabilities),
      couplingError: rootMeanSquare(learned.map((w, p) => w - (truth[p] ?? Number.NaN))),
      leastCouplingError: leastCouplingError(truth, samples),
      expectedDivergence: pairs.length / 2 / samples,
      uniformDivergence: divergence(probabilities, boltzmannOf(new Float64Array(pairs.length)).probabilities),
      identityError: energies(truth).reduce(
        (most, energy, state) => Math.max(most, Math.abs(energy - (other[state] ?? Number.NaN))),
        0,
      ),
    };
  },

  plots: ({ samples }, { seed, points }) => plotsOf(seed, samples, points.at(-1) ?? new Float64Array(0)),
};

/** Objective: the divergence from the true distribution, in which the energies' common constant and rare states count as they should. */
export const boltzmann = descentExperiment({
  id: "boltzmann",
  version: 1,
  title: "A Boltzmann machine learns an Ising model",
  summary: "The energy of a spin system and the loss of a network are one function; from samples the couplings are found again.",
  description: `Eight spins $s_i = \\pm 1$ with couplings $J_{ij} \\sim N(0, 1/8)$, drawn by the seed, at $\\beta = 1$ and without fields. A physicist writes the energy
$E = -\\sum_{i<j} J_{ij} s_i s_j$, a network's energy is $L = -\\tfrac12 \\sum_{i \\ne j} w_{ij} s_i s_j$: with $w = J$ they agree in all 256 states, since the factor ½ only undoes counting
each pair twice (\`identityError\`).

A fully visible **Boltzmann machine** learns $w$ from $N$ samples of $e^{-E}/Z$. The gradient of its mean negative log-likelihood is $\\langle s_i s_j\\rangle_{model} - \\langle s_i s_j\\rangle_{data}$,
here over all states, or as contrastive divergence takes it (CD-k, G. E. Hinton 2002): from chains of $k$ sweeps of Gibbs sampling that start at samples. The function that descends, \`value\`,
is the divergence KL(samples ‖ model), which is that likelihood but for the samples' own entropy, in nats.

**What to look for.** The likelihood is convex, so that there is one answer; how far it is from the truth is a matter of the samples: KL(truth ‖ model) is $28/2N$ on average for the 28 weights
(\`expectedDivergence\`). The couplings themselves are
found less well where they are strong, as the spins then hardly turn: no unbiased estimate has a smaller error than \`leastCouplingError\`. Without learning ($w = 0$) it is \`uniformDivergence\`. Contrastive divergence costs no sum over all states; a single sweep is enough here.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: energies of spin systems as losses",
  defaultSweep: {
    lesson: "How many samples does it take to find the couplings?",
    space: { samples: { type: "choice", values: [200, 1000, 5000] } },
    seeds: 10,
  },
  parameters: BoltzmannParameters,
  withoutEffect: ({ learning }) => (learning === "contrastive-divergence" ? [] : ["sweeps", "chains"]),
  objective: { metric: "divergence", direction: "minimize" },
  metrics: [
    finalMetric(
      "divergence",
      "Divergence from the truth",
      "KL(p ‖ q) of the true distribution p from the learned q over all 256 states.",
      {
        scale: "log",
        unit: "nat",
      },
    ),
    finalMetric("couplingError", "Error of the couplings", "Root mean square of w − J over the 28 pairs.", { scale: "log" }),
    finalMetric(
      "leastCouplingError",
      "Least error of the couplings that the samples allow",
      "Cramér and Rao's bound √(tr F⁻¹/28N), F the covariance of the products s_i s_j of the true system.",
      { scale: "log", ofData: true },
    ),
    finalMetric("expectedDivergence", "Divergence by the theory", "28/2N for the weights of greatest likelihood, N large.", {
      scale: "log",
      unit: "nat",
    }),
    finalMetric("uniformDivergence", "Divergence without learning", "KL(p ‖ q) with w = 0, where q is 1/256 for every state.", {
      unit: "nat",
      ofData: true,
    }),
    finalMetric("identityError", "Greatest difference of the two energies", "max |E − L| over all states with w = J.", {
      ofData: true,
    }),
  ],
  success: {
    text: "0.05 nats from the truth or nearer, couplings within 0.08 (root mean square), and both energies the same",
    all: [
      { metric: "divergence", op: "<=", value: 0.05 },
      { metric: "couplingError", op: "<=", value: 0.08 },
      { metric: "identityError", op: "<=", value: 1e-12 },
    ],
  },
  plots: boltzmannPlots,
  maxPackWidth: 256,
  problem,
});
