/** (module (func (export "trap") unreachable)) */
const code = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];

function trap() {
  new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code))).exports.trap();
}

/** Experiments from outside: a small network that traps in WebAssembly when it is told to. */
export default function trappingExperiments({ z, mlp }) {
  const trappingAt = z.enum(["never", "data", "judgement", "plots"]).default("never").meta({ title: "Traps in" });
  const parameters = mlp.parameters.extend({ trapIn: trappingAt });
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  return {
    experiments: [
      {
        id: "trapping",
        version: 1,
        title: "Traps in WebAssembly",
        summary: "A small network that traps where it is told to.",
        description: "For specs.",
        source: "specs",
        family: "mlp",
        diagnostic: true,
        parameters,
        perRunParameters: [...mlp.perRunParameters, "trapIn"],
        objective: { metric: "rmse", direction: "minimize" },
        metrics: [...mlp.metrics, { name: "rmse", title: "Error", unit: "", series: false, final: true, scale: "log" }],
        success: null,
        plots: [{ id: "errors", title: "Errors", kind: "curve" }],
        maxPackWidth: 64,
        stepUnit: "epoch",
        problem: {
          kind: "supervised",
          inputWidth: 1,
          outputWidth: 1,
          outputActivation: "linear",
          loss: "mse",
          data({ trapIn }) {
            if (trapIn === "data") trap();
            return { samples: values.length, inputs: values, targets: values.map((x) => 2 * x) };
          },
          evaluationInputs: () => values,
          evaluate({ trapIn }, predictions) {
            if (trapIn === "judgement") trap();
            return { rmse: Math.sqrt(predictions.reduce((sum, y, i) => sum + (y - 2 * values[i]) ** 2, 0) / values.length) };
          },
          plots({ trapIn }) {
            if (trapIn === "plots") trap();
            return Promise.resolve({});
          },
        },
      },
    ],
  };
}
