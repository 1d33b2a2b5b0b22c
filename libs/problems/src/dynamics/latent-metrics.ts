import type { MetricDescriptor, PlotDataInput } from "@basin/contracts";
import type { LatentModel } from "../kinds/latent-dynamics";

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

/** The plot "losses": the six curves of a run, with a mark where terms were pruned or chosen. */
export function lossCurves({ losses, pruned }: Pick<LatentModel, "losses" | "pruned">): PlotDataInput {
  return {
    kind: "curve",
    title: "Losses",
    caption: "Means over the steps of a block; the validation loss after it. The total weighs its parts by λ₁, λ₂ and λ₃.",
    x: { label: "block" },
    y: { label: "loss", scale: "log" },
    series: latentMetrics.map(({ title }, i) => ({
      name: title,
      x: losses.map(({ block }) => block),
      y: losses.map(({ values }) => values[i] ?? Number.NaN),
      style: i === latentMetrics.length - 1 ? "dashed" : "line",
    })),
    marks: pruned.map((x) => ({ x, label: "terms chosen" })),
  };
}
