import type { Configuration } from "@basin/contracts";
import { candidatesOf } from "./random";
import type { SearchInput } from "./search-algorithm";

/** So many random configurations are looked at. */
const mostLooked = 200;

/** A random configuration that is new, if one is found soon; for searches that found none that is promising and new. */
export function untriedCandidate(
  input: SearchInput<{ trials: number }>,
  trial: number,
  isNew: (parameters: Configuration) => boolean,
): Configuration {
  const random = candidatesOf(input);
  for (let i = 0; i < mostLooked; i++) {
    const parameters = random(trial + i);
    if (isNew(parameters)) return parameters;
  }
  return random(trial);
}
