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

/** Path segments as a person writes them: `space.learningRate.values[1]`. */
export function issuePath(path: readonly PropertyKey[]): string {
  return path
    .map((segment, i) => (typeof segment === "number" ? `[${segment}]` : i === 0 ? String(segment) : `.${String(segment)}`))
    .join("");
}

/** As many are told of one thing that was sent. */
export const mostIssues = 100;

/**
 * Issues of a zod error in the wire's form, at most `mostIssues` and one more that says how many are left out. A union that has no sentence
 * of its own is unfolded to the branch that fits best: that knows the fields, and of these the one with the fewest issues.
 */
export function issuesOf(error: z.ZodError): Issue[] {
  const told: Issue[] = [];
  let count = 0;
  const tell = (path: readonly PropertyKey[], message: string): void => {
    count += 1;
    if (count <= mostIssues) told.push({ path: issuePath(path), message });
  };
  const walk = (issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]): void => {
    for (const issue of issues) {
      const path = [...prefix, ...issue.path];
      const best =
        issue.code === "invalid_union" && issue.message === ""
          ? [...issue.errors].sort((a, b) => strangeFields(a) - strangeFields(b) || a.length - b.length)[0]
          : undefined;
      if (best) walk(best, path);
      else if (issue.code === "unrecognized_keys") {
        const sentences = issue.message.split("\n");
        issue.keys.forEach((key, i) => tell([...path, key], sentences[i] ?? `unknown field "${key}"`));
      } else tell(path, issue.message === "" ? "cannot be used here" : issue.message);
    }
  };
  walk(error.issues, []);
  return withCount(told, count);
}

const strangeFields = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0), 0);

/** Issues of which only the first were kept, with a last one that says how many there are. */
export function withCount(told: readonly Issue[], count: number): Issue[] {
  const left = count - Math.min(told.length, mostIssues);
  const shown = told.slice(0, mostIssues);
  return left <= 0 ? shown : [...shown, { path: "", message: `and ${left} more things are wrong` }];
}
