import { messageOf } from "@basin/contracts";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Drawing } from "./drawing";
import { type FigureChoices, figureLabels, figurePng, figureSvg, legendHeight, legendRows, svgBlob } from "./figure";
import { figurePdf } from "./figure-pdf";
import css from "./figure.module.css";
import { fileName, saveFile } from "./save-file";

export interface FigureDialogProps {
  /** Names the file. */
  title: string;
  /** The drawing on white for this width in CSS pixels. */
  draw: (width: number) => Drawing | null;
  /** What the figure shows: how many runs, which centre, which band. */
  caption: string;
  onClose: () => void;
}

const formats = ["pdf", "svg", "png"] as const;
type Format = (typeof formats)[number];

/** Columns of common journals, in millimetres. */
const widths = [
  { value: 80, label: "one column" },
  { value: 120, label: "one and a half" },
  { value: 170, label: "two columns" },
];

/** What drawings are laid out for on the screen. */
const laidOut = 640;
const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** A figure for a paper: size, text and names, seen as it will be, saved in one of three formats that are the same drawing. */
export default function FigureDialog({ title, draw, caption, onClose }: FigureDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const drawing = useMemo(() => draw(laidOut), [draw]);
  const labels = useMemo(() => (drawing ? figureLabels(drawing) : { axes: [], names: [] }), [drawing]);
  const [choices, setChoices] = useState<FigureChoices>(() => ({
    width: 80,
    height: Math.round(
      80 * within((drawing?.height ?? 400) / laidOut, 0.5, 1.1) + legendHeight(legendRows(labels.names, 80, 8), 8),
    ),
    points: 8,
    title: "",
    axes: Object.fromEntries(labels.axes),
    names: {},
  }));
  const [text, setText] = useState(caption);
  const [preview, setPreview] = useState<string | null>(null);
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    if (!drawing) return;
    let url: string | null = null;
    let left = false;
    const timer = setTimeout(() => {
      figureSvg(drawing, choices)
        .then((figure) => {
          if (left) return;
          url = URL.createObjectURL(svgBlob(figure));
          setPreview(url);
        })
        .catch((error: unknown) => setMessage(messageOf(error)));
    }, 150);
    return () => {
      left = true;
      clearTimeout(timer);
      const old = url;
      if (old !== null) setTimeout(() => URL.revokeObjectURL(old), 1000);
    };
  }, [drawing, choices]);
  if (!drawing) return null;
  const change = (part: Partial<FigureChoices>) => setChoices((before) => ({ ...before, ...part }));
  const save = async (format: Format) => {
    setBusy(true);
    try {
      const figure = await figureSvg(drawing, choices);
      const blob =
        format === "svg"
          ? svgBlob(figure)
          : format === "png"
            ? await figurePng(figure, choices)
            : await figurePdf(figure, choices);
      saveFile(`${fileName(title)}.${format}`, blob);
      setMessage(`Saved as ${format.toUpperCase()}.`);
    } catch (error) {
      setMessage(`Not saved: ${messageOf(error)}`);
    } finally {
      setBusy(false);
    }
  };
  const number = (name: "width" | "height" | "points", label: string, least: number, most: number) => (
    <label>
      {label}
      <input
        type="number"
        min={least}
        max={most}
        value={choices[name]}
        onChange={(event) => {
          const value = event.currentTarget.valueAsNumber;
          if (value >= least && value <= most) change({ [name]: value });
        }}
      />
    </label>
  );
  return (
    <dialog ref={dialog} className={css.dialog} aria-label={`Figure: ${title}`} onClose={onClose}>
      <div className={css.head}>
        <h2>Figure for a paper</h2>
        <button type="button" className={css.button} onClick={onClose}>
          Close
        </button>
      </div>
      <div className={css.columns}>
        <div className={css.fields}>
          <div className={css.row}>
            {number("width", "Width (mm)", 30, 400)}
            {number("height", "Height (mm)", 20, 400)}
            {number("points", "Text (pt)", 4, 24)}
          </div>
          <div className={css.row}>
            {widths.map(({ value, label }) => (
              <button
                key={value}
                type="button"
                className={css.button}
                aria-pressed={choices.width === value}
                onClick={() => change({ width: value, height: Math.round((choices.height * value) / choices.width) })}
              >
                {value} mm, {label}
              </button>
            ))}
          </div>
          <label>
            Title
            <input
              value={choices.title}
              placeholder="none: the caption says it"
              onChange={(event) => change({ title: event.currentTarget.value })}
            />
          </label>
          {labels.axes.map(([axis, own]) => (
            <label key={axis}>
              {axis.startsWith("x") ? "Horizontal axis" : "Vertical axis"}
              <input
                value={choices.axes[axis] ?? own}
                onChange={(event) => change({ axes: { ...choices.axes, [axis]: event.currentTarget.value } })}
              />
            </label>
          ))}
          {labels.names.slice(0, 12).map((name) => (
            <label key={name}>
              Legend: {name}
              <input
                value={choices.names[name] ?? name}
                onChange={(event) => change({ names: { ...choices.names, [name]: event.currentTarget.value } })}
              />
            </label>
          ))}
          <label>
            Caption
            <textarea rows={4} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          </label>
          <div className={css.row}>
            {formats.map((format) => (
              <button key={format} type="button" className={css.button} disabled={busy} onClick={() => void save(format)}>
                Save {format.toUpperCase()}
              </button>
            ))}
            <button
              type="button"
              className={css.button}
              onClick={() => void navigator.clipboard.writeText(text).then(() => setMessage("The caption is copied."))}
            >
              Copy caption
            </button>
          </div>
          <p className={css.message} role="status">
            {message}
          </p>
        </div>
        <div className={css.preview}>
          {preview === null ? (
            "Drawing …"
          ) : (
            <img src={preview} alt={`${title}, as it is printed`} style={{ width: `${choices.width}mm` }} />
          )}
        </div>
      </div>
    </dialog>
  );
}
