import { type ReactNode, useEffect, useRef, useState } from "react";
import { type DataTable, tableToCsv } from "./data-table";
import { DataTableView } from "./data-table-view";
import type { ImageFormat } from "./plotly-loader";
import { FigureButton, type FigureButtonProps } from "./figure-button";
import css from "./plots.module.css";
import { fileName, saveFile } from "./save-file";
import { type SaveItem, SaveMenu } from "./save-menu";

export interface PlotFrameProps {
  title: string;
  caption?: string;
  /** One sentence for people who do not see the plot. */
  summary: string;
  table: () => DataTable;
  /** Of a drawing: what makes a figure for a paper of it. */
  figure?: FigureButtonProps;
  /** Makes a picture of what is no drawing; without either only the data can be saved. */
  picture?: (format: ImageFormat) => Promise<Blob>;
  /** Further things to save, after the pictures. */
  more?: readonly SaveItem[];
  /** Controls of this kind of plot, e.g. which layer is shown. */
  tools?: ReactNode;
  /** False: the title stands above already; it still names files. */
  titled?: boolean;
  /** `full`: the plot has the whole screen; `room`: its height in CSS pixels there. */
  children: (full: boolean, room: number) => ReactNode;
}

/** What surrounds every plot: name, caption, saving as picture or data, the whole screen, and the numbers as a table. */
export function PlotFrame(props: PlotFrameProps) {
  const { title, caption = "", summary, table, picture, figure, more = [], tools, titled = true, children } = props;
  const frame = useRef<HTMLElement>(null);
  const [full, setFull] = useState(false);
  const [reading, setReading] = useState(false);
  useEffect(() => {
    const changed = () => setFull(frame.current !== null && document.fullscreenElement === frame.current);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const save = (format: ImageFormat): SaveItem[] =>
    picture
      ? [{ text: `as ${format.toUpperCase()}`, act: async () => saveFile(`${fileName(title)}.${format}`, await picture(format)) }]
      : [];
  const items: SaveItem[] = [
    ...save("png"),
    ...save("svg"),
    ...more,
    { text: "data as CSV", act: () => saveFile(`${fileName(title)}.csv`, new Blob([tableToCsv(table())], { type: "text/csv" })) },
  ];
  return (
    <figure ref={frame} className={css.frame} aria-label={`${title}. ${summary}`}>
      <div className={css.head}>
        <span className={css.title}>{titled ? title : ""}</span>
        <div className={css.tools}>
          {tools}
          <button type="button" className={css.button} aria-pressed={reading} onClick={() => setReading(!reading)}>
            Data
          </button>
          <button
            type="button"
            className={css.button}
            aria-pressed={full}
            aria-label={full ? "Leave the full screen" : "Full screen"}
            title={full ? "Leave the full screen" : "Full screen"}
            onClick={() => void (full ? document.exitFullscreen() : frame.current?.requestFullscreen())}
          >
            <svg
              width="12"
              height="12"
              viewBox="0 0 12 12"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.6"
              aria-hidden="true"
            >
              <path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8" />
            </svg>
          </button>
          {figure && <FigureButton {...figure} />}
          <SaveMenu items={items} what={title} />
        </div>
      </div>
      {caption !== "" && <p className={css.caption}>{caption}</p>}
      {children(full, typeof window === "undefined" ? 600 : Math.max(320, window.innerHeight - 130))}
      {reading && <DataTableView table={table()} label={`${title}: data`} />}
    </figure>
  );
}
