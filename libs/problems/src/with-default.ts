import type { z } from "zod";

/**
 * A parameter of a family with another default for one experiment. What is said of it (title, unit, description, what the form suggests)
 * stays, but for what `meta` replaces; a key given as undefined goes.
 */
export function withDefault<T extends z.ZodType>(
  parameter: z.ZodDefault<T>,
  value: z.core.util.NoUndefined<z.output<T>>,
  meta: z.core.GlobalMeta = {},
): z.ZodDefault<T> {
  const said = Object.entries({ ...parameter.meta(), ...meta }).filter(([, text]) => text !== undefined);
  return parameter.unwrap().default(value).meta(Object.fromEntries(said));
}
