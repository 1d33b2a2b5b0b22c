import { useState } from "react";
import { loadedLater } from "../loaded-later";
import type { Drawing } from "./drawing";
import css from "./plots.module.css";

const dialog = loadedLater(() => import("./figure-dialog").then((module) => module.default));

export interface FigureButtonProps {
  title: string;
  caption: string;
  /** The drawing on white for a width in CSS pixels; keep it stable while its data stays. */
  draw: (width: number) => Drawing | null;
}

/** Opens what makes a figure for a paper of a drawing; its code is loaded then. */
export function FigureButton(props: FigureButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={css.button}
        aria-label={`Figure of ${props.title}`}
        title="A figure for a paper: PDF, SVG or PNG"
        onPointerEnter={dialog.preload}
        onFocus={dialog.preload}
        onClick={() => setOpen(true)}
      >
        Figure …
      </button>
      {open && <dialog.Content given={{ ...props, onClose: () => setOpen(false) }} waiting={null} />}
    </>
  );
}
