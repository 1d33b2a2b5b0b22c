import type { SindyAutoencoderParameters } from "@basin/contracts";
import { permutation, randomStream } from "@basin/numerics";
import { initialLayer } from "../training/initialization";
import type { Architecture } from "./architecture";

/**
 * A run's first parameters in the order of the specs: Glorot-uniform weights with the gain on the encoder's first and last and on the
 * decoder's first layer, biases 0, and the given coefficients. Layer i of encoder then decoder draws from (seed, "init/weights", i).
 */
export function initialParameters(
  parameters: SindyAutoencoderParameters,
  seed: number,
  architecture: Architecture,
): Float32Array[] {
  const { widths, layers, library, latentWidth } = architecture;
  const all = [...widths, ...[...widths].reverse().slice(1)];
  const networks = all.slice(1).flatMap((width, i) => {
    const outer = i === 0 || i === layers - 1 || i === layers;
    const gain = outer ? parameters.initializationGain : 1;
    const { weight, bias } = initialLayer("glorot-uniform", gain, seed, i, all[i] ?? 0, width);
    return [weight, bias];
  });
  const coefficients = new Float32Array(library.terms.length * latentWidth);
  library.terms.forEach(({ factors }, k) => {
    const sine = factors[0]?.base === "sine";
    coefficients.fill(
      sine ? parameters.initialSineCoefficient : parameters.initialCoefficient,
      k * latentWidth,
      (k + 1) * latentWidth,
    );
  });
  return [...networks, coefficients];
}

/** Fills `out` with sample indices for the steps from `firstStep` on: a fresh permutation per epoch, the last partial batch left out. */
export function batchOrder(seed: number, samples: number, batch: number, firstStep: number, out: Int32Array): void {
  const perEpoch = Math.floor(samples / batch);
  let epoch = -1;
  let order: Int32Array = new Int32Array(0);
  for (let i = 0; i * batch < out.length; i++) {
    const step = firstStep + i;
    const at = Math.floor(step / perEpoch);
    if (at !== epoch) {
      epoch = at;
      order = permutation(randomStream(seed, "shuffle", epoch), samples);
    }
    const start = (step % perEpoch) * batch;
    out.set(order.subarray(start, start + batch), i * batch);
  }
}
