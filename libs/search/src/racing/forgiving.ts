import { figure, meanLoss, type RaceRule } from "./race-rule";

/**
 * Stops a configuration whose mean so far is worse than the worst single initialization of the incumbent (E. Bergman et al., "Don't Waste Your
 * Time: Early Stopping Cross-Validation", 2024, arXiv:2405.03389, with folds in place of seeds).
 */
export const forgiving: RaceRule = {
  id: "forgiving",
  version: 1,
  title: "Forgiving",
  summary: "Stops a configuration once its mean is worse than the worst initialization of the best one so far.",
  needsIncumbent: true,
  usesAlpha: false,
  next: ({ seeds }) => seeds + 1,
  stopped({ racers, incumbent }) {
    const worst = Math.max(...(incumbent?.losses.filter((loss) => !Number.isNaN(loss)) ?? []));
    return new Map(
      racers.flatMap((racer): [number, string][] => {
        const mean = meanLoss(racer);
        if (!(mean > worst) || worst === Number.NEGATIVE_INFINITY) return [];
        const said = `its mean of ${figure(mean)} over ${racer.losses.length} is worse than the worst of trial ${incumbent?.trial ?? 0}, ${figure(worst)}`;
        return [[racer.trial, said]];
      }),
    );
  },
};
