export const kindNames: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a set of fields",
  record: "a set of fields",
  null: "nothing (null)",
};

/** "a text", "a list", …: what a JSON value is. */
export function kindOf(value: unknown): string {
  if (value === null) return "nothing (null)";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isNaN(value) ? "not a number" : Number.isFinite(value) ? "a number" : "infinite";
  return kindNames[typeof value] ?? typeof value;
}
