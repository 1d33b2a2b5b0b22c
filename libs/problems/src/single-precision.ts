import type { ParameterValue } from "@basin/contracts";
import type { ExperimentDefinition } from "./experiment";
import type { ParameterShape } from "./parameter-shape";

/** Families that compute without tensors, in double precision. */
const doubleFamilies: readonly string[] = ["sindy", "descent", "diagnostic", "external"];

/** Whether numbers of a configuration meet tensors, whose numbers are float32. */
export function inSinglePrecision({ family }: ExperimentDefinition): boolean {
  return !doubleFamilies.includes(family);
}

/** What becomes of a number, allowed as it stands, that float32 makes into one that is not: 0, infinite, or on the wrong side of a bound. Null: nothing. */
export function singlePrecisionFault(shape: ParameterShape, value: ParameterValue): string | null {
  if (typeof value !== "number" || Number.isInteger(value)) return null;
  const single = Math.fround(value);
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = shape;
  if (single === 0) return "networks are trained in single precision, where it is 0 (the least number above 0 is 1.4e-45)";
  if (!Number.isFinite(single))
    return "networks are trained in single precision, where it is infinite (the greatest number is 3.4e38)";
  if (single <= exclusiveMinimum || single >= exclusiveMaximum)
    return `networks are trained in single precision, where it is ${single}`;
  return null;
}
