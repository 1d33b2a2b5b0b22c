import type { PlotData } from "@basin/contracts";
import { useCallback, useState } from "react";
import type { Scheme } from "../palette";
import { DataTableView } from "./data-table-view";
import { EquationView } from "./equation-view";
import type { PlotOf, Space } from "./figure";
import { type DrawnKind, figureOfPlot, layerNames, withLayer } from "./figure-of-plot";
import { FigurePlot } from "./figure-plot";
import { ImageGridView } from "./image-grid-view";
import { PlotFrame } from "./plot-frame";
import css from "./plots.module.css";

export interface PlotViewProps {
  plot: PlotData;
  scheme: Scheme;
  /** False: the title stands above already. */
  titled?: boolean;
}

/** Any plot data, drawn as its kind asks. */
export function PlotView({ plot, scheme, titled }: PlotViewProps) {
  const heading = titled === undefined ? {} : { titled };
  switch (plot.kind) {
    case "image-grid":
      return <ImageGridView plot={plot} scheme={scheme} {...heading} />;
    case "equation":
      return <EquationView plot={plot} scheme={scheme} {...heading} />;
    case "table":
      return (
        <PlotFrame
          title={plot.title}
          caption={plot.caption}
          summary={`Table of ${plot.rows.length} rows with ${plot.columns.join(", ")}.`}
          table={() => plot}
          {...heading}
        >
          {() => <DataTableView table={plot} label={plot.title} />}
        </PlotFrame>
      );
    default:
      return <DrawnPlot plot={plot} scheme={scheme} {...heading} />;
  }
}

function DrawnPlot({ plot, scheme, titled }: { plot: PlotOf<DrawnKind>; scheme: Scheme; titled?: boolean }) {
  const [layer, setLayer] = useState<number | null>(null);
  const names = layerNames(plot);
  const draw = useCallback((space: Space) => figureOfPlot(withLayer(plot, layer), space), [plot, layer]);
  const button = (text: string, index: number | null) => (
    <button key={text} type="button" className={css.button} aria-pressed={layer === index} onClick={() => setLayer(index)}>
      {text}
    </button>
  );
  return (
    <FigurePlot
      title={plot.title}
      caption={plot.caption}
      scheme={scheme}
      draw={draw}
      {...(titled === undefined ? {} : { titled })}
      tools={
        names.length > 1 && (
          <div className={css.tools} role="group" aria-label={`${plot.title}: what is shown`}>
            {button("All", null)}
            {names.map((name, i) => button(name, i))}
          </div>
        )
      }
    />
  );
}
