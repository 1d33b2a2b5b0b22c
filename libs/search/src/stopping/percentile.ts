import { quantile } from "@basin/numerics";
import { bestOf, figure, tenths, type StoppingRule } from "./stopping-rule";

/**
 * Stops a curve whose best report so far is worse than the percentile of what others that trained to their ends reported at the same rung
 * (D. Golovin et al., "Google Vizier", KDD 2017, section 3.2.2, with the median; the settings are Optuna's: 5 of them at least).
 */
export const percentile: StoppingRule = {
  id: "percentile",
  version: 1,
  title: "Median or percentile",
  summary: "Stops what is worse at a rung than a share of the finished ones were there; the median at 50.",
  rungs: (_, lastStep) => tenths(lastStep),
  stops({ config, rungs, rung, curve, others }) {
    const there = others.filter(({ ended, reports }) => ended && reports.length > rung).map(({ reports }) => reports[rung] ?? 0);
    if (there.length < config.startup) return null;
    const bound = quantile(
      there.map((report) => (Number.isFinite(report) ? report : Number.MAX_VALUE)),
      config.percentile / 100,
    );
    const best = bestOf(curve.reports);
    if (!(best > bound)) return null;
    return `its best of ${figure(best)} up to step ${rungs[rung] ?? 0} is worse than ${figure(bound)}, which ${config.percentile} % of ${there.length} finished ones reached there`;
  },
};
