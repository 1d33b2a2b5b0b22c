import type { MlpParameters } from "@basin/contracts";
import { cosPi, exponential, logarithm } from "@basin/numerics";

type Schedule = Pick<MlpParameters, "schedule" | "scheduleDecay" | "schedulePeriod" | "epochs">;
export type RateOfRun = Schedule & Pick<MlpParameters, "learningRate">;

/** The learning rate of every step in an epoch (from 0). */
export function rateOf(parameters: RateOfRun, epoch: number): number {
  return parameters.learningRate * scheduleFactor(parameters, epoch);
}

/**
 * Factor on the learning rate in an epoch (from 0), d = scheduleDecay, p = schedulePeriod: step d^⌊e/p⌋; exponential d^(e/p);
 * cosine d + (1 − d)(1 + cos π e/(E − 1))/2, which is 1 in the first of the E epochs and d in the last (Loshchilov and Hutter 2017,
 * without restarts). The same bits on every platform.
 */
export function scheduleFactor({ schedule, scheduleDecay, schedulePeriod, epochs }: Schedule, epoch: number): number {
  switch (schedule) {
    case "constant":
      return 1;
    case "step":
      return power(scheduleDecay, Math.floor(epoch / schedulePeriod));
    case "exponential":
      return power(scheduleDecay, epoch / schedulePeriod);
    case "cosine":
      return epochs === 1 ? 1 : scheduleDecay + ((1 - scheduleDecay) * (1 + cosPi(epoch / (epochs - 1)))) / 2;
  }
}

function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  return base === 0 ? 0 : exponential(exponent * logarithm(base));
}
