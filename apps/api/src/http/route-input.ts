import { issuePath, issuesOf, type Issue, type Route } from "@basin/contracts";
import { InputError } from "./request-errors";

/** What came with a request, before it is checked. */
export interface RawInput {
  params: unknown;
  query: unknown;
  /** `undefined`: no body was sent. */
  body: unknown;
}

/** A null character, or half of a surrogate pair: PostgreSQL stores neither in text nor in JSON. */
const unstorable = /\u0000|[\uD800-\uDFFF]/u;

function unstorableTexts(value: unknown, path: readonly PropertyKey[]): Issue[] {
  if (typeof value === "string")
    return unstorable.test(value)
      ? [{ path: issuePath(path), message: "holds a null character or half a surrogate pair, which cannot be stored" }]
      : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => unstorableTexts(item, [...path, i]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...unstorableTexts(key, path),
    ...unstorableTexts(item, [...path, key]),
  ]);
}

/**
 * Checks a request against its route and fills defaults in. Throws InputError with every issue of path, query and body:
 * names of query parameters that the route does not know are refused too, so that a misspelt filter is never ignored.
 */
export function parseRouteInput(route: Route, raw: RawInput): { params?: unknown; query?: unknown; body?: unknown } {
  const issues: Issue[] = [];
  const input: { params?: unknown; query?: unknown; body?: unknown } = {};
  if (route.params) {
    const parsed = route.params.safeParse(raw.params ?? {});
    if (parsed.success) input.params = parsed.data;
    else issues.push(...issuesOf(parsed.error));
  }
  const query = typeof raw.query === "object" && raw.query !== null ? raw.query : {};
  const known = Object.keys(route.query?.shape ?? {});
  for (const key of Object.keys(query)) {
    if (known.includes(key)) continue;
    const hint = known.length > 0 ? `this route takes ${known.join(", ")}` : "this route takes none";
    issues.push({ path: key, message: `unknown query parameter "${key.slice(0, 80)}"`, hint });
  }
  if (route.query) {
    const parsed = route.query.safeParse(query);
    if (parsed.success) input.query = parsed.data;
    else issues.push(...issuesOf(parsed.error));
  }
  if (route.body) {
    const parsed = route.body.safeParse(raw.body);
    if (parsed.success) input.body = parsed.data;
    else if (raw.body === undefined)
      issues.push({
        path: "",
        message: "the request has no body",
        hint: "send a JSON object with content-type: application/json",
      });
    else issues.push(...issuesOf(parsed.error));
  }
  issues.push(...unstorableTexts(query, []), ...unstorableTexts(raw.body, []));
  if (issues.length > 0) throw new InputError(issues);
  return input;
}
