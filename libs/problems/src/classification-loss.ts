import { choiceOf } from "@basin/contracts";

/** Losses of an output p = σ(z) for two classes, with the one that an experiment starts from. */
export function twoClassLoss<const Name extends "bce" | "mse" | "mae">(start: Name) {
  const parameter = choiceOf(["bce", "mse", "mae"], {
    bce: "mean of −y ln p − (1 − y) ln(1 − p), whose gradient by z is p − y: it does not vanish where the output is sure and wrong",
    mse: "mean of (p − y)²; its gradient by z is 2(p − y)p(1 − p), which does",
    mae: "mean of |p − y|",
  });
  return {
    loss: parameter.default(start).meta({ title: "Loss", "x-suggest": { type: "choice", values: ["bce", "mse", "mae"] } }),
  };
}

/** The same of p = softmax(z) for several classes; y is 1 for the true class, else 0. */
export const manyClassLoss = {
  loss: choiceOf(["cce", "mse", "mae"], {
    cce: "mean over samples of −Σ y ln p, whose gradient by z is p − y",
    mse: "mean of (p − y)² over samples and classes (Brier's score over the number of classes)",
    mae: "mean of |p − y| over samples and classes",
  })
    .default("cce")
    .meta({ title: "Loss", "x-advanced": true, "x-suggest": { type: "choice", values: ["cce", "mse", "mae"] } }),
};
