import type { PackRun } from "@basin/engine";
import type { z } from "zod";

/** The parameters of a family, or of a part that several have, out of a run's configuration, which also holds others. Throws ZodError. */
export function ownParameters<S extends z.ZodObject>(schema: S, { parameters }: Pick<PackRun, "parameters">): z.output<S> {
  return schema.parse(Object.fromEntries(Object.entries(parameters).filter(([name]) => name in schema.shape)));
}
