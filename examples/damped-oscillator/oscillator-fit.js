import { oscillatorParameters } from "./oscillation.js";

/** Damping and frequency themselves are fitted, by a family of this package. Far from the true frequency lie other minima. */
export function oscillatorFit({ z }) {
  return {
    id: "damped-oscillator-fit",
    version: 1,
    title: "Fit of a damped oscillator",
    summary: "Gradient descent on damping and frequency finds the truth from near starts only.",
    description:
      "The mean square of $e^{-\\gamma t}\\cos\\omega t - x$ over the measurements has many minima along $\\omega$: count the starts that reach the deepest.",
    source: "examples/damped-oscillator",
    family: "damped-oscillator/fit",
    familyTitle: "Fits of oscillations",
    diagnostic: false,
    parameters: z.strictObject({
      ...oscillatorParameters(z),
      learningRate: z.number().positive().max(10).default(0.05).meta({ title: "Learning rate" }),
      steps: z.int().min(1).max(100_000).default(400).meta({ title: "Steps" }),
      spread: z
        .number()
        .min(0)
        .max(50)
        .default(3)
        .meta({ title: "Spread", unit: "rad/s", description: "Of the starting frequencies around the true one." }),
    }),
    perRunParameters: ["learningRate", "spread"],
    objective: { metric: "frequencyError", direction: "minimize" },
    metrics: [
      { name: "loss", title: "Mean square error", unit: "", series: true, final: true, scale: "log" },
      { name: "frequencyError", title: "Error of the frequency", unit: "rad/s", series: false, final: true, scale: "log" },
    ],
    success: { text: "the frequency to 0.1 rad/s", all: [{ metric: "frequencyError", op: "<=", value: 0.1 }] },
    plots: [],
    maxPackWidth: 64,
    stepUnit: "step",
    problem: { kind: "damped-oscillator/fit" },
  };
}
