import {
  closestName,
  issuePath,
  issuesOf,
  type Issue,
  type Objective,
  type SearchAlgorithmDescriptor,
  type SweepSpec,
} from "@basin/contracts";
import { z } from "zod";
import { checkConstraints } from "./constraints";
import { findSearchAlgorithm, searchAlgorithms } from "./registry";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";

/** What the catalogue shows of an algorithm. */
export function describeSearchAlgorithm(algorithm: SearchAlgorithm): SearchAlgorithmDescriptor {
  const { id, version, title, summary } = algorithm;
  return { id, version, title, summary, config: z.toJSONSchema(algorithm.configSchema, { io: "input" }) };
}

/** A spec's algorithm with its input, ready for `init` and `next`. */
export interface OpenSearch {
  algorithm: SearchAlgorithm;
  input: SearchInput<unknown>;
}

/**
 * Finds the algorithm of a sweep spec, parses its config and checks both against the space. Issues, with paths from the spec's
 * root, instead of a search when something is wrong.
 */
export function openSearch(
  spec: Pick<SweepSpec, "space" | "search" | "constraints">,
  direction: Objective["direction"],
  others: readonly Objective["direction"][] = [],
): { search: OpenSearch; issues: [] } | { search: null; issues: Issue[] } {
  const algorithm = findSearchAlgorithm(spec.search.algorithm);
  if (!algorithm) {
    const ids = searchAlgorithms.map(({ id }) => id);
    const near = closestName(spec.search.algorithm, ids);
    return {
      search: null,
      issues: [
        {
          path: "search.algorithm",
          message: `there is no search algorithm "${spec.search.algorithm}"`,
          hint: `${near === null ? "" : `did you mean "${near}"? `}use one of ${ids.join(", ")}`,
        },
      ],
    };
  }
  const config = algorithm.configSchema.safeParse(spec.search.config);
  if (!config.success) {
    const prefix = issuePath(["search", "config"]);
    return {
      search: null,
      issues: issuesOf(config.error).map((issue) => ({ ...issue, path: issue.path === "" ? prefix : `${prefix}.${issue.path}` })),
    };
  }
  const input: SearchInput<unknown> = {
    space: spec.space,
    config: config.data,
    seed: spec.search.seed,
    direction,
    ...(others.length > 0 ? { others } : {}),
    ...(spec.constraints?.length ? { constraints: spec.constraints } : {}),
  };
  const most = algorithm.objectives ?? 1;
  if (1 + others.length > most) {
    const able = searchAlgorithms.flatMap(({ id, objectives = 1 }) => (objectives > others.length ? [id] : []));
    const message = `${algorithm.title} searches for ${most === 1 ? "one objective" : `${most} objectives at most`}, and there are ${1 + others.length}`;
    return { search: null, issues: [{ path: "objectives", message, hint: `use one of ${able.join(", ")}` }] };
  }
  const ofSpace = algorithm.check({ ...input, constraints: [] });
  // Constraints are looked at in a space that makes sense, and an algorithm's own checks with constraints that do.
  const ofConstraints = ofSpace.length > 0 ? [] : checkConstraints(input);
  const issues = ofSpace.length + ofConstraints.length > 0 ? [...ofSpace, ...ofConstraints] : algorithm.check(input);
  return issues.length > 0 ? { search: null, issues } : { search: { algorithm, input }, issues: [] };
}
