import { useEffect, useRef, useState } from "react";
import { formatNumber } from "../format";
import { chartBackground, chartInk, type Scheme } from "../palette";
import type { PlotOf } from "./drawing";
import { greyPixels, greyValues } from "./image-pixels";
import { PlotFrame } from "./plot-frame";
import type { ImageFormat } from "./plotly-loader";
import css from "./plots.module.css";
import { fontFamily, plain } from "./drawing";

type Images = PlotOf<"image-grid">;

function paint(canvas: HTMLCanvasElement, plot: Images, base64: string): void {
  const context = canvas.getContext("2d");
  context?.putImageData(new ImageData(greyPixels(base64, plot.width, plot.height), plot.width, plot.height), 0, 0);
}

function GreyImage({ plot, base64, label }: { plot: Images; base64: string; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, plot, base64);
  }, [plot, base64]);
  return <canvas ref={canvas} width={plot.width} height={plot.height} role="img" aria-label={label} />;
}

/** All frames of all rows as one SVG whose pixels stay sharp. */
function svgOf(plot: Images, title: string, scheme: Scheme): string {
  const [across, left, top] = [Math.max(64, Math.min(120, plot.width * 4)), 120, 44];
  const down = (across * plot.height) / plot.width;
  const own = document.createElement("canvas");
  own.width = plot.width;
  own.height = plot.height;
  const cells = plot.rows.flatMap((row, r) => [
    `<text x="${left - 8}" y="${top + 20 + (r + 0.5) * (down + 6)}" text-anchor="end">${plain(row.name)}</text>`,
    ...row.frames.map((frame, f) => {
      paint(own, plot, frame);
      return `<image x="${left + f * (across + 6)}" y="${top + 20 + r * (down + 6)}" width="${across}" height="${down}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${own.toDataURL()}"/>`;
    }),
  ]);
  const names = plot.frames.map(
    (name, f) => `<text x="${left + (f + 0.5) * (across + 6)}" y="${top + 12}" text-anchor="middle">${plain(name)}</text>`,
  );
  const [width, height] = [left + plot.frames.length * (across + 6) + 8, top + 28 + plot.rows.length * (down + 6)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${plain(fontFamily).replaceAll('"', "'")}" font-size="12" fill="${chartInk[scheme]}"><rect width="${width}" height="${height}" fill="${chartBackground[scheme]}"/><text x="8" y="24" font-size="15">${plain(title)}</text>${names.join("")}${cells.join("")}</svg>`;
}

async function pictureOf(plot: Images, format: ImageFormat, scheme: Scheme): Promise<Blob> {
  const svg = new Blob([svgOf(plot, plot.title, scheme)], { type: "image/svg+xml" });
  if (format === "svg") return svg;
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be encoded"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Rows of grey images side by side, one frame at a time, with a slider and a play button. */
export function ImageGridView({ plot, scheme, titled }: { plot: Images; scheme: Scheme; titled?: boolean }) {
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const count = plot.frames.length;
  const at = Math.min(frame, Math.max(0, count - 1));
  useEffect(() => {
    if (!playing || count < 2) return;
    const timer = setInterval(() => setFrame((now) => (now + 1) % count), 250);
    return () => clearInterval(timer);
  }, [playing, count]);
  const name = plot.frames[at] ?? "";
  return (
    <PlotFrame
      title={plot.title}
      caption={plot.caption}
      summary={`Images of ${plot.width} by ${plot.height} pixels: ${plot.rows.map((row) => row.name).join(", ")}, ${count} frames; black is ${formatNumber(plot.range[0])}, white ${formatNumber(plot.range[1])}.`}
      table={() => ({
        columns: ["row", "frame", ...Array.from({ length: plot.width * plot.height }, (_, i) => `pixel ${i}`)],
        rows: plot.rows.flatMap((row) =>
          row.frames.map((each, i) => [row.name, plot.frames[i] ?? i, ...greyValues(each, plot.range)]),
        ),
      })}
      picture={(format) => pictureOf(plot, format, scheme)}
      {...(titled === undefined ? {} : { titled })}
    >
      {() => (
        <>
          <div className={css.images}>
            {plot.rows.map((row) => (
              <figure key={row.name} className={css.image}>
                <GreyImage plot={plot} base64={row.frames[at] ?? ""} label={`${row.name}, ${name}`} />
                <figcaption>{row.name}</figcaption>
              </figure>
            ))}
          </div>
          {count > 1 && (
            <div className={css.player}>
              <button type="button" className={css.button} aria-pressed={playing} onClick={() => setPlaying(!playing)}>
                {playing ? "Pause" : "Play"}
              </button>
              <input
                type="range"
                className={css.range}
                min={0}
                max={count - 1}
                value={at}
                aria-label="Frame"
                aria-valuetext={name}
                onChange={(event) => {
                  setPlaying(false);
                  setFrame(Number(event.currentTarget.value));
                }}
              />
              <span style={{ minWidth: "9em" }}>{name}</span>
            </div>
          )}
        </>
      )}
    </PlotFrame>
  );
}
