/** x(t) of the damped oscillator with x(0) = 1, for damping g (1/s) and angular frequency w (rad/s). */
export const oscillation = (g, w, t) => Math.exp(-g * t) * Math.cos(w * t);

/** Times of the measurements and of the evaluation, in seconds. */
export const timesOf = (points, seconds) => Array.from({ length: points }, (_, i) => (seconds * i) / (points - 1));

/** Parameters of the oscillator that both experiments have. */
export const oscillatorParameters = (z) => ({
  damping: z.number().min(0).max(10).default(0.3).meta({ title: "Damping", unit: "1/s" }),
  frequency: z.number().positive().max(100).default(4).meta({ title: "Angular frequency", unit: "rad/s" }),
  noise: z.number().min(0).max(1).default(0.02).meta({ title: "Noise", description: "Standard deviation of the measurements." }),
  samples: z.int().min(8).max(10_000).default(64).meta({ title: "Samples" }),
  dataSeed: z.int().min(0).max(2_147_483_647).default(0).meta({ title: "Data seed" }),
});

/** Noisy measurements over six seconds. Reads no parameter that differs within a pack. */
export function measurements(numerics, { damping, frequency, noise, samples, dataSeed }) {
  const draws = numerics.randomStream(dataSeed, "damped-oscillator/noise");
  const times = timesOf(samples, 6);
  return { times, values: times.map((t, i) => oscillation(damping, frequency, t) + noise * draws.normal(i)) };
}
