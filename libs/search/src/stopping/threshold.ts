import { figure, tenths, type StoppingRule } from "./stopping-rule";

/** Stops a curve whose report is worse than a bound. `config.threshold` is turned like the reports: lower is better. */
export const threshold: StoppingRule = {
  id: "threshold",
  version: 1,
  title: "Threshold",
  summary: "Stops what is worse than a bound at a rung.",
  rungs: (_, lastStep) => tenths(lastStep),
  check: (config) =>
    config.threshold === undefined
      ? [{ field: "threshold", message: "is missing: the rule needs the bound", hint: "e.g. threshold: 0.5" }]
      : [],
  stops({ config, rungs, rung, curve }) {
    const report = curve.reports[rung] ?? Number.POSITIVE_INFINITY;
    const bound = config.threshold ?? Number.POSITIVE_INFINITY;
    return report > bound ? `${figure(report)} at step ${rungs[rung] ?? 0} is worse than the bound of ${figure(bound)}` : null;
  },
};
