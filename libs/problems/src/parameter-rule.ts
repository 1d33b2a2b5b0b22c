import type { Configuration, ParameterRule } from "@basin/contracts";

/** Whether a whole configuration is as a rule asks. */
export function holdsFor(rule: ParameterRule, configuration: Configuration): boolean {
  const value = configuration[rule.parameter];
  if ("is" in rule) return JSON.stringify(value) === JSON.stringify(rule.is);
  if ("isNot" in rule) return JSON.stringify(value) !== JSON.stringify(rule.isNot);
  return typeof value === "number" && ("atLeast" in rule ? value >= rule.atLeast : value <= rule.atMost);
}
