import { anytimeValid } from "./anytime-valid";
import { fRace } from "./f-race";
import { forgiving } from "./forgiving";
import { halving } from "./halving";
import type { RaceRule } from "./race-rule";

/** Every rule of a race over seeds, in the order of the catalogue. A new one is a file and a line here. */
export const raceRules: readonly RaceRule[] = [forgiving, halving, fRace, anytimeValid];

/** Null when there is no rule of that id. */
export function findRaceRule(id: string): RaceRule | null {
  return raceRules.find((rule) => rule.id === id) ?? null;
}
