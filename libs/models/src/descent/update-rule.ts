import type { DescentParameters } from "@basin/contracts";
import { randomStream } from "@basin/numerics";

/** What a rule remembers of the steps so far; zeros before the first. */
export interface RuleMemory {
  /** Steps made. */
  steps: number;
  /** Momentum, or Adam's mean gradient. */
  first: Float64Array;
  /** Sum or mean of squared gradients. */
  second: Float64Array;
  /** β₁ᵗ and β₂ᵗ, by repeated multiplication. */
  powers: [number, number];
}

export function freshMemory(dimension: number): RuleMemory {
  return { steps: 0, first: new Float64Array(dimension), second: new Float64Array(dimension), powers: [1, 1] };
}

/**
 * One step of a textbook rule; moves `point` and `memory` in place. With g the gradient, η the learning rate, δ `epsilon`:
 * constant x−ηg · momentum m←ρm+ηg, x−m · nesterov m←ρm+ηg, x−(ρm+ηg) ·
 * adagrad s←s+g², x−ηg/(√s+δ) · adagrad-momentum s←s+g², m←ρm+ηg/(√s+δ), x−m ·
 * rmsprop s←ρs+(1−ρ)g², x−ηg/√(s+δ) · adam m←β₁m+(1−β₁)g, s←β₂s+(1−β₂)g², x−η m̂/(√ŝ+δ) with m̂ = m/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)
 * (Kingma and Ba 2015).
 */
export function takeStep(parameters: DescentParameters, memory: RuleMemory, point: Float64Array, gradient: Float64Array): void {
  const { rule, learningRate: rate, momentum, beta1, beta2, epsilon } = parameters;
  const { first, second } = memory;
  memory.steps += 1;
  memory.powers = [memory.powers[0] * beta1, memory.powers[1] * beta2];
  const [power1, power2] = memory.powers;
  gradient.forEach((g, i) => {
    const [m, s] = [first[i] ?? 0, second[i] ?? 0];
    let move: number;
    switch (rule) {
      case "constant":
        move = rate * g;
        break;
      case "momentum":
        move = first[i] = momentum * m + rate * g;
        break;
      case "nesterov":
        first[i] = momentum * m + rate * g;
        move = momentum * first[i] + rate * g;
        break;
      case "adagrad":
        second[i] = s + g * g;
        move = (rate * g) / (Math.sqrt(s + g * g) + epsilon);
        break;
      case "adagrad-momentum":
        second[i] = s + g * g;
        move = first[i] = momentum * m + (rate * g) / (Math.sqrt(s + g * g) + epsilon);
        break;
      case "rmsprop":
        second[i] = momentum * s + (1 - momentum) * g * g;
        move = (rate * g) / Math.sqrt(second[i] + epsilon);
        break;
      case "adam":
        first[i] = beta1 * m + (1 - beta1) * g;
        second[i] = beta2 * s + (1 - beta2) * g * g;
        move = (rate * (first[i] / (1 - power1))) / (Math.sqrt(second[i] / (1 - power2)) + epsilon);
        break;
    }
    point[i] = (point[i] ?? 0) - move;
  });
}

/** Adds σ times a standard normal number to every coordinate: those of step `step` (from 1) of a run's seed. */
export function addNoise(deviation: number, seed: number, step: number, point: Float64Array): void {
  if (deviation === 0) return;
  const stream = randomStream(seed, "descent/step-noise", step);
  point.forEach((value, i) => {
    point[i] = value + deviation * stream.normal(i);
  });
}
