/** How long a step took, between the points at which the training time is known. */
export interface StepTimes {
  steps: number[];
  values: number[];
}

/**
 * (t₂ − t₁)/(s₂ − s₁) of neighbouring points (step, seconds trained), at the later one. Points that are missing, or that go back where a
 * run went on from a checkpoint, are passed over.
 */
export function secondsPerStep(steps: readonly number[], seconds: readonly (number | null)[]): StepTimes {
  const found: StepTimes = { steps: [], values: [] };
  let before: { step: number; time: number } | null = null;
  steps.forEach((step, i) => {
    const time = seconds[i] ?? null;
    if (time === null) return;
    if (before && step > before.step && time >= before.time) {
      found.steps.push(step);
      found.values.push((time - before.time) / (step - before.step));
    }
    before = { step, time };
  });
  return found;
}
