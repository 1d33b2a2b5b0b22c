import type { MetricDescriptor } from "@basin/contracts";

function loss(name: string, title: string): MetricDescriptor {
  return { name, title, unit: "", series: true, final: false, scale: "log" };
}

/** The six curves that the family `sindy-autoencoder` reports once per block: means over its steps; the validation loss after it. */
export const latentMetrics: readonly MetricDescriptor[] = [
  loss("reconstructionLoss", "MSE of x"),
  loss("derivativeLoss", "MSE of the highest derivative of x"),
  loss("lawLoss", "Law's loss in z"),
  loss("sparsity", "Σ|Ξ|"),
  loss("loss", "Total training loss"),
  loss("validationLoss", "Total validation loss"),
];
