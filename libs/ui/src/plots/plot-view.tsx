import type { PlotData } from "@basin/contracts";
import { useCallback, useState } from "react";
import type { Scheme } from "../palette";
import type { PlotOf, Canvas } from "./drawing";
import { DrawingPlot } from "./drawing-plot";
import { type DrawnKindName, drawingOfPlot, isDrawn, layerNames, viewOf, withLayer } from "./plot-kinds";
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
  if (isDrawn(plot)) return <DrawnPlot plot={plot} scheme={scheme} {...heading} />;
  const View = viewOf(plot.kind);
  return <View plot={plot} scheme={scheme} {...heading} />;
}

function DrawnPlot({ plot, scheme, titled }: { plot: PlotOf<DrawnKindName>; scheme: Scheme; titled?: boolean }) {
  const [layer, setLayer] = useState<number | null>(null);
  const names = layerNames(plot);
  const draw = useCallback((canvas: Canvas) => drawingOfPlot(withLayer(plot, layer), canvas), [plot, layer]);
  const button = (text: string, index: number | null) => (
    <button key={text} type="button" className={css.button} aria-pressed={layer === index} onClick={() => setLayer(index)}>
      {text}
    </button>
  );
  return (
    <DrawingPlot
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
