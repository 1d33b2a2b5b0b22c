import type { ExperimentDescriptor } from "@basin/contracts";

/** A catalogue entry for specs: small, valid, and with whatever matters to the spec replaced. */
export const experimentWith = (part: Partial<ExperimentDescriptor>): ExperimentDescriptor => ({
  id: "loss-minimization",
  version: 1,
  title: "Loss minimization",
  summary: "",
  description: "",
  source: "",
  family: "mlp",
  familyTitle: "Networks of dense layers",
  diagnostic: false,
  defaultSweep: { lesson: "", space: {}, seeds: 5 },
  parameters: { type: "object", properties: {} },
  defaults: {},
  perRunParameters: [],
  objective: { metric: "r2", direction: "maximize" },
  metrics: [{ name: "loss", title: "Loss", unit: "", series: true, final: true, scale: "log" }],
  success: null,
  plots: [],
  maxPackWidth: 8,
  stepUnit: "epoch",
  ...part,
});
