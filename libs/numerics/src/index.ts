/**
 * Numbers that must be the same everywhere: the counter-based random generator behind every weight, shuffle and candidate,
 * elementary functions fixed to the bit, statistics over runs, and the cutting down of curves. It imports nothing, holds no
 * state and refuses clocks, `Math.random` and tensors.
 */
export { cosPi, exponential, logarithm, sinPi } from "./elementary";
export { ExactSum, sum } from "./exact-sum";
export { largestTriangleThreeBuckets } from "./largest-triangle";
export { normalQuantile } from "./normal-quantile";
export { OnlineStatistics } from "./online-statistics";
export { philox4x32 } from "./philox";
export { permutation, randomStream, type RandomStream } from "./random-stream";
export {
  confidenceInterval,
  mean,
  median,
  quantile,
  sampleStandardDeviation,
  summarize,
  wilsonInterval,
  type Interval,
  type Summary,
} from "./statistics";
export { studentTQuantile } from "./student-t";
