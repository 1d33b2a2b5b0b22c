/** (module (func (export "trap") unreachable)) */
const code = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];

function stopBy(fault) {
  if (fault === "error") throw new RangeError("There are 9 samples\n for 20 folds.");
  new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code))).exports.trap();
}

/** Experiments from outside: a small network that traps in WebAssembly, or throws an error, when it is told to. */
export default function trappingExperiments({ z, mlp }) {
  // A text: with a choice of names it would be found that the data depend on it, and runs that trap in them are to stand in a pack with others.
  const trappingAt = z.string().default("never").meta({ title: "Traps in", description: "never, data, judgement or plots" });
  const faulty = z.enum(["trap", "error"]).default("trap").meta({ title: "Fault" });
  const parameters = mlp.parameters.extend({ trapIn: trappingAt, fault: faulty });
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
        perRunParameters: [...mlp.perRunParameters, "trapIn", "fault"],
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
          data({ trapIn, fault }) {
            if (trapIn === "data") stopBy(fault);
            return { samples: values.length, inputs: values, targets: values.map((x) => 2 * x) };
          },
          evaluationInputs: () => values,
          evaluate({ trapIn, fault }, predictions) {
            if (trapIn === "judgement") stopBy(fault);
            return { rmse: Math.sqrt(predictions.reduce((sum, y, i) => sum + (y - 2 * values[i]) ** 2, 0) / values.length) };
          },
          plots({ trapIn, fault }) {
            if (trapIn === "plots") stopBy(fault);
            return Promise.resolve({});
          },
        },
      },
    ],
  };
}
