import { z } from "zod";

/** The one shape that every command which measures or reproduces writes with `--json FILE`. */
export const Report = z.object({
  report: z.string(),
  version: z.literal(1),
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memoryBytes: z.number(),
    node: z.string(),
    backend: z.string(),
  }),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  figures: z.record(
    z.string(),
    z.object({
      value: z.number().nullable(),
      unit: z.string(),
      min: z.number().nullable(),
      max: z.number().nullable(),
      samples: z.int(),
    }),
  ),
  /** `met: null` means that the check could not be measured; `reason` says why. */
  checks: z.array(
    z.object({
      name: z.string(),
      want: z.string(),
      got: z.union([z.number(), z.string()]).nullable(),
      met: z.boolean().nullable(),
      reason: z.string().optional(),
    }),
  ),
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type Report = z.infer<typeof Report>;
