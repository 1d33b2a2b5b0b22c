import { SubmittedSpec } from "@basin/contracts";

/**
 * The demo: which networks learn a logic gate, and from how many of the initializations? A single neuron can do AND and OR but
 * never XOR; two hidden units can do XOR, but only some initializations find it. Quick: fewer initializations.
 */
export function demoSweep(quick: boolean): SubmittedSpec {
  return SubmittedSpec.parse({
    name: quick ? "Demo (quick): logic gates × hidden layer" : "Demo: logic gates × hidden layer",
    experiment: "logic-gates",
    space: {
      gate: { type: "choice", values: ["AND", "OR", "XOR"] },
      hiddenLayers: { type: "choice", values: [[], [2], [4]] },
    },
    seeds: { count: quick ? 8 : 20 },
    tags: [quick ? "demo-quick" : "demo"],
    notes: "Submitted by basin demo.",
  });
}
