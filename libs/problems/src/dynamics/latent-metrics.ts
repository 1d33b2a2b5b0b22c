import type { MetricDescriptor, PlotDataInput } from "@basin/contracts";
import type { LatentModel } from "../kinds/latent-dynamics";

function loss(name: string, title: string, description: string): MetricDescriptor {
  return { name, title, description, unit: "", series: true, final: false, scale: "log" };
}

/** The six curves that the family `sindy-autoencoder` reports once per block: means over its steps; the validation loss after it. */
export const latentMetrics: readonly MetricDescriptor[] = [
  loss("reconstructionLoss", "MSE of x", "Mean of (x̃ − x)² over samples and components."),
  loss(
    "derivativeLoss",
    "MSE of the highest derivative of x",
    "The same of ẍ (of ẋ for a law of first order), decoded from what the law says.",
  ),
  loss("lawLoss", "Law's loss in z", "Mean of (z̈ − ΘΞ)², or of (ż − ΘΞ)², over samples and latent variables."),
  loss("sparsity", "Σ|Ξ|", "Over the coefficients that are not pruned, after the block."),
  loss(
    "loss",
    "Total training loss",
    "MSE of x + λ₁ · that of its derivative + λ₂ · that of the law + λ₃ Σ|Ξ|: means over the block's steps, each before its update.",
  ),
  loss("validationLoss", "Total validation loss", "The same over the validation samples, after the block."),
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
