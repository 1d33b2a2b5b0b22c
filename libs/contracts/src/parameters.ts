import { z } from "zod";
import { longList } from "./long-list";
import { kindOf } from "./value-kind";

const longestText = 1000;
const longestList = 256;
const longestItem = 200;

/** Why a JSON value is none that a parameter of any experiment could take. */
function valueWords(value: unknown): string {
  const what = "a value is a number, a text, true or false, or a list of numbers or of texts";
  if (typeof value === "string") return `may have at most ${longestText} characters, not ${value.length}`;
  if (typeof value === "number") return "must be a finite number";
  if (!Array.isArray(value)) return `must not be ${kindOf(value)}: ${what}`;
  const items: readonly unknown[] = value;
  if (items.length > longestList) return `may be a list of at most ${longestList} items, not ${items.length}`;
  const strange = items.find((item) => typeof item !== "number" && typeof item !== "string");
  if (strange !== undefined) return `must not be a list that holds ${kindOf(strange)}: ${what}`;
  if (items.some((item) => typeof item === "number" && !Number.isFinite(item))) return "must hold finite numbers only";
  if (items.every((item) => typeof item === "string")) return `may hold texts of at most ${longestItem} characters`;
  return `must not mix numbers and texts in a list: ${what}`;
}

/** A JSON value that a parameter of an experiment can take; arrays serve things like layer widths. */
export const ParameterValue = z
  .union(
    [
      z.number(),
      z.string().max(longestText),
      z.boolean(),
      z.array(z.number()).max(longestList),
      z.array(z.string().max(longestItem)).max(longestList),
    ],
    { error: ({ input }) => valueWords(input) },
  )
  .meta({ id: "ParameterValue" });
export type ParameterValue = z.infer<typeof ParameterValue>;

export const ParameterName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,63}$/, "a parameter name is camelCase, at most 64 characters");

/** One configuration: every parameter of the experiment with its value. */
export const Configuration = z.record(ParameterName, ParameterValue).meta({ id: "Configuration" });
export type Configuration = z.infer<typeof Configuration>;

/**
 * Parameters with their values as they apply: null where the condition of a dimension (`when`) does not hold. The run trains with the
 * experiment's default there, but nothing counts it as a value.
 */
export const AppliedParameters = z.record(ParameterName, ParameterValue.nullable());
export type AppliedParameters = z.infer<typeof AppliedParameters>;

/** The dimension applies only where another parameter of the space has one of these values; elsewhere the experiment's default stands. */
const Condition = z.strictObject({
  parameter: ParameterName,
  in: z.array(ParameterValue).min(1, "needs at least one value").max(100),
});
type Condition = z.infer<typeof Condition>;
const when = { when: Condition.optional() };

const bound = z.number({ error: "must be a finite number" });
const from = { title: "from" };
const to = { title: "to" };
const inSteps = { title: "in steps of" };
const points = z.int().min(1).max(1e12).optional().meta({ title: "points in a grid", "x-absent": "any" });
const ordered = { message: "max must be greater than or equal to min", path: ["max"] };

/** Every run of the sweep uses this one value. */
const FixedDimension = z.strictObject({ type: z.literal("fixed"), value: ParameterValue, ...when });
/** One of the listed values. Grid: each once, in the order given. Random: uniform. */
const ChoiceDimension = z.strictObject({
  type: z.literal("choice"),
  values: longList(ParameterValue, { most: 100_000, none: "needs at least one value" }),
  ...when,
});
/** An integer in [min, max], in steps of `step` from min. Grid: all of them. */
const IntDimension = z
  .strictObject({
    type: z.literal("int"),
    min: z.int().meta(from),
    max: z.int().meta(to),
    step: z.int().min(1).default(1).meta(inSteps),
    ...when,
  })
  .refine((d) => d.max >= d.min, ordered);
/** A real number, uniform in [min, max]. Grid: `points` values, equally spaced, both ends included. */
const FloatDimension = z
  .strictObject({ type: z.literal("float"), min: bound.meta(from), max: bound.meta(to), points, ...when })
  .refine((d) => d.max >= d.min, ordered);
/** A real number, log-uniform in [min, max], min > 0. Grid: `points` values, equally spaced in the logarithm. */
const LogFloatDimension = z
  .strictObject({
    type: z.literal("log-float"),
    min: bound.positive("must be greater than 0 on a logarithmic axis").meta(from),
    max: bound.meta(to),
    points,
    ...when,
  })
  .refine((d) => d.max >= d.min, ordered);
/** A real number min, min+step, min+2·step … ≤ max (with a tolerance of 1e-9 steps at the end). */
const StepDimension = z
  .strictObject({
    type: z.literal("step"),
    min: bound.meta(from),
    max: bound.meta(to),
    step: bound.positive("must be greater than 0").meta(inSteps),
    ...when,
  })
  .refine((d) => d.max >= d.min, ordered);

export const Dimension = z
  .discriminatedUnion("type", [FixedDimension, ChoiceDimension, IntDimension, FloatDimension, LogFloatDimension, StepDimension])
  .meta({ id: "Dimension" });
export type Dimension = z.infer<typeof Dimension>;

/** What is searched: parameter name → dimension. Parameters that are left out keep the experiment's default. */
export const Space = z.record(ParameterName, Dimension).meta({ id: "Space" });
export type Space = z.infer<typeof Space>;

/** Those of the values whose dimensions apply. */
export function applicable(space: Space, values: Configuration): Configuration {
  let kept = values;
  for (;;) {
    const next = Object.fromEntries(
      Object.entries(kept).filter(([name]) => {
        const dimension = space[name];
        return !dimension || applies(dimension, kept);
      }),
    );
    if (Object.keys(next).length === Object.keys(kept).length) return next;
    kept = next;
  }
}

/** Whether a dimension applies, given the values of the parameters it may depend on. */
export function applies(dimension: Dimension, parameters: Configuration): boolean {
  if (!dimension.when) return true;
  const value = JSON.stringify(parameters[dimension.when.parameter]);
  return dimension.when.in.some((listed) => JSON.stringify(listed) === value);
}
