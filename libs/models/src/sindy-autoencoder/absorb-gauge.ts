import type { HostTensors } from "../network-state/tensor-state";
import type { GaugeFit } from "./gauge-scan";
import type { Architecture } from "./settings";

/**
 * Writes z' = cz + s into the networks, exactly: encoder's last layer W ← cW, b ← cb + s; decoder's first b ← b − (s/c)·W (its one row),
 * W ← W/c. So x̃ stays what it was. Adam's moments follow the change of variables (a gradient by cW is 1/c of that by W), and those of Ξ
 * start anew with the chosen term. Changes `run` in place.
 */
export function absorbGauge({ layers, latentWidth, specs }: Architecture, run: HostTensors, fit: GaugeFit): void {
  if (latentWidth !== 1) throw new RangeError(`An affine gauge of ${latentWidth} latent variables cannot be absorbed.`);
  const { scale, shift } = fit;
  const encoderWeight = 2 * (layers - 1);
  const decoderWeight = 2 * layers;
  const [weight, bias] = [at(run.parameters, encoderWeight), at(run.parameters, encoderWeight + 1)];
  const [inverse, inverseBias] = [at(run.parameters, decoderWeight), at(run.parameters, decoderWeight + 1)];
  weight.forEach((value, i) => (weight[i] = scale * value));
  bias.forEach((value, i) => (bias[i] = scale * value + shift));
  inverseBias.forEach((value, i) => (inverseBias[i] = value - (shift / scale) * (inverse[i] ?? 0)));
  inverse.forEach((value, i) => (inverse[i] = value / scale));
  run.slots.forEach((slot, moment) => {
    const factor = moment === 0 ? 1 / scale : 1 / (scale * scale);
    const multiply = (values: Float32Array, by: number): void => values.forEach((value, i) => (values[i] = value * by));
    multiply(at(slot, encoderWeight), factor);
    multiply(at(slot, encoderWeight + 1), factor);
    multiply(at(slot, decoderWeight), 1 / factor);
    at(slot, specs.length - 1).fill(0);
  });
  const coefficients = at(run.parameters, specs.length - 1);
  coefficients.fill(0);
  coefficients[fit.term] = fit.coefficient;
}

function at(tensors: readonly Float32Array[], i: number): Float32Array {
  const found = tensors[i];
  if (!found) throw new RangeError(`There is no tensor ${i}.`);
  return found;
}
