import { z } from "zod";

/** One thing that is wrong, where it is (`space.learningRate.values[1]`) and what would be right. */
export const Issue = z.object({ path: z.string(), message: z.string(), hint: z.string().optional() });
export type Issue = z.infer<typeof Issue>;

/** Body of every response with status ≥ 400. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.enum([
      "invalid",
      "malformed",
      "unauthorized",
      "forbidden",
      "not-found",
      "conflict",
      "too-large",
      "unsupported-media-type",
      "unavailable",
      "internal",
    ]),
    message: z.string(),
    issues: z.array(Issue),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Path segments as a person writes them: `space.learningRate.values[1]`. */
export function issuePath(path: readonly PropertyKey[]): string {
  return path
    .map((segment, i) => (typeof segment === "number" ? `[${segment}]` : i === 0 ? String(segment) : `.${String(segment)}`))
    .join("");
}

/** Issues of a zod error in the wire's form; unions are unfolded to the branch that fits best (fewest issues). */
export function issuesOf(error: z.ZodError): Issue[] {
  const walk = (issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]): Issue[] =>
    issues.flatMap((issue) => {
      const path = [...prefix, ...issue.path];
      if (issue.code === "invalid_union" && issue.errors.length > 0) {
        const best = [...issue.errors].sort((a, b) => a.length - b.length)[0];
        if (best && best.length > 0) return walk(best, path);
      }
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({ path: issuePath([...path, key]), message: `unknown field "${key}"` }));
      }
      return [{ path: issuePath(path), message: issue.message }];
    });
  return walk(error.issues, []);
}
