import { z } from "zod";
import { PoolName } from "./ids";
import { Dimension, type ParameterValue } from "./parameters";
import { SeedSpec, SweepSpec } from "./sweep";

/** A range that leaves it to the parameter whether it is searched as `int`, `float` or `log-float` (with `step`: as `int` or `step`). */
interface ShortRange {
  min: number;
  max: number;
  step?: number;
  points?: number;
}

/**
 * A dimension as a person may write it: whole, or short. A value alone is fixed; a list of values is a choice, unless the parameter takes a
 * list, which then is its value; a range or a list of values without a type gets the one that fits.
 */
export type DimensionRequest =
  | z.input<typeof Dimension>
  | ParameterValue
  | readonly ParameterValue[]
  | ShortRange
  | { value: ParameterValue }
  | { values: readonly ParameterValue[] };

const mostDimensions = 1000;

/** Counts before anything of a space is looked at. */
function countedDimensions(space: Record<string, DimensionRequest>, context: z.RefinementCtx): unknown {
  const count = isRecord(space) ? Object.keys(space).length : 0;
  if (count <= mostDimensions) return space;
  context.addIssue({ code: "custom", message: `may have at most ${mostDimensions} parameters, not ${count}` });
  return z.NEVER;
}

/** A dimension that says its type is whole, and its faults are told with all others of the request. */
function refineDimension(name: string, dimension: unknown, context: z.RefinementCtx): void {
  if (!isRecord(dimension) || !("type" in dimension)) return;
  const parsed = Dimension.safeParse(dimension);
  if (parsed.success) return;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: [name, ...issue.path] });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A `SweepSpec` as it is submitted: one that names no pool goes to that of its project. */
export const SubmittedSpec = SweepSpec.extend({
  pool: PoolName.optional().meta({ ...SweepSpec.shape.pool.meta(), "x-absent": "the project's" }),
});
export type SubmittedSpec = z.infer<typeof SubmittedSpec>;

/** What is sent to submit or preview a sweep: `SubmittedSpec`, in which dimensions and seeds may be short. `completeSpec` makes one of it. */
export const SweepRequest = SubmittedSpec.extend({
  space: z
    .preprocess(
      countedDimensions,
      z
        .record(
          z.string(),
          z
            .custom<DimensionRequest>(() => true)
            .meta({
              description:
                "a dimension, or short: a value (fixed), a list of values (choice, or the value of a parameter that takes a list), {min, max} (as the parameter suggests)",
              anyOf: [
                { $ref: "#/$defs/Dimension" },
                { $ref: "#/$defs/ParameterValue" },
                { type: "array", items: { $ref: "#/$defs/ParameterValue" } },
                { type: "object", properties: { min: { type: "number" }, max: { type: "number" } }, required: ["min", "max"] },
                { type: "object", properties: { values: { type: "array" } }, required: ["values"] },
                { type: "object", properties: { value: { $ref: "#/$defs/ParameterValue" } }, required: ["value"] },
              ],
            }),
        )
        .superRefine((space, context) => {
          for (const [name, dimension] of Object.entries(space)) refineDimension(name, dimension, context);
        }),
    )
    .default({}),
  seeds: z.preprocess(completeSeeds, SeedSpec).default({ count: 5, first: 0 }).describe("a number is a count, a list lists them"),
}).meta({ id: "SweepRequest" });
export type SweepRequest = z.infer<typeof SweepRequest>;

/** Seeds whose short forms are written out; what is none of them stays as it is, for `SeedSpec` to complain about. */
export function completeSeeds(seeds: unknown): unknown {
  if (typeof seeds === "number") return { count: seeds };
  return Array.isArray(seeds) ? { list: seeds as unknown[] } : seeds;
}

/** What is asked of a parameter to read its short forms: its JSON Schema as the catalogue has it. */
const Parameter = z.object({
  type: z.string().optional(),
  "x-suggest": z.object({ type: z.string() }).optional().catch(undefined),
});

/**
 * A space whose short dimensions are written out; what is none of the short forms stays as it is, for `Dimension` to complain about.
 * `parameters`: JSON Schemas by name.
 */
export function completeSpace(
  space: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const known = Object.hasOwn(parameters, name) ? Parameter.safeParse(parameters[name]).data : undefined;
      return [name, completeDimension(dimension, known ?? {})];
    }),
  );
}

function completeDimension(dimension: unknown, parameter: z.infer<typeof Parameter>): unknown {
  if (Array.isArray(dimension)) {
    const list = parameter.type === "array" && !dimension.some(Array.isArray);
    return list ? { type: "fixed", value: dimension } : { type: "choice", values: dimension };
  }
  if (!isRecord(dimension))
    return dimension === null || dimension === undefined ? dimension : { type: "fixed", value: dimension };
  if ("type" in dimension) return dimension;
  if ("value" in dimension) return { type: "fixed", ...dimension };
  if ("values" in dimension) return { type: "choice", ...dimension };
  if ("min" in dimension && "max" in dimension) return { type: rangeType(dimension, parameter), ...dimension };
  return dimension;
}

function rangeType(range: Record<string, unknown>, { type, "x-suggest": suggested }: z.infer<typeof Parameter>): string {
  if (type === "integer") return "int";
  if ("step" in range) return "step";
  return suggested?.type === "log-float" && Number(range["min"]) > 0 ? "log-float" : "float";
}
