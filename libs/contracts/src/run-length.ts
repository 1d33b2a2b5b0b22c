import type { AppliedParameters } from "./parameters";

/**
 * How many steps a run of this configuration takes at most, in its experiment's `stepUnit`: the parameter that counts them is named after the
 * unit (`epochs`, `maxSteps`). Null: the experiment has no such parameter.
 */
export function stepsOfRun(stepUnit: string, parameters: AppliedParameters): number | null {
  const most = `max${stepUnit.charAt(0).toUpperCase()}${stepUnit.slice(1)}s`;
  for (const name of [`${stepUnit}s`, most]) {
    const value = parameters[name];
    if (typeof value === "number") return value;
  }
  return null;
}
