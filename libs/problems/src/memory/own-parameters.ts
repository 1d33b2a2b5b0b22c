import type { Configuration } from "@basin/contracts";
import type { z } from "zod";

/** A family's own parameters out of a configuration, which also holds the problem's. */
export function ownParameters<S extends z.ZodObject>(schema: S, parameters: Configuration): z.infer<S> {
  const own = Object.entries(parameters).filter(([name]) => name in schema.shape);
  return schema.parse(Object.fromEntries(own));
}
