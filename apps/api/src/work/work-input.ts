import { closestName, type BodyOf, type Issue, type MetricDescriptor } from "@basin/contracts";
import type { Chunk } from "@basin/database";
import { findExperiment, type ExperimentDefinition } from "@basin/problems";
import { InputError } from "../http/request-errors";
import { faultOf } from "../ingest/decode-chunks";

type Report = BodyOf<"reportWork">;

/** At most so many issues of a report are told. */
const mostTold = 20;

function undeclared(what: string, name: string, known: readonly string[], path: string, ref: string): Issue {
  const near = closestName(name, known);
  const there = known.length === 0 ? "it declares none" : `it declares ${known.slice(0, 40).join(", ")}`;
  return {
    path,
    message: `${ref} declares no ${what} "${name}"`,
    hint: `${near === null ? "" : `did you mean "${near}"? `}${there}`,
  };
}

/** What a worker reports, in numbers. Throws InputError for what its experiment does not declare, and for chunks that are none. */
export function checkReport({ chunks, results }: Report, ref: string): { chunks: Omit<Chunk, "trainer">[] } {
  const definition = findExperiment(ref);
  if (!definition) throw new InputError([{ path: "experiment", message: `there is no experiment ${ref}` }]);
  const issues = [...chunkIssues(chunks, definition, ref), ...resultIssues(results, definition, ref)];
  if (issues.length > 0) throw new InputError(issues.slice(0, mostTold));
  return {
    chunks: chunks.map(({ steps, values, ...chunk }) => ({
      ...chunk,
      steps: Int32Array.from(steps),
      values: Float64Array.from(values),
    })),
  };
}

function namesOf(metrics: readonly MetricDescriptor[], kind: "series" | "final"): string[] {
  return metrics.filter((metric) => metric[kind]).map(({ name }) => name);
}

function chunkIssues(chunks: Report["chunks"], { metrics }: ExperimentDefinition, ref: string): Issue[] {
  const series = namesOf(metrics, "series");
  const known = new Set(series);
  const issues: Issue[] = [];
  for (const [i, { run, metric, chunk, steps, values }] of chunks.entries()) {
    if (!known.has(metric)) issues.push(undeclared("series", metric, series, `chunks[${i}].metric`, ref));
    const fault = faultOf(Int32Array.from(steps), Float64Array.from(values));
    if (fault !== null) issues.push({ path: `chunks[${i}]`, message: `${metric} of ${run}, chunk ${chunk}: ${fault}` });
    if (issues.length >= mostTold) break;
  }
  return issues;
}

function resultIssues(results: Report["results"], definition: ExperimentDefinition, ref: string): Issue[] {
  const finals = namesOf(definition.metrics, "final");
  const labels = definition.problem.kind === "external" ? definition.problem.labels : [];
  const issues: Issue[] = [];
  for (const [i, { run, outcome, metrics, labels: told }] of results.entries()) {
    for (const name of Object.keys(metrics))
      if (!finals.includes(name)) issues.push(undeclared("final metric", name, finals, `results[${i}].metrics.${name}`, ref));
    for (const name of Object.keys(told))
      if (!labels.includes(name)) issues.push(undeclared("label", name, labels, `results[${i}].labels.${name}`, ref));
    const { metric } = definition.objective;
    if (outcome === "succeeded" && !Number.isFinite(metrics[metric] ?? Number.NaN))
      issues.push({
        path: `results[${i}].metrics.${metric}`,
        message: `${run} is said to have succeeded without a finite ${metric}, the objective of ${ref}`,
        hint: `report ${metric}, or the outcome diverged or failed with a reason`,
      });
    if (issues.length >= mostTold) break;
  }
  return issues;
}
