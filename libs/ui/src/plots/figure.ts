import type { Drawing, Trace } from "./drawing";
import { plain } from "./drawing";
import { loadPlotly } from "./plotly-loader";

/** What of a drawing a person may say for print. */
export interface FigureChoices {
  /** Millimetres. */
  width: number;
  height: number;
  /** Of numbers, names and legend, in points (1/72 inch). */
  points: number;
  /** Empty: none, since the caption says it. */
  title: string;
  /** Names of axes, by the axis (`xaxis`, `yaxis2`). */
  axes: Readonly<Record<string, string>>;
  /** Names in the legend, by the name in the drawing. */
  names: Readonly<Record<string, string>>;
}

const millimetresPerInch = 25.4;
/** CSS pixels. */
export const pixelsOf = (millimetres: number): number => (millimetres * 96) / millimetresPerInch;
/** What a drawing's text has on the screen, in CSS pixels. */
const screenText = 12;
/** Pixels per inch of a raster picture. */
const printDensity = 300;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A font that every format has, so that all of them are the same drawing. */
export const figureFont = "DejaVu Sans";
const fonts = `"${figureFont}", Verdana, sans-serif`;

/** Every length of text in a layout or trace times a factor, in the figure's font. */
function scaled(value: unknown, factor: number, key = ""): unknown {
  if (Array.isArray(value)) return value.length > 200 ? value : value.map((item: unknown) => scaled(item, factor, key));
  if (!isRecord(value)) return value;
  const isFont = key === "font" || key.endsWith("font");
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (isFont && name === "size" && typeof part === "number") return [name, part * factor];
      if (isFont && name === "family") return [name, fonts];
      if ((key === "line" && name === "width") || (key === "marker" && name === "size"))
        return [name, typeof part === "number" ? part * factor * (key === "line" ? 0.75 : 1) : part];
      return [name, scaled(part, factor, name)];
    }),
  );
}

const isAxis = (key: string): boolean => /^[xy]axis\d*$/.test(key);

const titleText = (axis: unknown): string => {
  const title = isRecord(axis) ? axis["title"] : undefined;
  const text = isRecord(title) ? title["text"] : undefined;
  return typeof text === "string" ? text : "";
};

/** The axes of a drawing that have a name, and the names in its legend. */
export function figureLabels({ layout, traces }: Pick<Drawing, "layout" | "traces">): {
  axes: [string, string][];
  names: string[];
} {
  const axes = Object.entries(layout).flatMap(([key, axis]): [string, string][] => {
    const text = isAxis(key) ? titleText(axis) : "";
    return text === "" ? [] : [[key, text]];
  });
  const shown = traces
    .filter(({ showlegend }) => showlegend !== false)
    .flatMap(({ name }) => (typeof name === "string" ? [name] : []));
  return { axes, names: layout["showlegend"] === false ? [] : [...new Set(shown)] };
}

/** A letter's mean width over the size of its text, in DejaVu Sans; beside each name stand a line and gaps. */
const letterWidth = 0.58;
const swatchWidth = 42;
const lineHeight = 1.55;

/** Rows that a legend of these names takes across a figure. */
export function legendRows(names: readonly string[], millimetres: number, points: number): number {
  if (names.length === 0) return 0;
  const text = (points * 96) / 72;
  const widest = Math.max(...names.map((name) => name.length)) * letterWidth * text + swatchWidth;
  return Math.ceil(names.length / Math.max(1, Math.floor((pixelsOf(millimetres) - 12) / widest)));
}

/** Millimetres that those rows take. */
export const legendHeight = (rows: number, points: number): number => (rows * lineHeight * points * millimetresPerInch) / 72;

/** A drawing (made for the light scheme) as it is printed: text in points, lines and room in proportion, names as they were chosen. */
export function printedFigure(
  drawing: Pick<Drawing, "layout" | "traces">,
  choices: FigureChoices,
): { traces: Trace[]; layout: Record<string, unknown> } {
  const text = (choices.points * 96) / 72;
  const factor = text / screenText;
  const layout = scaled(drawing.layout, factor) as Record<string, unknown>;
  const margin = isRecord(layout["margin"]) ? layout["margin"] : {};
  for (const [key, title] of Object.entries(choices.axes)) {
    const axis = layout[key];
    if (isRecord(axis))
      layout[key] = { ...axis, title: { ...(isRecord(axis["title"]) ? axis["title"] : {}), text: plain(title) } };
  }
  for (const [key, axis] of Object.entries(layout)) {
    if (!isAxis(key) || !isRecord(axis)) continue;
    layout[key] = { ...axis, linewidth: 0.75, gridwidth: 0.5, tickwidth: 0.75, ticklen: 3 };
  }
  const { names } = figureLabels(drawing);
  const shown = names.map((name) => choices.names[name] ?? name);
  const rows = legendRows(shown, choices.width, choices.points);
  const widest = Math.max(0, ...shown.map((name) => name.length)) * letterWidth * text;
  // The legend stands above the axes, below the title.
  const above = (choices.title === "" ? 4 : 1.8 * text) + rows * lineHeight * text;
  return {
    traces: drawing.traces.map((trace) => {
      const own = scaled(trace, factor) as Trace;
      const name = typeof trace["name"] === "string" ? choices.names[trace["name"]] : undefined;
      return { ...own, legendgroup: undefined, ...(name === undefined ? {} : { name: plain(name) }) };
    }),
    layout: {
      ...layout,
      autosize: false,
      width: pixelsOf(choices.width),
      height: pixelsOf(choices.height),
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      margin: Object.fromEntries(
        ["l", "r", "t", "b"].map((side) => {
          const given = margin[side];
          return [side, side === "t" ? above + 4 : typeof given === "number" ? given * factor * 0.7 : 0];
        }),
      ),
      legend: {
        ...(isRecord(layout["legend"]) ? layout["legend"] : {}),
        orientation: "h",
        x: 0,
        xref: "container",
        xanchor: "left",
        y: 1 - (choices.title === "" ? 0 : (1.8 * text) / pixelsOf(choices.height)),
        yref: "container",
        yanchor: "top",
        entrywidth: widest,
        entrywidthmode: "pixels",
        itemwidth: 30,
        tracegroupgap: 0,
        traceorder: "normal",
      },
      ...(choices.title === ""
        ? { title: undefined }
        : {
            title: {
              text: plain(choices.title),
              font: { size: text * 1.1, family: fonts },
              x: 0,
              xref: "container",
              y: 1,
              yanchor: "top",
              pad: { t: 4, l: 4 },
            },
          }),
    },
  };
}

/** The figure as SVG of its size in millimetres. Every other format is made from it. */
export async function figureSvg(drawing: Drawing, choices: FigureChoices): Promise<SVGSVGElement> {
  const plotly = await loadPlotly(drawing.bundle);
  const { traces, layout } = printedFigure(drawing, choices);
  const [width, height] = [pixelsOf(choices.width), pixelsOf(choices.height)];
  const url = await plotly.toImage({ data: traces, layout }, { format: "svg", width, height });
  const text = decodeURIComponent(url.slice(url.indexOf(",") + 1));
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!(root instanceof SVGSVGElement)) throw new Error("the plot could not be written as SVG");
  root.setAttribute("width", `${choices.width}mm`);
  root.setAttribute("height", `${choices.height}mm`);
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return root;
}

export const svgBlob = (figure: SVGSVGElement): Blob =>
  new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(figure)], {
    type: "image/svg+xml",
  });

/** The same as pixels, 300 per inch, which the file says. */
export async function figurePng(figure: SVGSVGElement, { width, height }: FigureChoices): Promise<Blob> {
  const url = URL.createObjectURL(svgBlob(figure));
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round((width / millimetresPerInch) * printDensity);
    canvas.height = Math.round((height / millimetresPerInch) * printDensity);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser offers no canvas to draw on");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("the plot could not be encoded as PNG");
    return new Blob([withDensity(new Uint8Array(await blob.arrayBuffer()), printDensity)], { type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as PNG has it (RFC 2083, appendix 15). */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (crcTable[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** A PNG that says how many of its pixels are an inch: a pHYs chunk behind the header (RFC 2083, 4.2.4.2), in pixels per metre. */
export function withDensity(png: Uint8Array, pixelsPerInch: number): Uint8Array<ArrayBuffer> {
  // Signature 8, header chunk 4 + 4 + 13 + 4.
  const at = 33;
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round((pixelsPerInch * 1000) / millimetresPerInch);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  view.setUint8(16, 1);
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const dense = new Uint8Array(png.length + chunk.length);
  dense.set(png.subarray(0, at));
  dense.set(chunk, at);
  dense.set(png.subarray(at), at + chunk.length);
  return dense;
}
