import { RunCondition, RunOutcome, type SuccessCriterion } from "@basin/contracts";
import { float8, int4, jsonb, text, timestamptz, type SqlType } from "../sql-types";
import type { Parameter } from "../statement";
import { appliedParameter } from "./applied-parameters";

/** How a field of a run is read, compared and sorted. `sql` is null for `index`, which every list is ordered by in the end. */
export interface RunFieldSql {
  sql: string | null;
  type: "float8" | "int" | "text" | "timestamptz" | "jsonb";
  /** Whether it needs the trial's row. */
  ofTrial: boolean;
}

/** The type of a field as a parameter, and as the value that a list is sorted by. */
export const fieldTypes: Record<RunFieldSql["type"], SqlType> = { float8, int: int4, text, timestamptz, jsonb: jsonb() };

/** What is not finite counts as missing. */
const finiteObjective = "nullif(nullif(nullif(r.objective, 'NaN'), 'Infinity'), '-Infinity')";

/** Of the newest attempt; the column says nothing before the first. */
export const runBuildSql = "(CASE WHEN r.attempt > 0 THEN coalesce(r.build, 'unversioned') END)";

const own: Record<string, RunFieldSql> = {
  index: { sql: null, type: "int", ofTrial: false },
  seed: { sql: "r.seed", type: "int", ofTrial: false },
  // As people and exports call it; the ledger's own word is `succeeded`.
  state: { sql: "(CASE r.state WHEN 'succeeded' THEN 'finished' ELSE r.state::text END)", type: "text", ofTrial: false },
  attempt: { sql: "r.attempt", type: "int", ofTrial: false },
  trainer: { sql: "r.trainer_id", type: "text", ofTrial: false },
  build: { sql: runBuildSql, type: "text", ofTrial: false },
  objective: { sql: finiteObjective, type: "float8", ofTrial: false },
  reason: { sql: "r.reason", type: "text", ofTrial: false },
  startedAt: { sql: "r.started_at", type: "timestamptz", ofTrial: false },
  finishedAt: { sql: "r.finished_at", type: "timestamptz", ofTrial: false },
};

const finalMetric = (key: string): string =>
  `(CASE jsonb_typeof(r.metrics -> ${key}) WHEN 'number' THEN (r.metrics ->> ${key})::float8 END)`;

/** The same as `outcomeOf` of `domain`. */
function outcomeSql(criterion: SuccessCriterion | null, parameter: Parameter): string {
  if (criterion === null) return "'none'::text";
  const bounds = criterion.all.map(
    ({ metric, op, value }) =>
      `coalesce(${finalMetric(`${parameter(text, metric)}::text`)} ${op} ${parameter(float8, value)}::float8, false)`,
  );
  return `(CASE WHEN r.state <> 'succeeded' THEN 'none' WHEN ${bounds.join(" AND ")} THEN 'met' ELSE 'missed' END)`;
}

/**
 * The field named `state`, `parameters.<name>`, `metrics.<name>` or `labels.<name>`. `criterion`: what decides the `outcome`. Throws RangeError
 * for another.
 */
export function runField(name: string, parameter: Parameter, criterion: SuccessCriterion | null = null): RunFieldSql {
  const [kind, rest] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
  if (kind === "parameters") return { sql: appliedParameter(`${parameter(text, rest)}::text`), type: "jsonb", ofTrial: true };
  if (kind === "metrics") {
    return { sql: finalMetric(`${parameter(text, rest)}::text`), type: "float8", ofTrial: false };
  }
  if (name === "outcome") return { sql: outcomeSql(criterion, parameter), type: "text", ofTrial: false };
  if (kind === "labels") return { sql: `(r.labels ->> ${parameter(text, rest)}::text)`, type: "text", ofTrial: false };
  const field = own[name];
  if (!field) throw new RangeError(`a run has no field "${name}"`);
  return field;
}

/** Whether a field of this type can be compared like that; null, or what would be right. */
export function conditionFault({ field, op, value }: RunCondition): string | null {
  const { type } = runField(field, () => "$1");
  if (op === "contains") return typeof value === "string" && value !== "" ? null : "contains needs a text";
  if (value === null) return op === "=" || op === "!=" ? null : `${op} cannot be held against null`;
  const number = typeof value === "number";
  const ordered = op !== "=" && op !== "!=";
  if (type === "jsonb") return ordered && !number ? `${op} needs a number` : null;
  if (type === "float8" || type === "int") return number ? null : `${field} is a number`;
  if (typeof value !== "string") return `${field} is a text`;
  if (field === "outcome" && !RunOutcome.safeParse(value).success)
    return `outcome is ${RunOutcome.options.join(", ").replace(/, ([^,]*)$/, " or $1")}`;
  if (type === "timestamptz")
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) ? null : `${field} is a time like 2026-01-31T12:00:00Z`;
  return ordered ? `${op} needs a number or a time` : null;
}

/** The condition in SQL; it was checked with `conditionFault`. */
export function conditionSql(
  { field, op, value: asked }: RunCondition,
  parameter: Parameter,
  criterion: SuccessCriterion | null = null,
): { sql: string; ofTrial: boolean } {
  const { sql, type, ofTrial } = runField(field, parameter, criterion);
  const value = field === "state" && asked === "succeeded" ? "finished" : asked;
  const expression = sql ?? "r.trial_index";
  if (op === "contains") {
    const part = type === "jsonb" ? `${expression} #>> '{}'` : `(${expression})::text`;
    return { sql: `strpos(lower(${part}), lower(${parameter<unknown>(text, value)}::text)) > 0`, ofTrial };
  }
  if (value === null) return { sql: `${expression} IS ${op === "=" ? "" : "NOT "}NULL`, ofTrial };
  const equal = op === "=" ? "IS NOT DISTINCT FROM" : op === "!=" ? "IS DISTINCT FROM" : null;
  if (type !== "jsonb") {
    const compared = type === "int" ? "float8" : type;
    return { sql: `${expression} ${equal ?? op} ${parameter(fieldTypes[compared], value)}::${compared}`, ofTrial };
  }
  if (equal) return { sql: `${expression} ${equal} ${parameter(jsonb(), JSON.stringify(value))}::jsonb`, ofTrial };
  return {
    sql: `CASE WHEN jsonb_typeof(${expression}) = 'number' THEN (${expression})::float8 ${op} ${parameter<unknown>(float8, value)}::float8 ELSE false END`,
    ofTrial,
  };
}

/** A field of every kind. */
export const everyRunField = [...Object.keys(own), "outcome", "parameters.p", "metrics.m", "labels.l"];

/** Every comparison of every field that `conditionFault` lets through. */
export function everyCondition(): RunCondition[] {
  const values = [null, 1, true, "2026-01-31T12:00:00Z", "met"];
  const conditions = everyRunField.flatMap((field) =>
    RunCondition.shape.op.options.flatMap((op) => values.map((value): RunCondition => ({ field, op, value }))),
  );
  return conditions.filter((condition) => conditionFault(condition) === null);
}
