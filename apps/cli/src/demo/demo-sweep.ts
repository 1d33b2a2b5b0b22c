import { SweepSpec } from "@basin/contracts";

/**
 * The demo: which learning rate and activation let a small network find the oscillation of a 2-D function, and from how many of
 * the initializations? Quick: a smaller network and fewer epochs, for a look at the parts in place of the physics.
 */
export function demoSweep(quick: boolean): SweepSpec {
  return SweepSpec.parse({
    name: quick ? "Demo (quick): learning rate × activation" : "Demo: learning rate × activation",
    experiment: "loss-minimization",
    space: {
      learningRate: { type: "choice", values: [3e-4, 1e-3, 3e-3] },
      activation: { type: "choice", values: ["tanh", "relu", "gelu"] },
      ...(quick ? { epochs: { type: "fixed", value: 200 } } : {}),
    },
    seeds: { count: quick ? 3 : 5 },
    tags: [quick ? "demo-quick" : "demo"],
    notes: "Submitted by basin demo.",
  });
}
