import { isJson } from "../catalog/schema-fields";

type Json = Readonly<Record<string, unknown>>;

/** `space.learningRate.values[1]` → ["space", "learningRate", "values", "1"]. */
export const pathSegments = (path: string): string[] => path.split(/[.[\]]+/).filter((segment) => segment !== "");

/** What stands at the path; undefined: nothing. */
export function valueAt(root: unknown, path: string): unknown {
  let at = root;
  for (const segment of pathSegments(path)) {
    if (Array.isArray(at)) at = (at as readonly unknown[])[Number(segment)];
    else at = isJson(at) && Object.hasOwn(at, segment) ? at[segment] : undefined;
  }
  return at;
}

/** The same with another value at the path; undefined removes what is there. Objects on the way are made. */
export function withValue(root: Json, path: string, value: unknown): Json {
  const next = replaced(root, pathSegments(path), value);
  return isJson(next) ? next : root;
}

function replaced(at: unknown, [segment, ...rest]: readonly string[], value: unknown): unknown {
  if (segment === undefined) return value;
  if (Array.isArray(at))
    return (at as readonly unknown[]).map((item, i) => (String(i) === segment ? replaced(item, rest, value) : item));
  const { [segment]: before, ...others } = isJson(at) ? at : {};
  const next = replaced(before, rest, value);
  if (next === undefined) return others;
  return isJson(at) ? { ...at, [segment]: next } : { [segment]: next };
}
