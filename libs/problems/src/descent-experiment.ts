import type { MetricDescriptor } from "@basin/contracts";
import type { ExperimentDefinition } from "./experiment";
import { finalMetric } from "./final-metric";

/** What an experiment says of itself; the rest follows from the family. */
type OwnPart = Omit<ExperimentDefinition, "family" | "diagnostic" | "perRunParameters" | "stepUnit"> & {
  /** Of the function's values; "log" when left out. Where some are negative a logarithmic axis has no place for them. */
  valueScale?: MetricDescriptor["scale"];
};

/** Metrics of every experiment of the family `descent`. */
const descentMetrics = (scale: MetricDescriptor["scale"]): readonly MetricDescriptor[] => [
  finalMetric("value", "Value of the function", "f after the step; as a final figure, where the run ended.", {
    scale,
    series: true,
  }),
  finalMetric(
    "stepsToTolerance",
    "Steps to the tolerance (none when not reached)",
    "Steps until f is within the tolerance of its minimum.",
    { scale: "log", unit: "step" },
  ),
  finalMetric("reached", "Tolerance reached (1) or not (0)", "1 when f came within the tolerance of its minimum, else 0."),
  finalMetric("steps", "Steps made", "Steps that the run made.", { scale: "log", unit: "step" }),
];

/** An experiment of the family `descent`: the family's metrics before its own, and every parameter per run, as runs share no tensors. */
export function descentExperiment({ valueScale = "log", ...own }: OwnPart): ExperimentDefinition {
  return {
    ...own,
    family: "descent",
    diagnostic: false,
    perRunParameters: Object.keys(own.parameters.shape),
    metrics: [...descentMetrics(valueScale), ...own.metrics],
    stepUnit: "step",
  };
}
