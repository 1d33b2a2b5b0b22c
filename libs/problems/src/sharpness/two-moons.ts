import { cosPi, randomStream, sinPi } from "@basin/numerics";
import type { SupervisedData } from "../kinds/supervised";

/** Two half circles of radius 1 that reach into each other, every second point of class 1, with normal noise on both coordinates. */
function twoMoons(points: number, noise: number, dataSeed: number, purpose: string): SupervisedData {
  const stream = randomStream(dataSeed, purpose);
  const inputs = new Float32Array(2 * points);
  const targets = Float32Array.from({ length: points }, (_, i) => i % 2);
  for (let i = 0; i < points; i++) {
    const t = stream.uniform(i);
    const [x, y] = i % 2 === 0 ? [cosPi(t), sinPi(t)] : [1 - cosPi(t), 0.5 - sinPi(t)];
    inputs[2 * i] = x + noise * stream.normal(2 * i);
    inputs[2 * i + 1] = y + noise * stream.normal(2 * i + 1);
  }
  return { samples: points, inputs, targets };
}

export interface MoonsSetting {
  samples: number;
  noise: number;
  dataSeed: number;
}

export const trainingMoons = ({ samples, noise, dataSeed }: MoonsSetting): SupervisedData =>
  twoMoons(samples, noise, dataSeed, "sharpness/training");

export const testPoints = 2000;
/** Standard deviations of the noise that is added to the inputs of trained networks. */
export const inputNoises = [0, 0.05, 0.1, 0.2] as const;

/** The test points once for every deviation of `inputNoises`, one after the other, always with the same noise but for its size. */
export function testMoons({ noise, dataSeed }: MoonsSetting): SupervisedData {
  const { inputs, targets } = twoMoons(testPoints, noise, dataSeed, "sharpness/test");
  const stream = randomStream(dataSeed, "sharpness/input-noise");
  return {
    samples: testPoints * inputNoises.length,
    inputs: Float32Array.from(inputNoises.flatMap((deviation) => Array.from(inputs, (x, i) => x + deviation * stream.normal(i)))),
    targets: Float32Array.from(inputNoises.flatMap(() => Array.from(targets))),
  };
}
