import { bestOf, figure, tenths, type StoppingRule } from "./stopping-rule";

/** Stops a curve that is no number, or `factor` times as far from zero as its best report. */
export const divergence: StoppingRule = {
  id: "divergence",
  version: 1,
  title: "Divergence",
  summary: "Stops what is many times worse than it was before, or no number.",
  rungs: (_, lastStep) => tenths(lastStep),
  stops({ config, rungs, rung, curve }) {
    const report = curve.reports[rung] ?? Number.POSITIVE_INFINITY;
    const best = bestOf(curve.reports);
    if (Number.isFinite(report) && report - best <= (config.factor - 1) * Math.abs(best)) return null;
    return `${figure(report)} at step ${rungs[rung] ?? 0} is more than ${config.factor} times its best of ${figure(best)}`;
  },
};
