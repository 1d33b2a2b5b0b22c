import type { Issue, SindyParameters } from "@basin/contracts";
import { randomStream, sampleStandardDeviation } from "@basin/numerics";
import { z } from "zod";

/** The parameter `noise` of experiments that measure simulated states. */
export const stateNoise = z
  .number()
  .min(0)
  .max(10)
  .default(0)
  .meta({
    title: "Noise",
    description: "Standard deviation of the measurement noise, as a share of each state's own.",
    "x-suggest": { type: "choice", values: [0, 0.01, 0.05] },
  });

/**
 * States as they are measured, sample by sample: with Gaussian noise of a share of each state's standard deviation. `stream` and `seed` draw
 * it, each state for itself.
 */
export function noisyStates(
  states: readonly Float64Array[],
  noise: number,
  { stream, seed }: { stream: string; seed: number },
): Float64Array {
  const width = states[0]?.length ?? 0;
  const measured = new Float64Array(states.length * width);
  const draws = new Float64Array(states.length);
  for (let v = 0; v < width; v++) {
    const spread = noise === 0 ? 0 : noise * sampleStandardDeviation(states.map((state) => state[v] ?? 0));
    randomStream(seed, stream, v).fillNormal(draws);
    states.forEach((state, i) => (measured[width * i + v] = (state[v] ?? Number.NaN) + spread * (draws[i] ?? 0)));
  }
  return measured;
}

type Smoothing = Pick<SindyParameters, "smoothingWindow" | "smoothingDegree" | "derivativeMethod">;

/** Windows that no local polynomial of the degree can be fitted in. */
export function smoothingIssues({ smoothingWindow, smoothingDegree, derivativeMethod }: Smoothing): Issue[] {
  if (derivativeMethod !== "savitzky-golay" || (smoothingWindow % 2 === 1 && smoothingWindow > smoothingDegree)) return [];
  return [
    {
      path: "smoothingWindow",
      message: "must be odd and greater than smoothingDegree",
      hint: `e.g. ${2 * smoothingDegree + 1}`,
    },
  ];
}
