import { useCallback } from "react";
import { exactNumber, formatNumber, missing } from "../format";
import type { Scheme } from "../palette";
import { coefficientCurves, plainLatex } from "./coefficient-curves";
import { curveDrawing } from "./curve-drawing";
import type { PlotOf, Canvas } from "./drawing";
import { DrawingPlot } from "./drawing-plot";
import { Formula } from "./formula";
import { PlotFrame } from "./plot-frame";
import css from "./plots.module.css";
import { fileName, saveFile } from "./save-file";

type Equation = PlotOf<"equation">;

/** A discovered law typeset beside the truth, its coefficients, and how they came about. */
export function EquationView({ plot, scheme, titled }: { plot: Equation; scheme: Scheme; titled?: boolean }) {
  const shown = plot.terms.flatMap((term, at) => (plot.rows.some((row) => row.active[at] ?? false) ? [{ term, at }] : []));
  const pruned = plot.terms.length - shown.length;
  return (
    <div className={css.stack}>
      <PlotFrame
        title={plot.title}
        caption={plot.caption}
        summary={`Equation: ${plot.text}${plot.truth ? `. Truth: ${plot.truth.text}` : ""}`}
        table={() => ({
          columns: ["left-hand side", "term", "coefficient", "active"],
          rows: plot.rows.flatMap((row) =>
            plot.terms.map((term, at) => [
              plainLatex(row.name),
              term.text,
              row.coefficients[at] ?? null,
              String(row.active[at] ?? false),
            ]),
          ),
        })}
        more={[
          {
            text: "as LaTeX",
            act: () => saveFile(`${fileName(plot.title)}.tex`, new Blob([`${plot.latex}\n`], { type: "application/x-tex" })),
          },
        ]}
        {...(titled === undefined ? {} : { titled })}
      >
        {() => (
          <div className={css.stack}>
            <div className={css.formulas}>
              <div className={css.formula} tabIndex={0} role="region" aria-label="Discovered law">
                <h4>Discovered</h4>
                <Formula latex={plot.latex} text={plot.text} display />
              </div>
              {plot.truth && (
                <div className={css.formula} tabIndex={0} role="region" aria-label="True law">
                  <h4>Truth</h4>
                  <Formula latex={plot.truth.latex} text={plot.truth.text} display />
                </div>
              )}
            </div>
            {shown.length > 0 && (
              <div className={css.scroll} tabIndex={0} role="region" aria-label={`${plot.title}: coefficients`}>
                <table className={css.table}>
                  <thead>
                    <tr>
                      <th scope="col">State</th>
                      {shown.map(({ term, at }) => (
                        <th key={at} scope="col" className={css.number}>
                          <Formula latex={term.latex} text={term.text} />
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {plot.rows.map((row) => (
                      <tr key={row.name}>
                        <th scope="row">
                          <Formula latex={row.name} text={plainLatex(row.name)} />
                        </th>
                        {shown.map(({ at }) => (
                          <td
                            key={at}
                            className={`${css.number ?? ""} ${row.active[at] ? "" : (css.off ?? "")}`}
                            title={exactNumber(row.coefficients[at])}
                          >
                            {row.active[at] ? formatNumber(row.coefficients[at]) : missing}
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {pruned > 0 && (
              <p className={css.message}>
                {pruned} of {plot.terms.length} candidate terms were pruned in every state.
              </p>
            )}
          </div>
        )}
      </PlotFrame>
      {plot.rows.map((row, i) => (
        <CoefficientChart key={row.name} plot={plot} row={i} scheme={scheme} />
      ))}
    </div>
  );
}

function CoefficientChart({ plot, row, scheme }: { plot: Equation; row: number; scheme: Scheme }) {
  const curves = coefficientCurves(plot, row);
  const draw = useCallback(
    (canvas: Canvas) => {
      const data = coefficientCurves(plot, row);
      return data && curveDrawing(data, canvas);
    },
    [plot, row],
  );
  return curves && <DrawingPlot title={curves.title} caption={curves.caption} scheme={scheme} draw={draw} />;
}
