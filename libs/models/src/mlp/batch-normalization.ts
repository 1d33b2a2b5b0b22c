import * as tf from "@tensorflow/tfjs-core";

/** Added to every variance. */
const normalizationEpsilon = 1e-5;
/** Share of the newest batch in the running averages. */
const runningShare = 0.1;

/** What the backward pass of one layer needs. */
export interface NormalizationTrace {
  /** Standardised values [runs, samples, width]. */
  standard: tf.Tensor3D;
  /** 1/√(variance + ε) [runs, 1, width]. */
  inverse: tf.Tensor3D;
  scale: tf.Tensor3D;
}

/** Running mean and variance of one layer, [runs, 1, width] each. */
export interface RunningStatistics {
  mean: tf.Tensor3D;
  variance: tf.Tensor3D;
}

/** Mean over samples [runs, 1, width], by a product whose order of summation is the run's own. */
function meanOverSamples(x: tf.Tensor3D): tf.Tensor3D {
  const [runs, samples] = x.shape;
  return tf.matMul(tf.fill([runs, 1, samples], 1 / samples), x);
}

/**
 * Batch normalization (Ioffe and Szegedy 2015) of z [runs, samples, width] by the batch's own mean and biased variance:
 * y = scale·(z − μ)/√(σ² + 1e-5) + shift; scale and shift [runs, 1, width]. The mean is taken twice, the second time of what the first
 * left, because a mean in single precision misses by more than 1e-6 standard deviations where it is large against them. The running
 * averages move by a tenth towards μ and the unbiased variance. At least two samples: one has no variance. Call within tf.tidy.
 */
export function normalizeBatch(
  z: tf.Tensor3D,
  scale: tf.Tensor3D,
  shift: tf.Tensor3D,
  running: RunningStatistics,
): { output: tf.Tensor3D; trace: NormalizationTrace; running: RunningStatistics } {
  const samples = z.shape[1];
  const rough = meanOverSamples(z);
  const shifted = tf.sub<tf.Tensor3D>(z, rough);
  const rest = meanOverSamples(shifted);
  const mean = tf.add<tf.Tensor3D>(rough, rest);
  const centred = tf.sub<tf.Tensor3D>(shifted, rest);
  const variance = meanOverSamples(tf.square(centred));
  const inverse = tf.div<tf.Tensor3D>(1, tf.sqrt(tf.add(variance, normalizationEpsilon)));
  const standard = tf.mul<tf.Tensor3D>(centred, inverse);
  const unbiased = samples / (samples - 1);
  const moved = (old: tf.Tensor3D, now: tf.Tensor3D, share: number): tf.Tensor3D =>
    tf.add(tf.mul(old, 1 - runningShare), tf.mul(now, share));
  return {
    output: tf.add(tf.mul(standard, scale), shift),
    trace: { standard, inverse, scale },
    running: {
      mean: moved(running.mean, mean, runningShare),
      variance: moved(running.variance, variance, runningShare * unbiased),
    },
  };
}

/** Gradients by z, scale and shift from the gradient by y. Call within tf.tidy. */
export function normalizationBackward(
  dOutput: tf.Tensor3D,
  { standard, inverse, scale }: NormalizationTrace,
): { input: tf.Tensor3D; scale: tf.Tensor3D; shift: tf.Tensor3D } {
  const samples = dOutput.shape[1];
  const meanOfShift = meanOverSamples(dOutput);
  const meanOfScale = meanOverSamples(tf.mul(dOutput, standard));
  const inner = tf.sub(tf.sub(dOutput, meanOfShift), tf.mul(standard, meanOfScale));
  return {
    input: tf.mul(tf.mul(inverse, scale), inner),
    scale: tf.mul(meanOfScale, samples),
    shift: tf.mul(meanOfShift, samples),
  };
}

/** The same map with given statistics, as when predicting: z ↦ factor·z + offset, both [runs, 1, width]. Call within tf.tidy. */
export function runningMap(
  scale: tf.Tensor3D,
  shift: tf.Tensor3D,
  { mean, variance }: RunningStatistics,
): { factor: tf.Tensor3D; offset: tf.Tensor3D } {
  const factor: tf.Tensor3D = tf.div(scale, tf.sqrt(tf.add(variance, normalizationEpsilon)));
  return { factor, offset: tf.sub(shift, tf.mul(mean, factor)) };
}
