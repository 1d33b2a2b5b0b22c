import { applicable, type Configuration, type Dimension, type ParameterValue, type Space } from "@basin/contracts";

/** Values of a dimension that stand for all others, with where they are written. A range stands with both its ends. */
export function valuesToCheck(dimension: Dimension): [where: PropertyKey[], value: ParameterValue][] {
  switch (dimension.type) {
    case "fixed":
      return [[["value"], dimension.value]];
    case "choice":
      return dimension.values.map((value, i) => [["values", i], value]);
    default:
      return [
        [["min"], dimension.min],
        [["max"], dimension.max],
      ];
  }
}

/**
 * Configurations of a space that stand for all others, without the parameters whose dimensions do not apply: all combinations of the values
 * that stand for each dimension while they are at most `most`; otherwise every value once, the other parameters at their first.
 */
export function* representatives(space: Space, most: number): Generator<Configuration> {
  const axes = Object.entries(space).map(([name, dimension]) => ({
    name,
    values: valuesToCheck(dimension).map(([, value]) => value),
  }));
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  const at = (indices: readonly number[]): Configuration =>
    applicable(
      space,
      Object.fromEntries(
        axes.flatMap((axis, a) => axis.values.slice(indices[a] ?? 0, (indices[a] ?? 0) + 1).map((value) => [axis.name, value])),
      ),
    );
  if (count <= most) {
    for (let cell = 0; cell < count; cell++) {
      let rest = cell;
      yield at(
        axes.map((axis) => {
          const index = rest % axis.values.length;
          rest = Math.floor(rest / axis.values.length);
          return index;
        }),
      );
    }
    return;
  }
  // Round by round, so that one long list does not use up the budget of the other parameters.
  let budget = most;
  const rounds = axes.reduce((longest, axis) => Math.max(longest, axis.values.length), 0);
  for (let i = 0; i < rounds; i++) {
    for (const [a, axis] of axes.entries()) {
      if (i >= axis.values.length) continue;
      if (budget-- === 0) return;
      yield at(axes.map((_, other) => (other === a ? i : 0)));
    }
  }
}

/**
 * The same where words and lists decide more than numbers do: all combinations of these with the first of each number, as far as they are at most
 * `most`, and then what stands for the whole space.
 */
export function tellingRepresentatives(space: Space, most: number): Configuration[] {
  const words = Object.fromEntries(
    Object.entries(space).map(([name, dimension]): [string, Dimension] => {
      const [first, ...others] = valuesToCheck(dimension).map(([, value]) => value);
      if (first === undefined || [first, ...others].some((value) => typeof value !== "number")) return [name, dimension];
      return [name, { type: "fixed", value: first, ...(dimension.when ? { when: dimension.when } : {}) }];
    }),
  );
  const found = new Map<string, Configuration>();
  for (const one of representatives(words, most)) found.set(JSON.stringify(one), one);
  for (const one of representatives(space, most)) found.set(JSON.stringify(one), one);
  return [...found.values()];
}
