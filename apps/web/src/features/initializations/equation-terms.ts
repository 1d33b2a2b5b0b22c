import type { EquationTerms, PlotData } from "@basin/contracts";
import type { TermPaths } from "@basin/ui";

type Terms = Pick<EquationTerms, "runs" | "terms" | "equations">;
type HeatMap = Extract<PlotData, { kind: "heat-map" }>;

const outcome = (met: boolean | null): string => (met === null ? "" : met ? " ✓" : " ✗");

/** Seeds by terms: the coefficient, or null where the term is pruned. Terms that no run kept are left out; null: nothing to show. */
export function termHeatMap({ runs, terms }: Terms, equation: number): HeatMap | null {
  const kept = terms.flatMap((term, at) =>
    runs.some(({ active }) => active[equation]?.[at] ?? false) ? [{ name: term.text, at }] : [],
  );
  if (kept.length === 0 || runs.length === 0) return null;
  const several = new Set(runs.map(({ trialIndex }) => trialIndex)).size > 1;
  return {
    kind: "heat-map",
    title: "Coefficient by seed and term",
    caption: "",
    columns: kept.map(({ name }) => name),
    rows: runs.map(({ seed, met, trialIndex }) => `${several ? `trial ${trialIndex}, ` : ""}${seed}${outcome(met)}`),
    columnTitle: "term",
    rowTitle: "seed",
    value: { label: "coefficient", unit: "", scale: "linear" },
    z: runs.map(({ active, coefficients }) =>
      kept.map(({ at }) => (active[equation]?.[at] ? (coefficients[equation]?.[at] ?? null) : null)),
    ),
  };
}

/**
 * Coefficients over training of the terms that lasted longest (most runs and prunings in which they were active), at most
 * `limit`; `left`: terms that were active at some time and are not among them.
 */
export function termPaths({ runs, terms }: Terms, equation: number, limit = 9): { terms: TermPaths[]; left: number } {
  const lasting = terms
    .map((term, at) => ({
      term: term.text,
      at,
      kept: runs.reduce(
        (sum, { active, history }) =>
          sum +
          (active[equation]?.[at] ? 1000 : 0) +
          history.filter((each) => each.active[equation]?.[at] ?? false).length / Math.max(1, history.length),
        0,
      ),
    }))
    .filter(({ kept }) => kept > 0)
    .sort((a, b) => b.kept - a.kept || a.at - b.at);
  return {
    left: Math.max(0, lasting.length - limit),
    terms: lasting.slice(0, limit).map(({ term, at }) => ({
      term,
      runs: runs.map(({ run, seed, met, history }) => ({
        id: run,
        seed,
        met,
        steps: history.map(({ step }) => step),
        values: history.map((each) => (each.active[equation]?.[at] ? (each.coefficients[equation]?.[at] ?? null) : null)),
      })),
    })),
  };
}
