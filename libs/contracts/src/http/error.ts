import { z } from "zod";

/** One thing that is wrong, where it is (`space.learningRate.values[1]`) and what would be right. */
export const Issue = z.object({ path: z.string(), message: z.string(), hint: z.string().optional() }).meta({ id: "Issue" });
export type Issue = z.infer<typeof Issue>;

/** Body of every response with status ≥ 400. */
export const ErrorBody = z
  .object({
    error: z.object({
      code: z.enum([
        "invalid",
        "malformed",
        "unauthorized",
        "forbidden",
        "not-found",
        "method-not-allowed",
        "timeout",
        "conflict",
        "key-reused",
        "too-many",
        "too-large",
        "unsupported-media-type",
        "unavailable",
        "internal",
      ]),
      message: z.string(),
      issues: z.array(Issue),
    }),
  })
  .meta({ id: "Error" });
export type ErrorBody = z.infer<typeof ErrorBody>;
