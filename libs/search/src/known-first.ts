import { applicable, applies, Configuration, type Issue, type Space } from "@basin/contracts";
import { z } from "zod";
import { allows, type Constrained } from "./constraints";
import { contains, dimensionsOf, gridSize, valueAt } from "./dimension";

/** The field of a config that lists configurations to begin with. */
export const knownFirst = z.array(Configuration).max(1000).optional().meta({
  title: "Known configurations first",
  description: 'Tried before all others, e.g. [{"learningRate": 0.01}]: what worked before',
  "x-absent": "none",
  "x-advanced": true,
});

/** A listed configuration with the parameters that have one value only; what a condition leaves out is left out. */
export function completed(space: Space, given: Configuration): Configuration {
  const single = dimensionsOf(space).flatMap(([name, dimension]) =>
    gridSize(dimension) === 1 ? [[name, valueAt(dimension, 0)] as const] : [],
  );
  const all: Configuration = { ...Object.fromEntries(single), ...given };
  return applicable(
    space,
    Object.fromEntries(dimensionsOf(space).flatMap(([name]) => (all[name] === undefined ? [] : [[name, all[name]] as const]))),
  );
}

/** What of the listed configurations is none of the space's, or is more than the trials. */
export function checkKnownFirst(
  input: Constrained & { config: { first?: Configuration[] | undefined; trials: number } },
): Issue[] {
  const { space, config } = input;
  const { first = [], trials } = config;
  const issues = first.flatMap((given, i) => {
    const path = `search.config.first[${i}]`;
    const whole = completed(space, given);
    const unknown = Object.keys(given).flatMap((name): Issue[] => {
      if (name in space) return [];
      return [
        {
          path: `${path}.${name}`,
          message: `${name} is not in the space`,
          hint: `the space has ${Object.keys(space).join(", ")}`,
        },
      ];
    });
    const unfit = dimensionsOf(space).flatMap(([name, dimension]): Issue[] => {
      if (!applies(dimension, whole)) {
        if (!(name in given)) return [];
        const message = `${name} does not apply to this configuration`;
        return [
          { path: `${path}.${name}`, message, hint: `leave it out, or change ${dimension.when?.parameter ?? "its condition"}` },
        ];
      }
      const value = whole[name];
      if (value === undefined)
        return [{ path, message: `has no value for ${name}`, hint: `add ${name}, which varies in this space` }];
      if (contains(dimension, value)) return [];
      const message = `${JSON.stringify(value)} is no value of ${name} in this space`;
      return [{ path: `${path}.${name}`, message, hint: `a value that space.${name} allows, or a wider space.${name}` }];
    });
    if (unknown.length + unfit.length > 0 || allows(input, whole)) return [...unknown, ...unfit];
    return [{ path, message: "breaks a constraint", hint: "change its values, or the constraints" }];
  });
  if (first.length <= trials) return issues;
  const message = `lists ${first.length} configurations; ${trials} are tried in all`;
  return [...issues, { path: "search.config.first", message, hint: `at least ${first.length} trials, or a shorter list` }];
}
