import { z } from "zod";
import { closestName } from "./closest-name";
import type { Issue } from "./http/error";
import { mostIssues } from "./long-list";
import { kindNames, kindOf } from "./value-kind";

/**
 * The sentences of everything that a schema refuses, for people: zod's own texts are for programmers. A schema's own message goes before
 * these. Each sentence says what the value must be and, where it helps, what it is; its subject is the path. Whoever tells issues imports
 * `issuesOf` from here, and so has the sentences; the dashboard, which shows what the server told, is spared them.
 */
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case "invalid_type":
      return typeWords(issue.expected, input);
    case "too_small":
      return `${least(issue.origin, issue.minimum, issue.inclusive ?? true)}${instead(input)}`;
    case "too_big":
      return `${most(issue.origin, issue.maximum, issue.inclusive ?? true)}${instead(input)}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}${instead(input)}`;
    case "invalid_value":
      return oneOf(issue.values.map(String), input);
    case "invalid_format":
      return formatWords(issue.format, input);
    case "unrecognized_keys":
      // One line for each key, which `issuesOf` takes apart.
      return issue.keys.map((key) => unknownField(key, fieldsOf(issue.inst))).join("\n");
    case "invalid_key":
      return issue.issues[0]?.message ?? "is no name that can be used here";
    case "invalid_union":
      return discriminatorWords(issue);
    default:
      return undefined;
  }
}

/** Of an unknown field, what there is instead. */
function unknownField(key: string, known: readonly string[]): string {
  const near = closestName(key, known);
  const there = known.length === 0 ? "" : `; there ${known.length === 1 ? "is" : "are"} ${known.slice(0, 40).join(", ")}`;
  return `unknown field "${key.slice(0, 80)}"${near === null ? "" : `; did you mean "${near}"?`}${near === null ? there : ""}`;
}

function typeWords(expected: string, input: unknown): string {
  const wanted = kindNames[expected] ?? `a value of type ${expected}`;
  if (input === undefined) return `is missing: it needs ${wanted}`;
  if (typeof input === "number" && !Number.isFinite(input)) return "must be a finite number";
  return `must be ${wanted}, not ${typeof input === "number" ? String(input) : kindOf(input)}`;
}

function least(origin: string, minimum: number | bigint, inclusive: boolean): string {
  if (origin === "string") return minimum === 1 ? "must not be empty" : `needs at least ${minimum} characters`;
  if (origin === "array" || origin === "set")
    return `needs at least ${Number(minimum) === 1 ? "one value" : `${minimum} values`}`;
  if (minimum === Number.MIN_SAFE_INTEGER) return "is too far below 0: whole numbers are exact down to -9007199254740991";
  return `must be ${inclusive ? "at least" : "greater than"} ${minimum}`;
}

function most(origin: string, maximum: number | bigint, inclusive: boolean): string {
  if (origin === "string") return `may have at most ${maximum} characters`;
  if (origin === "array" || origin === "set") return `may have at most ${maximum} values`;
  if (maximum === Number.MAX_SAFE_INTEGER) return "is too large: whole numbers are exact up to 9007199254740991";
  return `must be ${inclusive ? "at most" : "less than"} ${maximum}`;
}

/** What came in place of it, where that is short. */
function instead(input: unknown): string {
  if (typeof input === "number") return `, not ${input}`;
  if (typeof input === "string") return input === "" ? "" : `, not ${input.length}`;
  return Array.isArray(input) && input.length > 0 ? `, not ${input.length}` : "";
}

function oneOf(values: readonly string[], input: unknown): string {
  if (values.length === 1) return `must be ${values[0]}${input === undefined ? ": it is missing" : ""}`;
  const near = typeof input === "string" ? closestName(input, values) : null;
  const given = typeof input === "string" || typeof input === "number" ? `, not ${JSON.stringify(input).slice(0, 60)}` : "";
  return `must be one of ${values.join(", ")}${given}${near === null ? "" : `; did you mean ${JSON.stringify(near)}?`}`;
}

const exampleTime = "2030-01-31T18:00:00Z";

function formatWords(format: string, input: unknown): string | undefined {
  switch (format) {
    case "datetime": {
      const text = typeof input === "string" ? input.trim() : "";
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)) {
        const whole = text.length === 16 ? `${text}:00` : text;
        return `lacks a time zone: write ${whole}Z for UTC, or ${whole}+01:00`;
      }
      return `must be a date and time with its zone that exists, e.g. ${exampleTime} or 2030-01-31T18:00:00+01:00`;
    }
    case "hex":
      return "must have hexadecimal digits only (0-9, a-f)";
    case "regex":
      return "is not written as it must be";
    default:
      return undefined;
  }
}

function discriminatorWords(issue: z.core.$ZodRawIssue): string {
  if (!("discriminator" in issue) || typeof issue.discriminator !== "string") return "";
  const { discriminator, input } = issue;
  const options = optionsOf(issue);
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[discriminator] : undefined;
  if (given === undefined) return `is missing: it must be one of ${options.join(", ")}`;
  return oneOf(options, given);
}

function optionsOf(issue: z.core.$ZodRawIssue): string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

/** The fields that an object schema knows. */
function fieldsOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

z.config({ customError: sentenceOf });

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

/** Path segments as a person writes them: `space.learningRate.values[1]`. */
export function issuePath(path: readonly PropertyKey[]): string {
  return path
    .map((segment, i) => (typeof segment === "number" ? `[${segment}]` : i === 0 ? String(segment) : `.${String(segment)}`))
    .join("");
}

/** Issues of which only the first were kept, with a last one that says how many there are. */
export function withCount(told: readonly Issue[], count: number): Issue[] {
  const left = count - Math.min(told.length, mostIssues);
  const shown = told.slice(0, mostIssues);
  return left <= 0 ? shown : [...shown, { path: "", message: `and ${left} more things are wrong` }];
}
