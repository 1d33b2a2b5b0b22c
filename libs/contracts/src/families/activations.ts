import type { z } from "zod";
import { choiceOf } from "./choice";

/** In the order by which the kernels number them. */
export const activationNames = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leaky-relu",
  "elu",
  "gelu",
  "gelu-tanh",
  "swish",
  "softplus",
  "sine",
  "cosine",
] as const;

/** f(z) of each, and its name in PyTorch where that differs. */
export const activationTexts: Readonly<Record<(typeof activationNames)[number], string>> = {
  linear: "z",
  sigmoid: "1/(1 + e^−z)",
  tanh: "tanh z",
  relu: "max(0, z)",
  "leaky-relu": "z where z > 0, else 0.01z; dense networks may choose the slope",
  elu: "z where z > 0, else e^z − 1; dense networks may choose the factor α of it",
  gelu: "z·Φ(z) with Φ(z) = ½(1 + erf(z/√2)), as torch.nn.GELU()",
  "gelu-tanh": "½z(1 + tanh(√(2/π)(z + 0.044715z³))), within 5e-4 of gelu, as torch.nn.GELU(approximate='tanh')",
  swish: "z/(1 + e^−z), torch.nn.SiLU",
  softplus: "ln(1 + e^z); torch.nn.Softplus gives z itself beyond z = 20",
  sine: "sin z",
  cosine: "cos z",
};

export const ActivationName = choiceOf(activationNames, activationTexts);
export type ActivationName = z.infer<typeof ActivationName>;
