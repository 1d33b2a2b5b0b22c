import type { PlotOf } from "./drawing";

type Equation = PlotOf<"equation">;

const derivatives: Readonly<Record<string, string>> = { "\\dot": "d/dt ", "\\ddot": "d²/dt² " };

/** "\dot{z}_1" as "ż1"-like plain text: what a chart's labels can show. */
export const plainLatex = (latex: string): string =>
  latex
    .replace(/\\(?:ddot|dot|frac|left|right|mathrm|text|operatorname)\b/g, (command) => derivatives[command] ?? "")
    .replace(/\\([a-zA-Z]+)/g, "$1")
    .replace(/[{}$]/g, "")
    .replace(/_/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** Coefficients of one state over the steps of training: a term's line ends where it is pruned, and every pruning is marked. */
export function coefficientCurves(plot: Equation, rowIndex: number): PlotOf<"curve"> | null {
  const row = plot.rows[rowIndex];
  if (!row || row.history.length < 2) return null;
  const series = plot.terms.flatMap((term, at) => {
    if (!row.history.some(({ active }) => active[at])) return [];
    return [
      {
        name: term.text,
        x: row.history.map(({ step }) => step),
        y: row.history.map(({ coefficients, active }) => (active[at] ? (coefficients[at] ?? null) : null)),
        style: "line" as const,
      },
    ];
  });
  const marks = row.history.flatMap(({ step, active }, i) => {
    const before = row.history[i - 1];
    const gone = before ? before.active.filter((was, at) => was && !active[at]).length : 0;
    return gone === 0 ? [] : [{ x: step, label: `−${gone}` }];
  });
  return {
    kind: "curve",
    title: `Coefficients of ${plainLatex(row.name)}`,
    caption: marks.length > 0 ? "Dotted lines: prunings, with the number of terms that were removed." : "",
    x: { label: "step", unit: "", scale: "linear" },
    y: { label: "coefficient", unit: "", scale: "linear" },
    series,
    marks,
  };
}
