import type { Dimension, Issue, Space } from "@basin/contracts";
import { logarithm } from "@basin/numerics";
import { contains, dimensionsOf, gridSize } from "./dimension";
import { gridCells, maxParentValues } from "./grid-cells";

/** Below this, doubles lose digits. */
const leastMagnitude = 1e-290;
/** Two values of an axis closer than this (relative to the greatest) cannot be told from rounding errors. */
const leastSpacing = 1e-13;

/** What is wrong with a space whatever the algorithm: repeated choices, ranges too wide or steps too fine for doubles. */
export function checkSpace(space: Space): Issue[] {
  return dimensionsOf(space).flatMap(([name, dimension]) => [
    ...checkDimension(`space.${name}`, dimension),
    ...checkCondition(space, name, dimension),
  ]);
}

/** Several trials of a space in which nothing varies would be one configuration, trained again and again. */
export function checkVaries(space: Space, trials: number): Issue[] {
  if (trials === 1 || Object.values(space).some((dimension) => gridSize(dimension) !== 1)) return [];
  return [
    {
      path: "space",
      message: `nothing varies, so all ${trials} trials would be the same configuration`,
      hint: "add a parameter with a range or several values; to repeat one configuration from several initializations, use seeds",
    },
  ];
}

/** A condition reads a parameter of the space that has few values and does not depend on the one that asks. */
function checkCondition(space: Space, name: string, { when }: Dimension): Issue[] {
  if (!when) return [];
  const path = `space.${name}.when`;
  const parent = space[when.parameter];
  if (!parent) {
    const others = Object.keys(space).filter((other) => other !== name);
    return [
      {
        path: `${path}.parameter`,
        message: `"${when.parameter}" is not in the space`,
        hint: others.length === 0 ? `add it, e.g. as a choice` : `add it, or use one of ${others.join(", ")}`,
      },
    ];
  }
  const chain = [name];
  for (let at: string | undefined = when.parameter; at !== undefined; at = space[at]?.when?.parameter) {
    if (chain.includes(at)) {
      const circle = [...chain, at].join(" → ");
      return [{ path: `${path}.parameter`, message: `the conditions go in a circle: ${circle}`, hint: "remove one of them" }];
    }
    chain.push(at);
  }
  const size = gridSize(parent);
  if (size === null || size > maxParentValues) {
    return [
      {
        path: `${path}.parameter`,
        message: `"${when.parameter}" has ${size ?? "uncountably many"} values; a condition can read at most ${maxParentValues}`,
        hint: "list the values of that parameter as a choice",
      },
    ];
  }
  return when.in.flatMap((value, i) =>
    contains(parent, value)
      ? []
      : [
          {
            path: `${path}.in[${i}]`,
            message: `"${when.parameter}" never has the value ${JSON.stringify(value)} in this space`,
            hint: "use values that it can have",
          },
        ],
  );
}

function checkDimension(path: string, dimension: Dimension): Issue[] {
  switch (dimension.type) {
    case "fixed":
      return [];
    case "choice": {
      const seen = new Map<string, number>();
      return dimension.values.flatMap((value, i) => {
        const key = JSON.stringify(value);
        const first = seen.get(key);
        if (first === undefined) seen.set(key, i);
        if (first === undefined) return [];
        return [
          { path: `${path}.values[${i}]`, message: `${key} is listed twice (first at [${first}])`, hint: "list each value once" },
        ];
      });
    }
    case "int":
      return Number.isSafeInteger(dimension.max - dimension.min) ? [] : [tooWide(path)];
    case "step": {
      const scale = Math.max(Math.abs(dimension.min), Math.abs(dimension.max), leastMagnitude);
      if (!Number.isFinite(dimension.max - dimension.min)) return [tooWide(path)];
      if (dimension.max === dimension.min || dimension.step >= scale * leastSpacing) return [];
      return [
        {
          path: `${path}.step`,
          message: `a step of ${dimension.step} is lost in rounding at values near ${scale}`,
          hint: "use a greater step",
        },
      ];
    }
    case "float":
    case "log-float":
      return Number.isFinite(dimension.max - dimension.min) ? [] : [tooWide(path)];
  }
}

/** What a space that `checkSpace` accepts is warned of: a range whose step leads past its end at once, so that it is one value. */
export function spaceWarnings(space: Space): Issue[] {
  return dimensionsOf(space).flatMap(([name, dimension]) => {
    if (dimension.type !== "int" && dimension.type !== "step") return [];
    const { min, max, step } = dimension;
    if (min === max || gridSize(dimension) !== 1) return [];
    return [
      {
        path: `space.${name}.step`,
        message: `steps of ${step} lead past the end of the range ${min} to ${max} at once, so ${name} has the one value ${min}`,
        hint: `use smaller steps, or {"type": "fixed", "value": ${min}}`,
      },
    ];
  });
}

function tooWide(path: string): Issue {
  return { path: `${path}.max`, message: "the range is too wide to be computed with", hint: "bring min and max closer together" };
}

/** What keeps a space from being a grid: ranges without points, too few or too many of them, more than 2^53 cells. */
export function checkGrid(space: Space): Issue[] {
  const dimensions = dimensionsOf(space);
  const issues = dimensions.flatMap(([name, dimension]) => checkPoints(`space.${name}.points`, dimension));
  if (issues.length > 0) return issues;
  const cells = gridCells(space).count;
  if (cells <= Number.MAX_SAFE_INTEGER) return [];
  return [
    {
      path: "space",
      message: `the grid has about ${cells.toExponential(1)} cells; at most ${Number.MAX_SAFE_INTEGER} can be numbered`,
      hint: 'use fewer points, or search it with {"algorithm": "random", "config": {"trials": …}}',
    },
  ];
}

function checkPoints(path: string, dimension: Dimension): Issue[] {
  if (dimension.type !== "float" && dimension.type !== "log-float") return [];
  const { type, min, max, points } = dimension;
  if (min === max) return [];
  if (points === undefined) {
    return [
      {
        path,
        message: `a grid needs to know how many values to take from the range ${min} to ${max}`,
        hint: `add "points": 5 (or another number), list the values as a choice, or search with the algorithm "random"`,
      },
    ];
  }
  if (points < 2) {
    return [
      {
        path,
        message: `${points} point cannot include both ends, ${min} and ${max}`,
        hint: 'use at least 2 points, or {"type": "fixed", "value": …}',
      },
    ];
  }
  const spacing =
    type === "float"
      ? (max - min) / Math.max(Math.abs(min), Math.abs(max), leastMagnitude)
      : min < leastMagnitude
        ? 0
        : logarithm(max) - logarithm(min);
  if (spacing / (points - 1) >= leastSpacing) return [];
  return [
    {
      path,
      message: `${points} values between ${min} and ${max} cannot be told apart in double precision`,
      hint: "use fewer points",
    },
  ];
}
