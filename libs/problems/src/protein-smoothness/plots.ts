import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import { states } from "./chain";
import { predictedStates } from "./judgement";

export const proteinPlots: readonly PlotDescriptor[] = [
  { id: "strip", title: "States along the chain", kind: "heat-map" },
  { id: "probabilities", title: "Probabilities along the chain", kind: "curve" },
  { id: "segment-lengths", title: "Lengths of the segments", kind: "bars" },
];

/** Residues that are drawn, from the first on. */
const drawnResidues = 150;
/** Segments of this length and longer are one bar. */
const longest = 12;

/** How many segments there are of 1, 2, … residues, the last those of `longest` and more. */
function lengths(chain: Int32Array): number[] {
  const counts = new Array<number>(longest).fill(0);
  let start = 0;
  for (let i = 1; i <= chain.length; i++) {
    if (i < chain.length && chain[i] === chain[start]) continue;
    const at = Math.min(longest, i - start) - 1;
    counts[at] = (counts[at] ?? 0) + 1;
    start = i;
  }
  return counts;
}

/** `probabilities` [residues, 3] along the test chain. */
export function plotsOf(truth: Int32Array, probabilities: Float32Array, weight: number): PlotsById {
  const predicted = predictedStates(probabilities);
  const shown = (chain: Int32Array): number[] => [...chain.subarray(0, drawnResidues)];
  const places = Array.from({ length: drawnResidues }, (_, i) => i + 1);
  const name = `network, λ = ${weight}`;
  return {
    strip: {
      kind: "heat-map",
      title: "States along the chain",
      caption: "The first residues of the test chain: 0 helix, 1 strand, 2 coil. A lone stripe is an isolated residue.",
      columns: places.map(String),
      rows: ["truth", name],
      columnTitle: "residue",
      rowTitle: "",
      value: { label: "state" },
      z: [shown(truth), shown(predicted)],
    },
    probabilities: {
      kind: "curve",
      title: "Probabilities along the chain",
      caption: "The term draws the probabilities of neighbours together.",
      x: { label: "residue" },
      y: { label: "p" },
      series: states.map((state, k) => ({
        name: state,
        x: places,
        y: places.map((_, i) => probabilities[i * states.length + k] ?? null),
        style: "steps",
      })),
    },
    "segment-lengths": {
      kind: "bars",
      title: "Lengths of the segments",
      caption: "Runs of one state in the test chain. Without the term there are twice as many of a single residue as in truth.",
      categories: Array.from({ length: longest }, (_, i) => (i + 1 === longest ? `≥ ${longest}` : String(i + 1))),
      categoryTitle: "residues",
      y: { label: "segments" },
      series: [
        { name: "truth", values: lengths(truth) },
        { name, values: lengths(predicted) },
      ],
    },
  };
}
