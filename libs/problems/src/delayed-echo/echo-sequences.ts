import { mean, randomStream } from "@basin/numerics";
import type { Trajectories } from "../kinds/rollout";

interface Settings {
  count: number;
  steps: number;
  delay: number;
  seed: number;
  /** Which sequences: "training" or "test". */
  purpose: string;
}

/** Signals: numbers uniform in [−1, 1], and the same so many steps later, 0 before there is one. */
export function echoSequences({ count, steps, delay, seed, purpose }: Settings): Trajectories {
  const stream = randomStream(seed, `delayed-echo/${purpose}`);
  const signals = new Float32Array(2 * steps * count);
  for (let n = 0; n < steps; n++)
    for (let row = 0; row < count; row++) {
      const at = 2 * (n * count + row);
      signals[at] = 2 * stream.uniform(n * count + row) - 1;
      if (n >= delay) signals[at + 1] = signals[at - 2 * delay * count] ?? Number.NaN;
    }
  return { count, steps, starts: new Float32Array(0), signals };
}

/** Σ over the sequences and the steps from `first` on of output · (the input `back` steps before), by the sum of the squares of these inputs. */
function shareOf({ count, steps, signals }: Trajectories, outputs: Float32Array, first: number, back: number): number {
  let [together, squares] = [0, 0];
  for (let n = Math.max(first, back); n < steps; n++)
    for (let row = 0; row < count; row++) {
      const heard = signals[2 * ((n - back) * count + row)] ?? Number.NaN;
      together += (outputs[n * count + row] ?? Number.NaN) * heard;
      squares += heard * heard;
    }
  return together / squares;
}

/** The share of the input k steps back in the output, for k from 0 to `most`. */
export function heardBack(sequences: Trajectories, outputs: Float32Array, delay: number, most: number): number[] {
  const last = Math.min(most, sequences.steps - 1);
  return Array.from({ length: last + 1 }, (_, back) => shareOf(sequences, outputs, delay, back));
}

export function echoFigures(
  sequences: Trajectories,
  outputs: Float32Array,
  delay: number,
): Record<"testError" | "testRatio", number> {
  const { count, steps, signals } = sequences;
  const counted = Array.from({ length: (steps - delay) * count }, (_, i) => delay * count + i);
  const echoes = counted.map((i) => signals[2 * i + 1] ?? Number.NaN);
  const errors = counted.map((i, k) => ((outputs[i] ?? Number.NaN) - (echoes[k] ?? Number.NaN)) ** 2);
  return {
    testError: mean(errors) / mean(echoes.map((x) => x * x)),
    testRatio: shareOf(sequences, outputs, delay, delay),
  };
}
