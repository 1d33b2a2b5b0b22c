import type { DescentParameters } from "@basin/contracts";

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}

/**
 * The step t (from 1) of one component written out from all gradients g₁ … g_t, without any memory: what the recursions of the rules
 * must give. Sums run over k = 1 … t, e.g. Adam's mean gradient is (1−β₁) Σ β₁^(t−k) g_k / (1−β₁ᵗ).
 */
export function unrolledStep(parameters: DescentParameters, gradients: readonly number[]): number {
  const { rule, learningRate: rate, momentum, beta1, beta2, epsilon } = parameters;
  const t = gradients.length;
  const total = (term: (g: number, age: number, k: number) => number): number =>
    gradients.reduce((sum, g, k) => sum + term(g, t - 1 - k, k), 0);
  const squaresUpTo = (k: number): number => gradients.slice(0, k + 1).reduce((sum, g) => sum + g * g, 0);
  const last = gradients.at(-1) ?? 0;
  switch (rule) {
    case "constant":
      return rate * last;
    case "momentum":
      return total((g, age) => power(momentum, age) * rate * g);
    case "nesterov":
      return rate * last + momentum * total((g, age) => power(momentum, age) * rate * g);
    case "adagrad":
      return (rate * last) / (Math.sqrt(squaresUpTo(t - 1)) + epsilon);
    case "adagrad-momentum":
      return total((g, age, k) => (power(momentum, age) * rate * g) / (Math.sqrt(squaresUpTo(k)) + epsilon));
    case "rmsprop":
      return (rate * last) / Math.sqrt((1 - momentum) * total((g, age) => power(momentum, age) * g * g) + epsilon);
    case "adam": {
      const mean = ((1 - beta1) * total((g, age) => power(beta1, age) * g)) / (1 - power(beta1, t));
      const square = ((1 - beta2) * total((g, age) => power(beta2, age) * g * g)) / (1 - power(beta2, t));
      return (rate * mean) / (Math.sqrt(square) + epsilon);
    }
  }
}
