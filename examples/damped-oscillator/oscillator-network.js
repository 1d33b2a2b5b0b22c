import { measurements, oscillation, oscillatorParameters, timesOf } from "./oscillation.js";

const evaluationPoints = 200;

/** A network of Basin's own family `mlp` learns the oscillation from noisy measurements. */
export function oscillatorNetwork({ z, numerics, mlp }) {
  const parameters = mlp.parameters.extend({
    ...oscillatorParameters(z),
    hiddenLayers: mlp.parameters.shape.hiddenLayers.unwrap().default([16, 16]).meta({ title: "Hidden layers" }),
    epochs: mlp.parameters.shape.epochs.unwrap().default(500).meta({ title: "Epochs", unit: "epoch" }),
  });
  return {
    id: "damped-oscillator",
    version: 2,
    title: "Damped oscillator",
    summary: "A small network learns a damped oscillation from noisy measurements.",
    description: "$x(t) = e^{-\\gamma t}\\cos\\omega t$, measured with noise over six seconds and held against the truth.",
    source: "examples/damped-oscillator",
    family: "mlp",
    diagnostic: false,
    parameters,
    perRunParameters: mlp.perRunParameters,
    check: mlp.check,
    sizes: ({ samples }) => ({ samples, input: { rows: 1, columns: 1, channels: 1 }, outputs: 1 }),
    objective: { metric: "rmse", direction: "minimize" },
    metrics: [
      ...mlp.metrics,
      { name: "rmse", title: "Root mean square error to the truth", unit: "", series: false, final: true, scale: "log" },
    ],
    success: { text: "an error of at most 0.05", all: [{ metric: "rmse", op: "<=", value: 0.05 }] },
    plots: [],
    maxPackWidth: 64,
    stepUnit: "epoch",
    problem: {
      kind: "supervised",
      inputWidth: 1,
      outputWidth: 1,
      outputActivation: "linear",
      loss: "mse",
      data(configuration) {
        const { times, values } = measurements(numerics, configuration);
        return { samples: times.length, inputs: Float32Array.from(times), targets: Float32Array.from(values) };
      },
      evaluationInputs: () => Float32Array.from(timesOf(evaluationPoints, 6)),
      evaluate({ damping, frequency }, predictions) {
        const errors = timesOf(evaluationPoints, 6).map((t, i) => predictions[i] - oscillation(damping, frequency, t));
        return { rmse: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length) };
      },
    },
  };
}
