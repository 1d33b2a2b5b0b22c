import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import {
  boltzmannOf,
  divergence,
  drawStates,
  energies,
  mostLikely,
  networkEnergies,
  pairs,
  sharesOf,
  trueCouplings,
} from "./spin-model";

export const boltzmannPlots: readonly PlotDescriptor[] = [
  { id: "couplings", title: "Learned couplings against the true ones", kind: "scatter" },
  { id: "divergence", title: "What is left to learn against the number of samples", kind: "curve" },
  { id: "energies", title: "Energies of all states", kind: "scatter" },
];

/** Numbers of samples for which the couplings of greatest likelihood are shown. */
const sampleCounts = [100, 200, 500, 1000, 2000, 5000, 10_000];

/** Of a run with the learned couplings; `samples` of them were seen. */
export function plotsOf(seed: number, samples: number, learned: Float64Array): PlotsById {
  const truth = trueCouplings(seed);
  const { probabilities } = boltzmannOf(truth);
  const all = drawStates(seed, sampleCounts.at(-1) ?? 0);
  const best = sampleCounts.map((count) => {
    const { couplings } = mostLikely(sharesOf(all.subarray(0, count)));
    return divergence(probabilities, boltzmannOf(couplings).probabilities);
  });
  const own = divergence(probabilities, boltzmannOf(learned).probabilities);
  const diagonal = (values: ArrayLike<number>): number[] => {
    const reach = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return [-reach, reach];
  };
  const [couplingEnds, energyEnds] = [diagonal(truth), diagonal(energies(truth))];
  return {
    couplings: {
      kind: "scatter",
      title: "Learned couplings against the true ones",
      caption: `One point for each of the ${pairs.length} pairs of spins; on the line they agree.`,
      x: { label: "True coupling J" },
      y: { label: "Learned weight w" },
      series: [
        { name: "pairs", x: Array.from(truth), y: Array.from(learned) },
        { name: "w = J", x: couplingEnds, y: couplingEnds, style: "dashed" },
      ],
    },
    divergence: {
      kind: "curve",
      title: "What is left to learn against the number of samples",
      caption: "The weights of greatest likelihood are 28/2N nats from the truth on average, for the 28 weights.",
      x: { label: "Samples N", scale: "log" },
      y: { label: "KL(truth ‖ model)", unit: "nat", scale: "log" },
      series: [
        { name: "greatest likelihood", x: sampleCounts, y: best, style: "points" },
        { name: "14/N", x: sampleCounts, y: sampleCounts.map((count) => pairs.length / 2 / count), style: "dashed" },
        { name: "this run", x: [samples], y: [own], style: "points" },
      ],
    },
    energies: {
      kind: "scatter",
      title: "Energies of all states",
      caption: "With w = J the network's energy is the physicist's in every state; learned weights come near it.",
      x: { label: "E = −Σ over i < j of J s s" },
      y: { label: "L = −½ Σ over i ≠ j of w s s" },
      series: [
        { name: "learned w", x: Array.from(energies(truth)), y: Array.from(networkEnergies(learned)) },
        { name: "w = J", x: Array.from(energies(truth)), y: Array.from(networkEnergies(truth)) },
        { name: "L = E", x: energyEnds, y: energyEnds, style: "dashed" },
      ],
    },
  };
}
