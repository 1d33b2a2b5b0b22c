import { figure, type StoppingRule } from "./stopping-rule";

/**
 * Asynchronous successive halving in its stopping form (L. Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020): at each
 * rung a curve goes on if it is among the best 1/η of those that have reached the rung so far; the first always does. Rungs at a tenth of the run,
 * and from there on η times as far each.
 */
export const asha: StoppingRule = {
  id: "asha",
  version: 1,
  title: "ASHA",
  summary: "At rungs that are η times as far each, only the best 1/η of those that came there go on.",
  rungs({ eta }, lastStep) {
    const rungs: number[] = [];
    for (let step = Math.max(1, Math.round(lastStep / 10)); step < lastStep; step = Math.max(step + 1, Math.round(step * eta)))
      rungs.push(step);
    return rungs;
  },
  check: ({ eta }) => (eta > 1 ? [] : [{ field: "eta", message: "must be above 1", hint: "3 is usual" }]),
  stops({ config, rungs, rung, curve, others }) {
    const mine = curve.reports[rung] ?? Number.POSITIVE_INFINITY;
    const there = others.filter(({ reports }) => reports.length > rung).map(({ reports }) => reports[rung] ?? 0);
    const keep = Math.max(1, Math.floor((there.length + 1) / config.eta));
    const better = there.filter((report) => report < mine).length;
    if (there.length === 0 || better < keep) return null;
    return `${figure(mine)} at step ${rungs[rung] ?? 0} is number ${better + 1} of ${there.length + 1}, and the best ${keep} go on`;
  },
};
