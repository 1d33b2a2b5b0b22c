import { z } from "zod";

/** As many are told of one thing that was sent. */
export const mostIssues = 100;

/**
 * A list of up to many thousand values. Of one in which everything is wrong only the beginning is looked at, since nobody reads more than
 * `mostIssues` complaints and each takes longer to make than a thousand good values to check.
 */
export function longList<T extends z.ZodType>(item: T, { most, none }: { most: number; none: string }) {
  return z.preprocess((value: unknown, context): unknown => {
    if (!Array.isArray(value)) return value;
    const given: readonly unknown[] = value;
    if (given.length > most) {
      context.addIssue({ code: "custom", message: `may have at most ${most} values, not ${given.length}` });
      return z.NEVER;
    }
    let wrong = 0;
    for (let i = 0; i < given.length; i++)
      if (!item.safeParse(given[i]).success && (wrong += 1) > mostIssues) return given.slice(0, i + 1);
    return value;
  }, z.array(item).min(1, none).max(most));
}
