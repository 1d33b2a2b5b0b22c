import { seriesStyle } from "../palette";
import { baseLayout, dimensionless, type Drawing, plain, plotlyAxis, type Canvas, type Trace } from "./drawing";
import { axisNames, layPanels, panelTitle } from "./panels";

/** Coefficients of one term over the steps of training, of several runs; null where the term is pruned. */
export interface TermPaths {
  term: string;
  runs: readonly {
    id: string;
    seed: number;
    /** Whether the run met the success criterion; null: there is none. */
    met: boolean | null;
    steps: readonly number[];
    values: readonly (number | null)[];
  }[];
}

/** Looks of runs that met the criterion, that did not, and that have none. */
const lookOf = (met: boolean | null): number => (met === null ? 0 : met ? 2 : 1);
const nameOf = (met: boolean | null): string => (met === null ? "run" : met ? "met the criterion" : "did not");

/** CSS pixels from the panels to the legend: the titles of the first row stand between them. */
const aboveTitles = 26;

/** One panel per term with a line per run: a line ends where its term is pruned. Runs are told apart by their outcome. */
export function termPathsDrawing(terms: readonly TermPaths[], { scheme, width }: Canvas): Drawing | null {
  const drawn = terms.filter(({ runs }) => runs.some(({ values }) => values.some((value) => value !== null)));
  if (drawn.length === 0) return null;
  const panels = layPanels(drawn.length, width, { least: 280, each: 190, gapX: 56, gapY: 78, margins: { x: 82, y: 104 } });
  const axes: Record<string, unknown> = {};
  // The margins have room for five numbers an axis: making room for what was drawn would draw every panel twice.
  const axis = (label: string) => ({ ...plotlyAxis(dimensionless(label), scheme), automargin: false, nticks: 5 });
  const named = new Set<string>();
  const traces = drawn.flatMap(({ term, runs }, i): Trace[] => {
    const [names, place] = [axisNames(i), panels.at(i)];
    axes[names.xaxis] = { ...axis("step"), domain: place.x, anchor: names.y };
    axes[names.yaxis] = { ...axis(""), domain: place.y, anchor: names.x };
    // The runs of one outcome are one trace with gaps between them: a trace each would take a second to lay out.
    return [true, false, null].flatMap((met): Trace[] => {
      const own = runs.filter((run) => run.met === met);
      if (own.length === 0) return [];
      const outcome = nameOf(met);
      const first = !named.has(outcome);
      named.add(outcome);
      const points = own.flatMap(({ id, seed, steps, values }) => [
        ...steps.map((step, at) => ({ id, seed, step, value: values[at] ?? null })),
        { id, seed, step: null, value: null },
      ]);
      return [
        {
          type: "scatter",
          mode: "lines+markers",
          name: outcome,
          legendgroup: outcome,
          showlegend: first,
          x: points.map(({ step }) => step),
          y: points.map(({ value }) => value),
          xaxis: names.x,
          yaxis: names.y,
          customdata: points.map(({ id }) => id),
          text: points.map(({ seed }) => `seed ${seed}`),
          line: { color: seriesStyle(lookOf(met)).color[scheme], width: 1.4, dash: met === false ? "4px,2px" : "solid" },
          marker: { size: 3.5 },
          opacity: 0.85,
          hovertemplate: `%{text}, step %{x}<br>${plain(term)}: %{y:.4~g}<extra></extra>`,
        },
      ];
    });
  });
  const margin = { l: 60, r: 22, t: named.size > 1 ? 60 : 34, b: 52 };
  const seeds = new Set(drawn.flatMap(({ runs }) => runs.map(({ id }) => id))).size;
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, {
      ...axes,
      showlegend: named.size > 1,
      legend: { orientation: "h", x: 0, y: 1 + aboveTitles / (panels.height - margin.t - margin.b), yanchor: "bottom" },
      margin,
      annotations: drawn.map(({ term }, i) => panelTitle(term, panels.at(i), scheme)),
    }),
    height: panels.height,
    summary: `Coefficients of ${drawn.map(({ term }) => term).join(", ")} over training for ${seeds} runs.`,
    table: () => ({
      columns: ["term", "run", "seed", "step", "coefficient"],
      rows: drawn.flatMap(({ term, runs }) =>
        runs.flatMap(({ id, seed, steps, values }) => steps.map((step, i) => [term, id, seed, step, values[i] ?? null])),
      ),
    }),
  };
}
