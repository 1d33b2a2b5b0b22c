import { bestOf, figure, tenths, type StoppingRule } from "./stopping-rule";

/** Stops a curve that has not become better by more than `minDelta` over the last `patience` rungs. */
export const patience: StoppingRule = {
  id: "patience",
  version: 1,
  title: "Patience",
  summary: "Stops what has not become better over some rungs.",
  rungs: (_, lastStep) => tenths(lastStep),
  stops({ config, rungs, rung, curve }) {
    const from = rung - config.patience;
    if (from < 0) return null;
    const before = bestOf(curve.reports.slice(0, from + 1));
    const since = bestOf(curve.reports.slice(from + 1, rung + 1));
    if (since < before - config.minDelta) return null;
    return `since step ${rungs[from] ?? 0} it has not become better than ${figure(before)} by more than ${config.minDelta}`;
  },
};
