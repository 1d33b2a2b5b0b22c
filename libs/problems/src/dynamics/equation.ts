import type { PlotDataInput } from "@basin/contracts";
import type { Variable } from "./library";

/** What a law may be made of, as it is written. */
interface WrittenTerms {
  terms: readonly Variable[];
}

/** Coefficients of one law row by row: [terms, states], row-major; 0 where a term was pruned. */
export interface LawSnapshot {
  /** Where in the metric series it was taken. */
  block: number;
  coefficients: ArrayLike<number>;
}

/** "−0.992 sin z", "0" for a law without terms; three significant digits. */
function rightHandSide(
  library: WrittenTerms,
  coefficients: ArrayLike<number>,
  state: number,
  states: number,
  latex: boolean,
): string {
  const parts = library.terms.flatMap((term, k) => {
    const value = coefficients[k * states + state] ?? 0;
    if (value === 0) return [];
    const factor = latex ? term.latex : term.text;
    const size = Math.abs(value).toPrecision(3);
    return [{ negative: value < 0, text: factor === "1" ? size : `${size}${latex ? "\\," : " "}${factor}` }];
  });
  if (parts.length === 0) return "0";
  const minus = latex ? "-" : "−";
  return parts
    .map(({ negative, text }, i) => (i === 0 ? (negative ? minus : "") : negative ? ` ${minus} ` : " + ") + text)
    .join("");
}

/** All rows as text, separated by "; ", or as a LaTeX array. `left` names the left-hand sides. */
export function equations(
  library: WrittenTerms,
  coefficients: ArrayLike<number>,
  left: readonly Variable[],
): { text: string; latex: string } {
  const row = (state: number, latex: boolean): string => rightHandSide(library, coefficients, state, left.length, latex);
  const lines = left.map(({ latex }, state) => `${latex} = ${row(state, true)}`);
  return {
    text: left.map(({ text }, state) => `${text} = ${row(state, false)}`).join("; "),
    latex:
      lines.length === 1 ? (lines[0] ?? "") : `\\begin{aligned} ${lines.join(" \\\\ ").replaceAll(" = ", " &= ")} \\end{aligned}`,
  };
}

/**
 * The structure of a law: which terms are active, whatever their coefficients. "{sin z}", and with several rows each with its
 * left-hand side: "ẋ {x, y}; ẏ {x, y, x·z}". Runs with the same structure have the same text.
 */
export function structure(library: WrittenTerms, coefficients: ArrayLike<number>, left: readonly Variable[]): string {
  const active = (state: number): string =>
    `{${library.terms.flatMap(({ text }, k) => ((coefficients[k * left.length + state] ?? 0) === 0 ? [] : [text])).join(", ")}}`;
  return left.length === 1 ? active(0) : left.map(({ text }, state) => `${text} ${active(state)}`).join("; ");
}

/** The plot "equation": the final law, its rows, and the coefficients at every pruning. */
export function equationPlot(
  title: string,
  library: WrittenTerms,
  coefficients: ArrayLike<number>,
  left: readonly Variable[],
  history: readonly LawSnapshot[],
  truth: { text: string; latex: string } | null,
): PlotDataInput {
  const column = (all: ArrayLike<number>, state: number): number[] =>
    library.terms.map((_, k) => all[k * left.length + state] ?? 0);
  return {
    kind: "equation",
    title,
    ...equations(library, coefficients, left),
    truth,
    terms: library.terms.map(({ text, latex }) => ({ text, latex })),
    rows: left.map(({ latex }, state) => {
      const now = column(coefficients, state);
      return {
        name: latex,
        coefficients: now,
        active: now.map((value) => value !== 0),
        history: history.map(({ block, coefficients: then }) => {
          const values = column(then, state);
          return { step: block, coefficients: values, active: values.map((value) => value !== 0) };
        }),
      };
    }),
  };
}

/** The plot "coefficients": every term's coefficient against the block (or another unit), one line per term and state that was ever active. */
export function coefficientCurves(
  library: WrittenTerms,
  left: readonly Variable[],
  history: readonly LawSnapshot[],
  pruned: readonly number[],
  unit = "block",
): PlotDataInput {
  const states = left.length;
  const series = library.terms.flatMap((term, k) =>
    left.flatMap(({ text }, state) => {
      const y = history.map(({ coefficients }) => coefficients[k * states + state] ?? 0);
      if (y.every((value) => value === 0)) return [];
      return [
        {
          name: states === 1 ? term.text : `${text}: ${term.text}`,
          x: history.map(({ block }) => block),
          y,
          style: "line" as const,
        },
      ];
    }),
  );
  return {
    kind: "curve",
    title: "Coefficients",
    caption: "A term that was pruned stays at 0.",
    x: { label: unit },
    y: { label: "coefficient" },
    series,
    marks: pruned.map((x) => ({ x, label: "terms chosen" })),
  };
}
