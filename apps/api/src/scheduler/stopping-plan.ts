import { stepsOfRun, type AppliedParameters, type Issue, type Objective, type Stopping, type SweepSpec } from "@basin/contracts";
import { configurationOf, type ExperimentDefinition } from "@basin/problems";
import { findStoppingRule, type StoppingRule } from "@basin/search";

/** A stopping rule with all that its sweep says of it. */
export interface StoppingPlan {
  rule: StoppingRule;
  config: Stopping;
  metric: string;
  /** Steps, ascending. */
  rungs: number[];
}

/** Steps of the longest run of a space; null where the experiment does not say how long its runs are. */
export function longestRun(definition: ExperimentDefinition, space: SweepSpec["space"]): number | null {
  const greatest = Object.entries(space).flatMap(([name, dimension]): [string, number][] => {
    const values =
      dimension.type === "fixed" ? [dimension.value] : dimension.type === "choice" ? dimension.values : [dimension.max];
    const numbers = values.filter((value) => typeof value === "number");
    return numbers.length === 0 ? [] : [[name, Math.max(...numbers)]];
  });
  const parameters: AppliedParameters = { ...configurationOf(definition, {}), ...Object.fromEntries(greatest) };
  return stepsOfRun(definition.stepUnit, parameters);
}

/** The rule of a spec with its rungs, or what of it is not possible. Null without a rule. */
export function planStopping(
  definition: ExperimentDefinition,
  spec: Pick<SweepSpec, "space" | "stopping" | "initializations">,
  objective: Objective,
): { plan: StoppingPlan | null; issues: Issue[] } {
  const { stopping } = spec;
  if (!stopping) return { plan: null, issues: [] };
  const rule = findStoppingRule(stopping.rule);
  if (!rule) throw new Error(`there is no stopping rule "${stopping.rule}" in this version of Basin`);
  const issues: Issue[] = [];
  const at = (field: string, message: string, hint: string): void =>
    void issues.push({ path: `stopping.${field}`, message, hint });
  if (spec.initializations)
    at(
      "rule",
      "a race and a stopping rule are not for one sweep: a race compares what runs measure at their ends",
      "leave one of them out",
    );
  for (const { field, message, hint } of rule.check?.(stopping) ?? []) at(field, message, hint);
  const series = definition.metrics.filter((metric) => metric.series).map(({ name }) => name);
  const metric = stopping.metric ?? (series.includes(objective.metric) ? objective.metric : null);
  if (metric === null)
    at(
      "metric",
      `is missing: the objective ${objective.metric} is known at the end of a run only`,
      `name a series: ${series.join(", ")}`,
    );
  else if (!series.includes(metric))
    at("metric", `${metric} is not reported while training`, `name a series: ${series.join(", ")}`);
  const lastStep = longestRun(definition, spec.space);
  const rungs = stopping.rungs ? [...stopping.rungs] : lastStep === null ? [] : rule.rungs(stopping, lastStep);
  if (stopping.rungs) {
    for (const [i, step] of rungs.entries()) {
      const before = rungs[i - 1];
      if (before !== undefined && step <= before)
        at(`rungs[${i}]`, `is ${step}, after ${before}`, "list them ascending, each once");
      else if (lastStep !== null && step >= lastStep)
        at(
          `rungs[${i}]`,
          `is ${step}, and the longest run has ${lastStep} ${definition.stepUnit}s`,
          `list steps below ${lastStep}`,
        );
    }
  } else if (rungs.length === 0) {
    const why =
      lastStep === null
        ? "the experiment does not say how long its runs are"
        : `a run of ${lastStep} ${definition.stepUnit}s has no rung`;
    at("rungs", `are missing: ${why}`, "list the steps at which runs report");
  }
  const direction = metric === objective.metric ? objective.direction : stopping.direction;
  return issues.length > 0 || metric === null
    ? { plan: null, issues }
    : { plan: { rule, config: { ...stopping, direction }, metric, rungs }, issues };
}
