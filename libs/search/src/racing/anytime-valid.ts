import { figure, type RaceRule } from "./race-rule";
import { pairedWins, signEValue } from "./sign-e-process";

/**
 * Stops a configuration once the e-process on the signs of its paired differences says that another of the race beats it (`sign-e-process.ts`). The
 * bound is 2(m − 1)/α for m configurations that began the race: each is compared with m − 1 others, either may be called the worse, and so the
 * probability that the race ever stops one that is as good as all others, however often it looks, is at most α.
 */
export const anytimeValid: RaceRule = {
  id: "anytime-valid",
  version: 1,
  title: "Anytime-valid",
  summary: "Stops what loses paired comparisons, with an error of at most α over the whole race however often it is looked at.",
  needsIncumbent: false,
  usesAlpha: true,
  next: ({ seeds }) => seeds + 1,
  stopped({ racers, incumbent, begun, alpha }) {
    const bound = (2 * Math.max(1, begun - 1)) / alpha;
    const rivals = incumbent ? [incumbent, ...racers] : racers;
    const stopped = new Map<number, string>();
    for (const racer of racers) {
      for (const rival of rivals) {
        if (rival === racer || stopped.has(rival.trial)) continue;
        const { wins, pairs } = pairedWins(rival.losses, racer.losses);
        const evidence = 2 * wins > pairs ? signEValue(wins, pairs) : 0;
        if (!(evidence >= bound)) continue;
        stopped.set(
          racer.trial,
          `trial ${rival.trial} is better from ${wins} of ${pairs} seeds: an e-value of ${figure(evidence)}, and ${figure(bound)} decides at α = ${alpha}`,
        );
        break;
      }
    }
    return stopped;
  },
};
