import type { Issue } from "@basin/contracts";
import { pathSegments } from "./spec-path";

export interface MatchedIssues {
  byField: ReadonlyMap<string, Issue[]>;
  /** Issues that belong to no field of the form; to be shown above it. */
  rest: Issue[];
}

/**
 * Puts each issue at the field whose path is the longest beginning of the issue's path. A path that begins with a parameter's
 * name is read as one below `space`, since rules across parameters speak of the configuration.
 */
export function matchIssues(issues: readonly Issue[], fields: readonly string[]): MatchedIssues {
  const known = new Map(fields.map((field) => [pathSegments(field).join("."), field]));
  const find = (segments: string[]): string | undefined => {
    for (let length = segments.length; length > 0; length -= 1) {
      const field = known.get(segments.slice(0, length).join("."));
      if (field !== undefined) return field;
    }
    return undefined;
  };
  const byField = new Map<string, Issue[]>();
  const rest: Issue[] = [];
  for (const issue of issues) {
    const segments = pathSegments(issue.path);
    const field = find(segments) ?? find(["space", ...segments]);
    if (field === undefined) rest.push(issue);
    else byField.set(field, [...(byField.get(field) ?? []), issue]);
  }
  return { byField, rest };
}

/** What to write beside a field; undefined when nothing is wrong there. */
export function issueText(matched: MatchedIssues, field: string): string | undefined {
  const issues = matched.byField.get(field);
  if (!issues) return undefined;
  return issues
    .map(({ path, message, hint }) => {
      const index = /\[(\d+)\]/.exec(path.slice(field.length))?.[1];
      const where = index === undefined ? "" : `value ${Number(index) + 1}: `;
      return `${where}${message}${hint === undefined ? "" : ` (${hint})`}`;
    })
    .join("; ");
}
